// One subscription: where it goes and how, and what can be done with it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import { machineClock } from '../../shell/clock'
import type { SubscriptionSecret, SubscriptionView } from '../../wire/types'
import { useBack } from '../parts/focus'
import { Once } from '../parts/Once'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { when } from '../parts/when'
import { DeadLetters } from './DeadLetters'
import { behind, bodyOf, eventWord, nameOf, outcomeSentence, standingOf } from './outgoing'
import { Replay } from './Replay'
import { SubscriptionForm } from './SubscriptionForm'

export function Subscription({ view, look }: { view: SubscriptionView; look: () => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<'nothing' | 'form' | 'replay'>('nothing')
  const [secret, setSecret] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const path = `/api/v1/subscriptions/${encodeURIComponent(view.id)}`
  const name = nameOf(view.url)
  const refused = (code: string) => faultSentence(code, t)
  const off = view.state === 'off'
  const changing = useBack(open === 'form')
  const replaying = useBack(open === 'replay')
  const act = async (question: Promise<unknown>) => {
    try {
      await question
    } finally {
      // Also when somebody else was first: what is shown next is what stands there now.
      look()
    }
  }
  const turn = () => act(ask(path, { method: 'PUT', body: { ...bodyOf(view), on: off, seen: view.tag } }))
  return (
    <>
      <h3 className="address">{name}</h3>
      <Standing view={view} />
      <p className="calm">
        {view.types.length === 0
          ? t('integrations.all_events')
          : view.types.map((one) => eventWord(one, t)).join(' · ')}
        {view.resident && `. ${t('integrations.with_resident')}`}
      </p>
      {view.dead > 0 && <DeadLetters path={path} count={view.dead} name={name} look={look} />}
      {secret !== null && (
        <Once
          label={t('integrations.secret_of', { who: name })}
          secret={secret}
          lead={t('integrations.secret_both')}
          put={() => setSecret(null)}
        />
      )}
      {open === 'form' && (
        <SubscriptionForm
          view={view}
          saved={() => {
            setOpen('nothing')
            look()
          }}
          look={look}
          close={() => setOpen('nothing')}
        />
      )}
      {open === 'replay' && (
        <Replay
          path={path}
          done={(events) => {
            setOpen('nothing')
            setSaid(t('integrations.again_said', { count: events }))
            look()
          }}
          close={() => setOpen('nothing')}
        />
      )}
      <p role="status">{said}</p>
      <fieldset className="acts">
        <legend className="unseen">{t('integrations.acts_of', { what: name })}</legend>
        {off ? (
          <Sure
            label={t('integrations.resume')}
            yes={t('integrations.resume_yes')}
            no={t('integrations.no')}
            act={turn}
            refused={refused}
          >
            <p>{t('integrations.resume_sure')}</p>
          </Sure>
        ) : (
          <Sure
            label={t('integrations.pause')}
            yes={t('integrations.pause_yes')}
            no={t('integrations.no')}
            act={turn}
            refused={refused}
          >
            <p>{t('integrations.pause_sure')}</p>
          </Sure>
        )}
        {open === 'nothing' && (
          <>
            <button type="button" ref={changing} onClick={() => setOpen('form')}>
              {t('integrations.change')}
            </button>
            <button type="button" ref={replaying} onClick={() => setOpen('replay')}>
              {t('integrations.replay')}
            </button>
          </>
        )}
        <Sure
          label={t('integrations.new_secret')}
          yes={t('integrations.new_secret_yes')}
          no={t('integrations.no')}
          refused={refused}
          act={async () => setSecret((await ask<SubscriptionSecret>(`${path}/secret`, { method: 'POST' })).secret)}
        >
          <p>{t('integrations.new_secret_sure')}</p>
        </Sure>
        <Sure
          label={t('planning.remove')}
          yes={t('planning.remove_yes')}
          no={t('planning.remove_no')}
          refused={refused}
          act={() => act(ask(`${path}?seen=${view.tag}`, { method: 'DELETE' }))}
        >
          <p>{t('integrations.remove_sure', { what: name })}</p>
        </Sure>
      </fieldset>
    </>
  )
}

function Standing({ view }: { view: SubscriptionView }) {
  const { t, i18n } = useTranslation()
  const at = (moment: string) => when(moment, machineClock.wall(), i18n.language)
  const standing = standingOf(view)
  const why = view.outcome && (standing === 'down' || standing === 'retrying') && outcomeSentence(view.outcome, t)
  const again = view.asked_again_at && t('integrations.asked_again', { time: at(view.asked_again_at) })
  return (
    <ul className="standing">
      {standing === 'down' ? (
        <li className="fault">
          ▲ {t('integrations.standing.down', { since: view.paused_since ? at(view.paused_since) : '–' })} {again} {why}
        </li>
      ) : (
        <li data-standing={standing}>
          {standing === 'delivering' && <span aria-hidden="true">✓ </span>}
          {standing === 'retrying'
            ? t('integrations.standing.retrying', { count: view.waiting })
            : standing === 'behind'
              ? t('integrations.standing.behind', { count: behind(view) })
              : t(`integrations.standing.${standing}`)}{' '}
          {standing === 'retrying' && again} {why}
        </li>
      )}
      {view.heard_at && <li>{t('integrations.heard', { time: at(view.heard_at) })}</li>}
      {view.dead > 0 && <li className="fault">▲ {t('integrations.dead', { count: view.dead })}</li>}
      {view.missed > 0 && <li className="fault">▲ {t('integrations.missed', { count: view.missed })}</li>}
      {view.rotating_until && <li>{t('integrations.rotating', { time: at(view.rotating_until) })}</li>}
    </ul>
  )
}
