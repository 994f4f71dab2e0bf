// The devices of a principal, or of those a central serves: how each is, when it was tested, and which radios will end.
import './devices.css'
import { useCallback, useEffect, useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { Switches } from '../shell/Switches'
import type { DeviceDetail, DeviceList, DeviceView, SessionView } from '../wire/types'
import { Choose } from './Choose'
import { DeviceRow } from './DeviceRow'
import { ALL, type Filters, HEALTHS, queryOf, STATES } from './filters'

const REST = 300

type Listed =
  | { state: 'waiting' }
  | { state: 'failed' }
  | { state: 'here'; items: readonly DeviceView[]; next: string | null }

export function DevicesPage({ session }: { session: SessionView }) {
  const { t } = useTranslation()
  const [filters, setFilters] = useState<Filters>(ALL)
  const [listed, more, put] = useListed(filters)
  const fits = session.role === 'installer' || session.role === 'administrator'
  useEffect(() => {
    document.title = `${t('devices.title')} – ${t('app.name')}`
  }, [t])
  const change = (part: Partial<Filters>) => setFilters({ ...filters, ...part })
  return (
    <div className="devices">
      <header className="devices-head">
        <h1>{t('devices.title')}</h1>
        <span className="calm">{session.name}</span>
        <div className="devices-switches">
          <Switches leave />
        </div>
      </header>
      <main>
        <search className="devices-filters" aria-label={t('devices.filters')}>
          <Choose
            label={t('devices.state')}
            value={filters.state}
            all={t('devices.every')}
            options={STATES.map((value) => ({ value, word: t(`device_state.${value}`) }))}
            choose={(state) => change({ state })}
          />
          <Choose
            label={t('devices.health')}
            value={filters.health}
            all={t('devices.every')}
            options={HEALTHS.map((value) => ({ value, word: t(`device_health.${value}`) }))}
            choose={(health) => change({ health })}
          />
          <TextField className="devices-field" value={filters.untested} onChange={(untested) => change({ untested })}>
            <Label>{t('devices.untested')}</Label>
            <Input inputMode="numeric" maxLength={4} autoComplete="off" />
          </TextField>
          <TextField className="devices-field" value={filters.radio} onChange={(radio) => change({ radio })}>
            <Label>{t('devices.radio_before')}</Label>
            <Input type="date" />
          </TextField>
          <a className="devices-csv" href={`/api/v1/devices.csv${queryOf(filters)}`} download>
            {t('devices.csv')}
          </a>
        </search>
        <div role="status" className="calm">
          {listed.state === 'waiting' && t('devices.wait')}
          {listed.state === 'here' && listed.items.length === 0 && t('devices.none')}
        </div>
        {listed.state === 'failed' && <p role="alert">{t('devices.failed')}</p>}
        {listed.state === 'here' && listed.items.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable with the keyboard
          <section className="devices-scroll" tabIndex={0} aria-label={t('devices.title')}>
            <table>
              <thead>
                <tr>
                  {(['device', 'whom', 'state', 'health', 'tested', 'radio'] as const).map((name) => (
                    <th key={name} scope="col">
                      {t(`devices.column.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {listed.items.map((device) => (
                  <DeviceRow key={device.id} device={device} fits={fits} changed={put} />
                ))}
              </tbody>
            </table>
          </section>
        )}
        {listed.state === 'here' && listed.next && (
          <Button className="switch" onPress={more}>
            {t('devices.more')}
          </Button>
        )}
      </main>
    </div>
  )
}

/** The list for these filters, how to get its next page, and how to put in a device that has changed. */
function useListed(filters: Filters): [Listed, () => void, (device: DeviceDetail) => void] {
  const [listed, setListed] = useState<Listed>({ state: 'waiting' })
  const asked = queryOf(filters, { limit: '100' })
  useEffect(() => {
    const leaving = new AbortController()
    setListed({ state: 'waiting' })
    // Who is typing a number is not asked for each digit: every asking is logged.
    const timer = setTimeout(async () => {
      try {
        const page = await ask<DeviceList>(`/api/v1/devices${asked}`, { signal: leaving.signal })
        setListed({ state: 'here', ...page })
      } catch {
        if (!leaving.signal.aborted) setListed({ state: 'failed' })
      }
    }, REST)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [asked])
  const more = async () => {
    if (listed.state !== 'here' || !listed.next) return
    const before = listed
    try {
      const page = await ask<DeviceList>(`/api/v1/devices${asked}&cursor=${encodeURIComponent(listed.next)}`)
      const items = [...before.items, ...page.items]
      setListed((now) => (now === before ? { state: 'here', items, next: page.next } : now))
    } catch {
      setListed((now) => (now === before ? { state: 'failed' } : now))
    }
  }
  const put = useCallback((device: DeviceDetail) => {
    setListed((now) =>
      now.state === 'here' ? { ...now, items: now.items.map((one) => (one.id === device.id ? device : one)) } : now,
    )
  }, [])
  return [listed, () => void more(), put]
}
