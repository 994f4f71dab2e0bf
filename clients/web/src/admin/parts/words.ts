// The sentences for codes of the hub, beside the field that they are about.
import type { TFunction } from 'i18next'
import type sv from '../../text/sv.json'
import type { Named } from '../../wire/types'
import type { Fault } from './hold'

type Faults = keyof (typeof sv)['planning']['fault']

const KNOWN: Record<Faults, true> = {
  plan_empty: true,
  plan_ends: true,
  plan_unreached: true,
  plan_spins: true,
  plan_too_long: true,
  step_twice: true,
  step_wait: true,
  step_role: true,
  step_rota: true,
  step_persons: true,
  step_unit: true,
  step_desk: true,
  step_again: true,
  rule_twice: true,
  overflow_ends: true,
  desk_unknown: true,
  plan_unknown: true,
  id_twice: true,
  shift_uneven: true,
  layer_empty: true,
  change_ends: true,
  swap_alone: true,
  person_unknown: true,
  in_use: true,
  contact_means: true,
  contact_email: true,
  contact_webhook: true,
  contact_many: true,
  wrong_role: true,
  invalid: true,
  unknown: true,
}

export function faultSentence(code: string, t: TFunction): string {
  return t(`planning.fault.${Object.hasOwn(KNOWN, code) ? (code as Faults) : 'unknown'}`)
}

/** The sentences about one thing, each once. */
export function about(faults: readonly Fault[], id: string | null, t: TFunction): string[] {
  return [...new Set(faults.filter((fault) => fault.about === id).map((fault) => faultSentence(fault.code, t)))]
}

export function nameOf(id: string | null, named: readonly Named[]): string {
  return named.find((one) => one.id === id)?.name ?? id ?? ''
}
