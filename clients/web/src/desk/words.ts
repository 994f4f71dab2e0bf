// A case in words: who and where, the same in the row, in the line to read aloud and in what a screen reader says.
import type { TFunction } from 'i18next'
import type { CaseView, ResidentCard } from '../wire/types'

export function whoOf(view: CaseView, t: TFunction): string {
  if (view.incident) return t('incident.devices', { count: view.incident.silent, watched: view.incident.watched })
  if (view.account !== null) {
    return view.account ? t('handling.unknown_account', { account: view.account }) : t('handling.unknown_several')
  }
  if (!view.person) return view.household > 1 ? t('queue.unknown_person') : t('queue.no_person')
  const { name, age } = view.person
  return age === null ? name : t('queue.age', { name, age })
}

export function whereOf(view: CaseView, t: TFunction, between = ' · '): string {
  const { incident, principal_name } = view
  if (incident?.scope === 'principal') return t('incident.principal', { name: incident.name })
  if (incident) return [t(`incident.${incident.scope}`, { name: incident.name }), principal_name].join(between)
  return [view.town, view.person?.unit_name ?? view.principal_name].filter(Boolean).join(between)
}

/** A floor may be a number or already words, such as `2 tr`. */
export function floorOf(floor: string, t: TFunction): string {
  return /^-?\d+$/.test(floor) ? t('case.floor', { floor }) : floor
}

/** The address where the card gives one; else what the row knows. */
export function addressOf(view: CaseView, card: ResidentCard | null, t: TFunction): string {
  if (!card?.address) return whereOf(view, t, ', ')
  return [card.address, floorOf(card.floor, t), card.town].filter(Boolean).join(', ')
}

/** Who, what and where, a sentence each, to be read aloud as they stand. */
export function aloud(view: CaseView, card: ResidentCard | null, t: TFunction): string[] {
  const person = view.person
  const who = person && person.age !== null ? t('case.who_age', { name: person.name, age: person.age }) : whoOf(view, t)
  return [who, t(`reason.${view.reason}`), addressOf(view, card, t)].filter(Boolean).map((part) => `${part}.`)
}

const KNOWN = [
  'taken',
  'not_yours',
  'not_taken',
  'closed',
  'held',
  'not_held',
  'unread_signal',
  'person_missing',
  'mission_open',
  'no_such_responder',
  'not_found',
  'forbidden',
  'storage_down',
  'invalid',
  'no_answer',
  'call_open',
  'contact_unknown',
  'no_call',
  'call_ended',
  'call_was_answered',
  'call_not_answered',
  'not_on',
  'own_case',
  'offer_open',
  'own_desk',
  'no_agreement',
  'not_offered',
  'already_named',
  'nobody_to_name',
  'not_at_home',
  'merge_taken',
  'step_unknown',
] as const
type Known = (typeof KNOWN)[number]

/** Why not, in a sentence. A code nobody has words for yet comes along, small, at the end. */
export function whyNot(code: string, handlerName: string | null, t: TFunction): { sentence: string; code: string } {
  const known = KNOWN.find((one): one is Known => one === code)
  if (!known) return { sentence: t('refused.unknown'), code }
  if (known !== 'taken') return { sentence: t(`refused.${known}`), code: '' }
  return { sentence: handlerName ? t('refused.taken', { name: handlerName }) : t('refused.taken_unnamed'), code: '' }
}
