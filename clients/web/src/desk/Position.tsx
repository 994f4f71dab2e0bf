// Where the person is said to be: how old and how exact in words, coordinates, a map when there is one, and asking the
// device. Nothing is fetched from anybody else by itself.
import './position.css'
import { lazy, Suspense, useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../shell/ask'
import { dayAndTime } from '../shell/clock'
import { Fallback } from '../shell/Fallback'
import { useNow } from '../shell/now'
import type { CasePosition, CaseView, LocateView, PositionView, ZoneView } from '../wire/types'
import { agoOf, degrees, exactly, geoLink, isOld, outsideLink } from './place'
import { useFollowed } from './useAsked'

const PACE = 600

const PositionMap = lazy(() => import('./PositionMap'))

export function Position({ view, mine, name }: { view: CaseView; mine: boolean; name: string }) {
  const { t } = useTranslation()
  const path = view.kind === 'person' ? `/api/v1/cases/${encodeURIComponent(view.id)}/position` : null
  const asked = useFollowed<CasePosition>(view.state === 'closed' ? null : path, view.version, PACE)
  if (asked.state !== 'here') return asked.state === 'failed' ? <p className="calm">{t('position.failed')}</p> : null
  const known = asked.answer
  if (known.position === null && known.devices.length === 0 && known.zones.length === 0 && !known.hidden) return null
  return (
    <section className="person-part position" aria-labelledby="position-title">
      <h3 id="position-title">{t('position.title')}</h3>
      {known.hidden && <p>{t('position.hidden')}</p>}
      {known.position && <Here position={known.position} known={known} name={name} />}
      {!known.position && !known.hidden && <p className="calm">{t('position.none')}</p>}
      <Zones zones={known.zones} />
      {known.devices.length > 0 && <Asking view={view} known={known} mine={mine} />}
    </section>
  )
}

function Here({ position, known, name }: { position: PositionView; known: CasePosition; name: string }) {
  const { t } = useTranslation()
  const ago = useNow((now) => agoOf(position, now, t))
  const old = useNow((now) => isOld(position, now))
  return (
    <>
      <p className="position-age" data-old={old}>
        {ago}, {exactly(position.accuracy_m, t)}.
      </p>
      {old && <p className="position-old">{t('position.old', { name })}</p>}
      {known.map && (
        <Fallback instead={<p role="status">{t('position.no_webgl')}</p>}>
          <Suspense fallback={<p className="calm">{t('position.map_wait')}</p>}>
            <PositionMap source={known.map} position={position} zones={known.zones} old={old} name={name} />
          </Suspense>
        </Fallback>
      )}
      <dl className="facts">
        <div>
          <dt>{t('position.degrees')}</dt>
          <dd className="position-figures">{degrees(position)}</dd>
        </div>
        {position.north !== null && position.east !== null && (
          <div>
            <dt>SWEREF 99 TM</dt>
            <dd className="position-figures">
              N {position.north} E {position.east}
            </dd>
          </div>
        )}
      </dl>
      <p className="position-links">
        <a href={geoLink(position)}>{t('position.own_map')}</a>
        <a href={outsideLink(position)} target="_blank" rel="noopener noreferrer">
          {t('position.outside')}
        </a>
      </p>
    </>
  )
}

function Zones({ zones }: { zones: readonly ZoneView[] }) {
  const { t } = useTranslation()
  if (zones.length === 0) return null
  return (
    <ul className="position-zones" aria-label={t('position.zones')}>
      {zones.map((zone) => (
        <li key={zone.id}>
          {zone.name}: {t(`position.standing.${zone.watch}_${zone.standing}`)}
        </li>
      ))}
    </ul>
  )
}

type Sent = { state: 'sending' } | { state: 'refused'; code: string } | null

function Asking({ view, known, mine }: { view: CaseView; known: CasePosition; mine: boolean }) {
  const { t, i18n } = useTranslation()
  const [urgent, setUrgent] = useState('')
  const [sent, setSent] = useState<Sent>(null)
  const waiting = known.ask !== null && known.ask.next_step_at !== null
  const consent = known.consent
  const needed = consent === null && !urgent.trim()
  const send = async () => {
    if (sent?.state === 'sending' || needed) return
    setSent({ state: 'sending' })
    try {
      const body = consent === null ? { urgent: urgent.trim() } : {}
      await ask<LocateView>(`/api/v1/cases/${encodeURIComponent(view.id)}/locate`, { method: 'POST', body })
      setSent(null)
      setUrgent('')
    } catch (error) {
      setSent({ state: 'refused', code: error instanceof Problem ? error.code : 'unknown' })
    }
  }
  return (
    <div className="position-ask">
      <p className="calm">
        {consent === null
          ? t('position.no_consent')
          : t(`position.consent_${consent.given_by}`, {
              giver: consent.giver,
              date: dayAndTime(Date.parse(consent.given_at), i18n.language),
              writer: consent.written_by_name,
            })}
      </p>
      {mine && consent === null && (
        <TextField className="field" value={urgent} onChange={setUrgent} maxLength={300}>
          <Label>{t('position.urgent')}</Label>
          <Input id="locate-why" />
        </TextField>
      )}
      {mine && (
        <Button
          id="locate-button"
          className="act"
          isDisabled={waiting || needed || sent?.state === 'sending'}
          onPress={() => void send()}
        >
          {t('position.ask')}{' '}
          <span className="key" aria-hidden="true">
            W
          </span>
        </Button>
      )}
      <p className="position-said" role="status">
        {sent?.state === 'sending'
          ? t('position.sending')
          : sent?.state === 'refused'
            ? t('position.refused', { code: sent.code })
            : known.ask && t(`position.state.${known.ask.state}`, { name: known.ask.by_name })}
      </p>
    </div>
  )
}
