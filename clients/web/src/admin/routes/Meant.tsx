// For which alarms a rule or an overflow is meant, and where it leads: desks in order, and the plan.
import { useTranslation } from 'react-i18next'
import type { CaseKind, Reason, RuleBody } from '../../wire/types'
import { REASONS } from '../foresee'
import { Checks, Select } from '../parts/Field'
import { Ordered } from '../parts/Ordered'
import { replaced } from '../parts/rows'
import { useChoices } from '../parts/useChoices'
import { nameOf } from '../parts/words'

export type MeantRule = Pick<RuleBody, 'kinds' | 'reasons' | 'desks' | 'plan'>

interface Props {
  rule: MeantRule
  change: (part: Partial<MeantRule>) => void
}

const EVERY: readonly CaseKind[] = ['person', 'technical']

export function Meant({ rule, change }: Props) {
  const { t } = useTranslation()
  const { desks, plans } = useChoices()
  const kind = rule.kinds.length === 1 ? (rule.kinds[0] ?? '') : ''
  const kinds = kind ? [kind] : EVERY
  const reasons = kinds.flatMap((one) => REASONS[one]).map((reason) => ({ id: reason, name: t(`reason.${reason}`) }))
  const left = desks.filter((desk) => !rule.desks.includes(desk.id))
  return (
    <>
      <div className="fields">
        <Select
          label={t('planning.which')}
          value={kind}
          none={t('planning.all_alarms')}
          options={EVERY.map((one) => ({ id: one, name: t(`planning.kinds.${one}`) }))}
          choose={(one) => change({ kinds: one ? [one as CaseKind] : [], reasons: [] })}
        />
        <Select
          label={t('planning.by_plan')}
          value={rule.plan ?? ''}
          none={t('planning.usual_plan')}
          options={plans}
          choose={(plan) => change({ plan: plan || null })}
        />
      </div>
      <details className="more" open={rule.reasons.length > 0}>
        <summary>
          {t('planning.reasons')} ({rule.reasons.length === 0 ? t('planning.all') : rule.reasons.length})
        </summary>
        <Checks
          label={t('planning.reasons')}
          options={reasons}
          chosen={rule.reasons}
          hint={t('planning.reasons_none')}
          change={(chosen) => change({ reasons: chosen as Reason[] })}
        />
      </details>
      <fieldset className="desks">
        <legend>{t('planning.desks')}</legend>
        <Ordered
          items={rule.desks}
          keyOf={(desk) => desk}
          nameOf={(desk) => nameOf(desk, desks)}
          change={(some) => change({ desks: some })}
          add={t('planning.add_desk')}
          onAdd={() => left[0] && change({ desks: [...rule.desks, left[0].id] })}
          most={Math.min(10, desks.length)}
          empty={t('planning.desks_none')}
        >
          {(desk, number) => (
            <Select
              label={number === 0 ? t('planning.first_desk') : t('planning.desk_number', { number: number + 1 })}
              value={desk}
              options={desks.filter((one) => one.id === desk || left.includes(one))}
              choose={(one) => one && change({ desks: replaced(rule.desks, number, one) })}
            />
          )}
        </Ordered>
      </fieldset>
    </>
  )
}
