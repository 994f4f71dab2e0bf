// The answer: where the alarm comes first, and what then happens when, in sentences.
import { useTranslation } from 'react-i18next'
import { timeWithSeconds } from '../shell/clock'
import type { PreviewView } from '../wire/types'
import { stepSentence } from './foresee'
import { useChoices } from './parts/useChoices'
import { nameOf } from './parts/words'

export function Foreseen({ view, draft }: { view: PreviewView; draft?: string }) {
  const { t, i18n } = useTranslation()
  const { plans } = useChoices()
  const names = view.desks.map((desk) => desk.name).join(', ')
  const usual = view.plan.startsWith('default-')
  const plan = nameOf(view.plan, plans)
  return (
    <>
      {view.failed.map((code) => (
        <p key={code} className="foresee-failed">
          {t(`planned.route_failed.${code}`)}
        </p>
      ))}
      <p>{names ? t('foresee.desk', { names }) : t('foresee.everybody')}</p>
      {draft !== undefined ? (
        <p>{t('planning.by_draft', { plan: draft })}</p>
      ) : (
        <p>{usual ? t('foresee.plan_default') : t('foresee.plan', { plan, version: view.plan_version })}</p>
      )}
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
