// One device: how it is in words, and the one step that may be taken here, setting live what has proven its chain.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { dayAndTime } from '../shell/clock'
import type { DeviceDetail, DeviceView } from '../wire/types'

interface Props {
  device: DeviceView
  /** Whether who looks may take steps with devices. */
  fits: boolean
  changed(device: DeviceDetail): void
}

export function DeviceRow({ device, fits, changed }: Props) {
  const { t, i18n } = useTranslation()
  const time = (at: string) => dayAndTime(Date.parse(at), i18n.language)
  const silent = device.health === 'late' || device.health === 'lost'
  return (
    <tr data-health={device.health}>
      <th scope="row">
        {device.id}
        <span className="calm">{device.model || device.kind}</span>
      </th>
      <td>{device.resident ?? device.home ?? t('devices.nobody')}</td>
      <td>
        {t(`device_state.${device.state}`)}
        {device.state === 'paired' && <span className="calm">{t('devices.waits_for_test')}</span>}
        {device.state === 'tested' && fits && <SetLive device={device} changed={changed} />}
      </td>
      <td>
        <span className="devices-health">{t(`device_health.${device.health}`)}</span>
        {device.faults.map((fault) => (
          <span key={fault.reason} className="devices-fault">
            {t(`reason.${fault.reason}`)}
          </span>
        ))}
        <span className="calm">
          {silent && device.silent_since
            ? t('devices.silent_since', { time: time(device.silent_since) })
            : device.last_seen_at
              ? t('devices.heard', { time: time(device.last_seen_at) })
              : t('devices.never_heard')}
        </span>
      </td>
      <td>{device.last_test_at ? time(device.last_test_at) : t('devices.never')}</td>
      <td>
        {t(`radio.${device.radio}`)}
        {device.network && <span className="calm">{device.network}</span>}
        {device.radio_ends_on && <span>{t('devices.radio_ends', { day: device.radio_ends_on })}</span>}
      </td>
    </tr>
  )
}

function SetLive({ device, changed }: Pick<Props, 'device' | 'changed'>) {
  const { t } = useTranslation()
  const [state, setState] = useState<'rest' | 'sent' | 'failed'>('rest')
  const set = async () => {
    setState('sent')
    try {
      changed(await ask<DeviceDetail>(`/api/v1/devices/${encodeURIComponent(device.id)}/live`, { method: 'POST' }))
    } catch {
      setState('failed')
    }
  }
  return (
    <>
      <Button
        className="switch"
        aria-label={`${t('devices.set_live')} ${device.id}`}
        isDisabled={state === 'sent'}
        onPress={() => void set()}
      >
        {t('devices.set_live')}
      </Button>
      {state === 'failed' && <span role="alert">{t('devices.not_set')}</span>}
    </>
  )
}
