// "What would happen to this alarm on 24 December at 03:10?" Asked of the same rules that the night follows.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { machineClock, timeWithSeconds } from '../shell/clock'
import type { CaseKind, PreviewView, Reason } from '../wire/types'
import { type Asked, christmasEve, pathFor, REASONS, stepSentence } from './foresee'

type Answer = { state: 'none' } | { state: 'waiting' } | { state: 'failed' } | { state: 'here'; view: PreviewView }

const KINDS: readonly CaseKind[] = ['person', 'technical']

export function Foresight() {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Asked>(() => ({
    kind: 'person',
    reason: 'pressed',
    ...christmasEve(machineClock.wall()),
  }))
  const [answer, setAnswer] = useState<Answer>({ state: 'none' })
  const change = (part: Partial<Asked>) => {
    setAsked({ ...asked, ...part })
    setAnswer({ state: 'none' })
  }
  const look = async (event: FormEvent) => {
    event.preventDefault()
    setAnswer({ state: 'waiting' })
    try {
      setAnswer({ state: 'here', view: await ask<PreviewView>(pathFor(asked)) })
    } catch {
      setAnswer({ state: 'failed' })
    }
  }
  return (
    <section aria-labelledby="foresee-title">
      <h1 id="foresee-title">{t('foresee.title')}</h1>
      <p className="calm">{t('foresee.lead')}</p>
      <form className="foresee-form" onSubmit={look}>
        <label>
          {t('foresee.what')}
          <select
            value={asked.kind}
            onChange={(event) => {
              const kind = event.target.value as CaseKind
              change({ kind, reason: REASONS[kind][0] ?? 'unknown_alarm' })
            }}
          >
            {KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`foresee.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('foresee.reason')}
          <select value={asked.reason} onChange={(event) => change({ reason: event.target.value as Reason })}>
            {REASONS[asked.kind].map((reason) => (
              <option key={reason} value={reason}>
                {t(`reason.${reason}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('foresee.day')}
          <input type="date" required value={asked.day} onChange={(event) => change({ day: event.target.value })} />
        </label>
        <label>
          {t('foresee.time')}
          <input type="time" required value={asked.time} onChange={(event) => change({ time: event.target.value })} />
        </label>
        <button type="submit">{t('foresee.show')}</button>
      </form>
      <div role="status">
        {answer.state === 'waiting' && <p>{t('foresee.wait')}</p>}
        {answer.state === 'failed' && <p>{t('foresee.failed')}</p>}
        {answer.state === 'here' && <Foreseen view={answer.view} />}
      </div>
    </section>
  )
}

function Foreseen({ view }: { view: PreviewView }) {
  const { t, i18n } = useTranslation()
  const names = view.desks.map((desk) => desk.name).join(', ')
  const usual = view.plan.startsWith('default-')
  return (
    <>
      <h2>{t('foresee.answer')}</h2>
      {view.failed.map((code) => (
        <p key={code} className="foresee-failed">
          {t(`planned.route_failed.${code}`)}
        </p>
      ))}
      <p>{names ? t('foresee.desk', { names }) : t('foresee.everybody')}</p>
      <p>{usual ? t('foresee.plan_default') : t('foresee.plan', { plan: view.plan, version: view.plan_version })}</p>
      <ol className="foresee-steps">
        {view.steps.map((step, number) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan goes through the same step again
          <li key={number} data-failed={step.failed ?? undefined}>
            <time dateTime={step.at}>{timeWithSeconds(Date.parse(step.at), i18n.language)}</time>
            <span>{stepSentence(step, t)}</span>
          </li>
        ))}
      </ol>
      <p>{t('foresee.again', { number: view.again + 1 })}</p>
    </>
  )
}
