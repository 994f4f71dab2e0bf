// An escalation plan while it is edited: steps as sentences, steps in and out without breaking what follows.
import type { TFunction } from 'i18next'
import type { Named, PlanAct, PlanBody, PlanningChoices, PlanStepBody, PlanView, PutPlan } from '../../wire/types'
import { inUnits } from '../parts/duration'
import { freshId } from '../parts/rows'
import { nameOf } from '../parts/words'

export const ACTS: readonly PlanAct[] = ['louder', 'notify_role', 'on_call', 'persons', 'forward', 'wait', 'repeat']
export const MOST_STEPS = 30

export type PlanDraft = Pick<PutPlan, 'name' | 'steps'>

export const SUPERVISOR = 'supervisor'

function blank(id: string, act: PlanAct, wait: number): PlanStepBody {
  const none = {
    urgent_wait: null,
    role: null,
    unit: null,
    rota: null,
    persons: [],
    desk: null,
    again: null,
    times: null,
  }
  return { id, act, wait, ...none }
}

/** The usual plan to begin with: louder, the supervisor, and so on for ever. */
export function draftOf(view: PlanView | null): PlanDraft {
  if (view) return { name: view.name, steps: view.steps }
  return {
    name: '',
    steps: [
      blank('step-1', 'louder', 60),
      { ...blank('step-2', 'notify_role', 120), role: 'supervisor' },
      { ...blank('step-3', 'repeat', 60), again: 'step-2' },
    ],
  }
}

/** A new step, before the repeat at the end that goes on for ever: nothing after that is ever reached. */
export function withStep(steps: readonly PlanStepBody[]): PlanStepBody[] {
  const id = freshId(
    'step',
    steps.map((step) => step.id),
  )
  const added = blank(id, 'louder', 60)
  const last = steps.at(-1)
  return last && forEver(last) ? [...steps.slice(0, -1), added, last] : [...steps, added]
}

export function forEver(step: PlanStepBody): boolean {
  return step.act === 'repeat' && step.times === null
}

/** The same step doing something else: what the other act does not know is left behind. */
export function doing(
  step: PlanStepBody,
  act: PlanAct,
  before: readonly PlanStepBody[],
  rotas: readonly Named[],
): PlanStepBody {
  const fresh = { ...blank(step.id, act, step.wait), urgent_wait: act === 'repeat' ? null : step.urgent_wait }
  switch (act) {
    case 'notify_role':
      return { ...fresh, role: 'supervisor' }
    case 'on_call':
      return { ...fresh, rota: rotas[0]?.id ?? null }
    case 'repeat':
      return { ...fresh, again: before[0]?.id ?? null }
    default:
      return fresh
  }
}

/** Whom `notify_role` tells, as one choice: the supervisor, or a unit's team. */
export function toldOf(step: PlanStepBody): string {
  return step.unit ?? (step.role === 'supervisor' ? SUPERVISOR : '')
}

export function telling(step: PlanStepBody, told: string): PlanStepBody {
  if (told === SUPERVISOR) return { ...step, role: 'supervisor', unit: null }
  return { ...step, role: 'worker', unit: told || null }
}

export function durationWords(seconds: number, t: TFunction): string {
  const { count, unit } = inUnits(seconds)
  return t(`planning.lasting.${unit}`, { count })
}

/** `After 60 seconds it sounds louder everywhere.` */
export function sentenceOf(
  step: PlanStepBody,
  steps: readonly PlanStepBody[],
  choices: PlanningChoices,
  t: TFunction,
): string {
  const after = step.wait === 0 ? t('planning.at_once') : t('planning.after', { time: durationWords(step.wait, t) })
  return `${after} ${whatOf(step, steps, choices, t)}`
}

function whatOf(step: PlanStepBody, steps: readonly PlanStepBody[], choices: PlanningChoices, t: TFunction): string {
  switch (step.act) {
    case 'notify_role':
      return step.unit === null
        ? t('planning.does.supervisor')
        : t('planning.does.team', { name: nameOf(step.unit, choices.units) })
    case 'on_call':
      return t('planning.does.on_call', { name: nameOf(step.rota, choices.rotas) || '…' })
    case 'persons': {
      const names = step.persons.map((one) => nameOf(one.person, choices.workers)).filter(Boolean)
      return t('planning.does.persons', { names: names.join(', ') || '…' })
    }
    case 'forward':
      return step.desk === null
        ? t('planning.does.forward_next')
        : t('planning.does.forward', { name: nameOf(step.desk, choices.desks) })
    case 'repeat': {
      const from = steps.findIndex((one) => one.id === step.again) + 1
      const number = from || '…'
      return step.times === null
        ? t('planning.does.for_ever', { number })
        : t('planning.does.times', { number, count: step.times })
    }
    case 'louder':
    case 'wait':
      return t(`planning.does.${step.act}`)
  }
}

/** How many open cases carry this plan: they keep it as it was. */
export function casesWith(plan: string, choices: PlanningChoices): number {
  return choices.running.filter((one) => one.plan === plan).reduce((sum, one) => sum + one.cases, 0)
}

/** Why it cannot be sent at all, in the words' own key; nothing when it can. */
export function stopOf(draft: PlanBody): 'name_missing' | null {
  return draft.name.trim() === '' ? 'name_missing' : null
}
