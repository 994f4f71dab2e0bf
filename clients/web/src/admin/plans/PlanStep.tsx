// One step of a plan: a sentence, and the fields that it is made of.
import { useTranslation } from 'react-i18next'
import type { PlanAct, PlanStepBody } from '../../wire/types'
import { Duration } from '../parts/Duration'
import { Faults, Select } from '../parts/Field'
import { useChoices } from '../parts/useChoices'
import { Persons } from './Persons'
import { ACTS, doing, SUPERVISOR, sentenceOf, telling, toldOf } from './plan'

interface Props {
  step: PlanStepBody
  steps: readonly PlanStepBody[]
  number: number
  faults: readonly string[]
  change: (step: PlanStepBody) => void
}

export function PlanStep({ step, steps, number, faults, change }: Props) {
  const { t } = useTranslation()
  const choices = useChoices()
  const before = steps.slice(0, number)
  return (
    <fieldset className="plan-step">
      <legend>
        <span className="number">{number + 1}</span> {sentenceOf(step, steps, choices, t)}
      </legend>
      <Faults sentences={faults} />
      <div className="fields">
        <Duration label={t('planning.wait')} value={step.wait} change={(wait) => change({ ...step, wait })} />
        <Select
          label={t('planning.act')}
          value={step.act}
          options={ACTS.map((act) => ({ id: act, name: t(`planning.act_word.${act}`) }))}
          choose={(act) => change(doing(step, act as PlanAct, before, choices.rotas))}
        />
        <Target step={step} before={before} change={change} />
      </div>
      {step.act === 'persons' && <Persons persons={step.persons} change={(persons) => change({ ...step, persons })} />}
      <Urgent step={step} change={change} />
    </fieldset>
  )
}

interface PartProps {
  step: PlanStepBody
  change: (step: PlanStepBody) => void
}

/** Whom or where to, where the act has such a thing. */
function Target({ step, before, change }: PartProps & { before: readonly PlanStepBody[] }) {
  const { t } = useTranslation()
  const { units, rotas, desks } = useChoices()
  switch (step.act) {
    case 'notify_role':
      return (
        <Select
          label={t('planning.whom')}
          value={toldOf(step)}
          options={[{ id: SUPERVISOR, name: t('planning.supervisor') }, ...units]}
          choose={(told) => change(telling(step, told))}
        />
      )
    case 'on_call':
      return (
        <Select
          label={t('planning.rota')}
          value={step.rota ?? ''}
          options={rotas}
          hint={rotas.length === 0 ? t('planning.no_rotas') : undefined}
          choose={(rota) => change({ ...step, rota: rota || null })}
        />
      )
    case 'forward':
      return (
        <Select
          label={t('planning.desk')}
          value={step.desk ?? ''}
          options={desks}
          none={t('planning.next_desk')}
          choose={(desk) => change({ ...step, desk: desk || null })}
        />
      )
    case 'repeat':
      return <Again step={step} before={before} change={change} />
    default:
      return null
  }
}

function Again({ step, before, change }: PartProps & { before: readonly PlanStepBody[] }) {
  const { t } = useTranslation()
  const choices = useChoices()
  return (
    <>
      <Select
        label={t('planning.again')}
        value={step.again ?? ''}
        options={before.map((one, number) => ({
          id: one.id,
          name: `${number + 1}. ${sentenceOf(one, before, choices, t)}`,
        }))}
        choose={(again) => change({ ...step, again: again || null })}
      />
      <Select
        label={t('planning.rounds')}
        value={step.times === null ? '' : String(step.times)}
        none={t('planning.for_ever')}
        options={Array.from({ length: 20 }, (_, number) => ({
          id: String(number + 1),
          name: t('planning.times', { count: number + 1 }),
        }))}
        choose={(times) => change({ ...step, times: times ? Number(times) : null })}
      />
    </>
  )
}

function Urgent({ step, change }: PartProps) {
  const { t } = useTranslation()
  if (step.act === 'repeat') return null
  const urgent = step.urgent_wait
  return (
    <div className="urgent">
      <label>
        <input
          type="checkbox"
          checked={urgent !== null}
          onChange={(event) => change({ ...step, urgent_wait: event.target.checked ? step.wait : null })}
        />
        {t('planning.urgent')}
      </label>
      {urgent !== null && (
        <Duration
          label={t('planning.urgent_wait')}
          value={urgent}
          change={(urgent_wait) => change({ ...step, urgent_wait })}
        />
      )}
    </div>
  )
}
