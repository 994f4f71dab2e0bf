// What a planner may ask about, and the sentences of the answer.
import type { TFunction } from 'i18next'
import type sv from '../text/sv.json'
import type { CaseKind, PreviewStep, Reason } from '../wire/types'

export const REASONS: Record<CaseKind, readonly Reason[]> = {
  person: [
    'pressed',
    'fell',
    'attack',
    'fire',
    'gas',
    'flood',
    'epilepsy',
    'inactivity',
    'wandering',
    'left_zone',
    'entered_zone',
    'left_bed',
    'pill_not_taken',
    'door_forced',
    'duress',
    'intruder',
    'assistance',
    'unknown_alarm',
  ],
  technical: [
    'battery_low',
    'mains_failure',
    'link_failure',
    'radio_interference',
    'tamper',
    'door_jammed',
    'door_ajar',
    'malfunction',
    'unproven',
  ],
}

export interface Asked {
  kind: CaseKind
  reason: Reason
  day: string
  time: string
}

/** The question's address; the time is what clocks in Sweden show. */
export function pathFor({ kind, reason, day, time }: Asked): string {
  return `/api/v1/routing/preview?${new URLSearchParams({ kind, reason, at: `${day}T${time}` })}`
}

/** The coming Christmas Eve at ten past three: the night that a plan is most worth asking about. */
export function christmasEve(at: number): Pick<Asked, 'day' | 'time'> {
  const today = new Date(at)
  const passed = today.getMonth() === 11 && today.getDate() > 24
  return { day: `${today.getFullYear() + (passed ? 1 : 0)}-12-24`, time: '03:10' }
}

type Words = typeof sv

export function stepSentence(step: PreviewStep, t: TFunction): string {
  const name = step.reached?.name ?? ''
  if (step.failed) return t(`planned.step_failed.${step.failed}`, { name })
  return t(`foresee.step.${step.step as keyof Words['foresee']['step']}`, { name })
}
