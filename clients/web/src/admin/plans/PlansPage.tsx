// The plans of a municipality, and the one that is open.
import { useTranslation } from 'react-i18next'
import { dayAndTime } from '../../shell/clock'
import type { PlanList } from '../../wire/types'
import type { Chosen } from '../parts/address'
import { Reading } from '../parts/Reading'
import { useChoices } from '../parts/useChoices'
import { useRead } from '../parts/useHeld'
import { nameOf } from '../parts/words'
import { PlanEditor } from './PlanEditor'
import { casesWith, sentenceOf } from './plan'

export function PlansPage({ chosen }: { chosen: Chosen }) {
  const { t } = useTranslation()
  if (chosen.is === 'none') return <Plans />
  return (
    <>
      <p>
        <a href="/admin/plans">← {t('planning.all_plans')}</a>
      </p>
      <h1>{chosen.is === 'new' ? t('planning.new_plan') : t('planning.plan')}</h1>
      <PlanEditor id={chosen.is === 'one' ? chosen.id : null} />
    </>
  )
}

function Plans() {
  const { t, i18n } = useTranslation()
  const choices = useChoices()
  const read = useRead<PlanList>('/api/v1/plans')
  return (
    <>
      <h1>{t('planning.room.plans')}</h1>
      <p className="calm">{t('planning.plans_lead')}</p>
      {read.state !== 'read' ? (
        <Reading unread={read} />
      ) : (
        <>
          {read.view.items.length === 0 && <p>{t('planning.no_plans')}</p>}
          <ul className="cards">
            {read.view.items.map((plan) => (
              <li key={plan.id}>
                <h2>
                  <a href={`?id=${encodeURIComponent(plan.id)}`}>{plan.name}</a>
                </h2>
                <ol className="sentences">
                  {plan.steps.map((step) => (
                    <li key={step.id}>{sentenceOf(step, plan.steps, choices, t)}</li>
                  ))}
                </ol>
                <p className="calm">
                  {t('planning.changed', {
                    time: dayAndTime(Date.parse(plan.changed_at), i18n.language),
                    name: nameOf(plan.changed_by, choices.office),
                  })}{' '}
                  {casesWith(plan.id, choices) > 0 && t('planning.carried', { count: casesWith(plan.id, choices) })}
                </p>
              </li>
            ))}
          </ul>
          <p>
            <a className="button" href="?new">
              {t('planning.new_plan')}
            </a>
          </p>
        </>
      )}
    </>
  )
}
