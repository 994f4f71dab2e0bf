// One external alarm centre: where it is, what its last test came to, and what can be done with it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../shell/ask'
import { machineClock } from '../../shell/clock'
import type { PutReceiver, ReceiverView } from '../../wire/types'
import { useBack } from '../parts/focus'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { when } from '../parts/when'
import { ReceiverForm } from './ReceiverForm'
import { testedOf } from './receiver'

interface Props {
  view: ReceiverView
  number: number
  last: boolean
  /** Nothing removes it. Throws `Problem`, as `move` does. */
  put: (changed: PutReceiver | null) => Promise<void>
  move: (by: -1 | 1) => Promise<void>
}

export function Receiver({ view, number, last, put, move }: Props) {
  const { t } = useTranslation()
  const [changing, setChanging] = useState(false)
  const button = useBack(changing)
  const [said, setSaid] = useState('')
  const { name } = view
  const go = async (by: -1 | 1) => {
    try {
      await move(by)
      setSaid(t('planning.moved', { name, place: number + by + 1 }))
    } catch (error) {
      setSaid(faultSentence(error instanceof Problem ? error.code : 'unknown', t))
    }
  }
  return (
    <>
      <h3>
        <span className="number">{number + 1}</span> {name}
      </h3>
      <Test view={view} />
      <p className="address">{view.address}</p>
      <p className="calm">
        {t('reserve.account_is', { account: view.account })} {view.own_accounts && t('reserve.own_is')}{' '}
        {view.password ? t('reserve.has_password') : t('reserve.no_password')}
      </p>
      {changing && (
        <ReceiverForm
          view={view}
          save={async (changed) => {
            await put(changed)
            setChanging(false)
          }}
          close={() => setChanging(false)}
        />
      )}
      <p role="status">{said}</p>
      <fieldset className="acts">
        <legend className="unseen">{t('integrations.acts_of', { what: name })}</legend>
        {!changing && (
          <button type="button" ref={button} onClick={() => setChanging(true)}>
            {t('integrations.change')}
          </button>
        )}
        <button
          type="button"
          aria-disabled={number === 0}
          aria-label={t('planning.up', { name })}
          onClick={() => number > 0 && void go(-1)}
        >
          ↑
        </button>
        <button
          type="button"
          aria-disabled={last}
          aria-label={t('planning.down', { name })}
          onClick={() => !last && void go(1)}
        >
          ↓
        </button>
        <Sure
          label={t('planning.remove')}
          yes={t('planning.remove_yes')}
          no={t('planning.remove_no')}
          act={() => put(null)}
          refused={(code) => faultSentence(code, t)}
        >
          <p>{t('reserve.remove_sure', { what: name })}</p>
        </Sure>
      </fieldset>
    </>
  )
}

function Test({ view }: { view: ReceiverView }) {
  const { t, i18n } = useTranslation()
  const tested = testedOf(view)
  const at = (moment: string | null) => (moment === null ? '–' : when(moment, machineClock.wall(), i18n.language))
  if (tested === 'answered') {
    return (
      <p className="yes">
        ✓ {t('reserve.tested.answered', { time: at(view.tested_at) })}{' '}
        {view.round_trip_ms !== null && t('reserve.took', { ms: view.round_trip_ms })}
      </p>
    )
  }
  if (tested === 'failed' && view.outcome) {
    return (
      <p className="fault">
        ▲ {t('reserve.tested.failed', { time: at(view.tested_at) })} {t(`reserve.outcome.${view.outcome}`)}{' '}
        {view.answered_at ? t('reserve.last_answer', { time: at(view.answered_at) }) : t('reserve.never_answered')}
      </p>
    )
  }
  return (
    <p className="calm">{tested === 'out_of_use' ? t('reserve.tested.out_of_use') : t('reserve.tested.untested')}</p>
  )
}
