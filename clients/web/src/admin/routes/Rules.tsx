// The rules in order, and the temporary overflows before them.
import { useTranslation } from 'react-i18next'
import { machineClock } from '../../shell/clock'
import { Faults } from '../parts/Field'
import { HoursRows } from '../parts/HoursRows'
import type { Fault } from '../parts/hold'
import { Moments } from '../parts/Moments'
import { Ordered } from '../parts/Ordered'
import { replaced } from '../parts/rows'
import { useChoices } from '../parts/useChoices'
import { about } from '../parts/words'
import { Meant } from './Meant'
import { overflowSentence, type RoutingDraft, ruleSentence, withOverflow, withRule } from './routing'

interface Props {
  draft: RoutingDraft
  faults: readonly Fault[]
  edit: (draft: RoutingDraft) => void
}

export function Rules({ draft, faults, edit }: Props) {
  const { t } = useTranslation()
  const choices = useChoices()
  return (
    <>
      <h2>{t('planning.rules')}</h2>
      <p className="calm">{t('planning.rules_lead')}</p>
      <Ordered
        items={draft.rules}
        keyOf={(rule) => rule.id}
        nameOf={(_, number) => t('planning.rule_number', { number: number + 1 })}
        change={(rules) => edit({ ...draft, rules })}
        add={t('planning.add_rule')}
        onAdd={() => edit(withRule(draft, choices))}
        most={50}
        empty={t('planning.no_rules')}
      >
        {(rule, number) => {
          const put = (part: Partial<typeof rule>) =>
            edit({ ...draft, rules: replaced(draft.rules, number, { ...rule, ...part }) })
          return (
            <details className="rule">
              <summary>
                <span className="number">{number + 1}</span> {ruleSentence(rule, choices, t)}
                <Faults sentences={about(faults, rule.id, t)} />
              </summary>
              <HoursRows hours={rule.hours} always={t('planning.all_hours')} change={(hours) => put({ hours })} />
              <Meant rule={rule} change={put} />
            </details>
          )
        }}
      </Ordered>
    </>
  )
}

export function Overflows({ draft, faults, edit }: Props) {
  const { t } = useTranslation()
  const choices = useChoices()
  return (
    <>
      <h2>{t('planning.overflows')}</h2>
      <p className="calm">{t('planning.overflows_lead')}</p>
      <Ordered
        items={draft.overflows}
        keyOf={(one) => one.id}
        nameOf={(_, number) => t('planning.overflow_number', { number: number + 1 })}
        change={(overflows) => edit({ ...draft, overflows })}
        add={t('planning.add_overflow')}
        onAdd={() => edit(withOverflow(draft, machineClock.wall()))}
        most={20}
      >
        {(one, number) => {
          const put = (part: Partial<typeof one>) =>
            edit({ ...draft, overflows: replaced(draft.overflows, number, { ...one, ...part }) })
          return (
            <fieldset className="plan-step">
              <legend>{overflowSentence(one, choices, t)}</legend>
              <div className="fields">
                <Moments
                  starts_at={one.starts_at}
                  ends_at={one.ends_at}
                  faults={about(faults, one.id, t)}
                  change={put}
                />
              </div>
              <Meant rule={one} change={put} />
            </fieldset>
          )
        }}
      </Ordered>
    </>
  )
}
