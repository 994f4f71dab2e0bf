// What has been sent before is sent again, from a time, from a place in the order, or all that is kept.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import { machineClock } from '../../shell/clock'
import type { Again } from '../../wire/types'
import { Field } from '../parts/Field'
import { useFirst } from '../parts/focus'
import { faultSentence } from '../parts/refusals'
import { momentOf, wallOf } from '../parts/swedish'

const HOUR = 3_600_000
const FROM = ['time', 'place', 'all'] as const
type From = (typeof FROM)[number]

/** What is asked of the hub; nothing for what is no time and no place. */
export function wanted(from: From, time: string, place: string): { since: string } | { from: string } | null {
  if (from === 'all') return { from: '0' }
  if (from === 'place') return /^\d{1,18}$/.test(place.trim()) ? { from: place.trim() } : null
  const since = momentOf(time)
  return since === null ? null : { since }
}

export function Replay({ path, done, close }: { path: string; done: (events: number) => void; close: () => void }) {
  const { t } = useTranslation()
  const form = useFirst()
  const name = useId()
  const [from, setFrom] = useState<From>('time')
  const [time, setTime] = useState(() => wallOf(machineClock.wall() - HOUR))
  const [place, setPlace] = useState('')
  const [fault, setFault] = useState('')
  const send = async () => {
    const body = wanted(from, time, place)
    setFault(body ? '' : t('integrations.replay_unread'))
    if (!body) return
    try {
      done((await ask<Again>(`${path}/replay`, { method: 'POST', body })).events)
    } catch (error) {
      setFault(faultSentence(error instanceof Problem ? error.code : 'unknown', t))
    }
  }
  return (
    <form
      ref={form}
      className="inner"
      aria-label={t('integrations.replay')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <h4>{t('integrations.replay')}</h4>
      <p className="calm">{t('integrations.replay_lead')}</p>
      <fieldset className="stack">
        <legend>{t('integrations.replay_from')}</legend>
        {FROM.map((one) => (
          <label key={one} className="check">
            <input type="radio" name={name} checked={from === one} onChange={() => setFrom(one)} />
            {t(`integrations.from.${one}`)}
          </label>
        ))}
      </fieldset>
      {from === 'time' && (
        <Field label={t('integrations.replay_time')} narrow>
          {(wired) => (
            <input {...wired} type="datetime-local" value={time} onChange={(event) => setTime(event.target.value)} />
          )}
        </Field>
      )}
      {from === 'place' && (
        <Field label={t('integrations.replay_place')} hint={t('integrations.replay_place_hint')}>
          {(wired) => (
            <input
              {...wired}
              inputMode="numeric"
              autoComplete="off"
              maxLength={18}
              value={place}
              onChange={(event) => setPlace(event.target.value)}
            />
          )}
        </Field>
      )}
      <p className="acts">
        <button type="submit" className="main-act">
          {t('integrations.replay_yes')}
        </button>
        <button type="button" onClick={close}>
          {t('integrations.close')}
        </button>
      </p>
      <p role="status">{fault}</p>
    </form>
  )
}
