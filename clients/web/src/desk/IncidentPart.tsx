// Which devices an incident is about, those that are still silent first, with whom they are for.
import { useTranslation } from 'react-i18next'
import { dayAndTime } from '../shell/clock'
import type { CaseView, IncidentDevice, IncidentDevices } from '../wire/types'
import { useFollowed } from './useAsked'

/** Devices come and go by the hundred: the list is asked for again at most this often. */
const PACE = 3000

export function IncidentPart({ view }: { view: CaseView }) {
  const { t } = useTranslation()
  const path = `/api/v1/cases/${encodeURIComponent(view.id)}/devices?limit=200`
  const asked = useFollowed<IncidentDevices>(view.incident ? path : null, view.version, PACE)
  if (!view.incident) return null
  const items = asked.state === 'here' ? [...asked.answer.items].sort(silentFirst) : []
  return (
    <section className="part incident" aria-labelledby="incident-title">
      <h3 id="incident-title">{t('incident.title')}</h3>
      <p className="calm">{t('incident.counted', { count: view.incident.counted })}</p>
      {asked.state === 'waiting' && <p className="calm">{t('incident.wait')}</p>}
      {asked.state === 'failed' && <p className="calm">{t('incident.failed')}</p>}
      {items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable with the keyboard
        <ul className="incident-devices" tabIndex={0} aria-labelledby="incident-title">
          {items.map((device) => (
            <Device key={device.device} device={device} />
          ))}
        </ul>
      )}
      {asked.state === 'here' && asked.answer.next && <p className="calm">{t('incident.more')}</p>}
    </section>
  )
}

function silentFirst(a: IncidentDevice, b: IncidentDevice): number {
  return Number(a.back_at !== null) - Number(b.back_at !== null) || a.device.localeCompare(b.device)
}

function Device({ device }: { device: IncidentDevice }) {
  const { t, i18n } = useTranslation()
  const time = (at: string) => dayAndTime(Date.parse(at), i18n.language)
  const seen = device.last_seen_at ? t('incident.seen', { time: time(device.last_seen_at) }) : t('incident.unseen')
  return (
    <li className="incident-device">
      <strong>{device.resident_name ?? device.device}</strong>
      <span className="calm">{[device.device, device.model].filter(Boolean).join(' · ')}</span>
      <span>{device.back_at ? t('incident.back', { time: time(device.back_at) }) : t('incident.silent')}</span>
      <span className="calm">{seen}</span>
    </li>
  )
}
