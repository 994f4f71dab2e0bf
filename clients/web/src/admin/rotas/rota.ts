// A rota while it is edited: layers, overrides and swaps, each with something sensible to begin from.
import type { TFunction } from 'i18next'
import type { LayerBody, OverrideBody, PlanningChoices, PutRota, RotaView, SwapBody } from '../../wire/types'
import { allHours } from '../parts/hours'
import { freshId } from '../parts/rows'
import { daysLater, momentOf, wallOf } from '../parts/swedish'
import { nameOf } from '../parts/words'

export type RotaDraft = Omit<PutRota, 'version'>

/** Turns that divide a day evenly, or are whole days: what the rules allow, without those that nobody has. */
export const SHIFTS = [4, 6, 8, 12, 24, 48, 72, 168, 336] as const

export function draftOf(view: RotaView | null): RotaDraft {
  const { name = '', layers = [], overrides = [], swaps = [], holidays = null } = view ?? {}
  return { name, layers, overrides, swaps, holidays }
}

function idsOf(draft: RotaDraft): string[] {
  return [...draft.layers, ...draft.overrides, ...draft.swaps].map((one) => one.id)
}

/** A layer that begins today: a week at a time, changing hands at eight. */
export function withLayer(draft: RotaDraft, now: number): RotaDraft {
  const starts = wallOf(now).slice(0, 10)
  const layer: LayerBody = {
    id: freshId('layer', idsOf(draft)),
    persons: [],
    starts,
    handover: '08:00',
    shift_hours: 168,
    hours: [],
  }
  return { ...draft, layers: [...draft.layers, layer] }
}

function comingDay(now: number): { starts_at: string; ends_at: string } {
  const tomorrow = daysLater(wallOf(now).slice(0, 10), 1)
  return {
    starts_at: momentOf(`${tomorrow}T08:00`) ?? '',
    ends_at: momentOf(`${daysLater(tomorrow, 1)}T08:00`) ?? '',
  }
}

export function withOverride(draft: RotaDraft, choices: PlanningChoices, now: number): RotaDraft {
  const [first] = choices.workers
  if (!first) return draft
  const one: OverrideBody = { id: freshId('override', idsOf(draft)), person: first.id, ...comingDay(now) }
  return { ...draft, overrides: [...draft.overrides, one] }
}

export function withSwap(draft: RotaDraft, choices: PlanningChoices, now: number): RotaDraft {
  const inTurn = [...new Set(draft.layers.flatMap((layer) => layer.persons))]
  const [first, second] = [...inTurn, ...choices.workers.map((one) => one.id).filter((one) => !inTurn.includes(one))]
  if (!first || !second) return draft
  const one: SwapBody = { id: freshId('swap', idsOf(draft)), persons: [first, second], ...comingDay(now) }
  return { ...draft, swaps: [...draft.swaps, one] }
}

/** What is over is put away when one asks for it. */
export function pastIn(draft: RotaDraft, now: number): number {
  return [...draft.overrides, ...draft.swaps].filter((one) => Date.parse(one.ends_at) <= now).length
}

export function withoutPast(draft: RotaDraft, now: number): RotaDraft {
  const ahead = (one: { ends_at: string }) => Date.parse(one.ends_at) > now
  return { ...draft, overrides: draft.overrides.filter(ahead), swaps: draft.swaps.filter(ahead) }
}

export function shiftWords(hours: number, t: TFunction): string {
  if (hours % 168 === 0) return t('planning.lasting.weeks', { count: hours / 168 })
  if (hours % 24 === 0) return t('planning.lasting.days', { count: hours / 24 })
  return t('planning.lasting.hours', { count: hours })
}

export function layerSentence(layer: LayerBody, choices: PlanningChoices, t: TFunction): string {
  const names = layer.persons.map((person) => nameOf(person, choices.workers)).join(', ') || t('planning.nobody')
  return t('planning.layer_says', {
    names,
    shift: shiftWords(layer.shift_hours, t),
    handover: layer.handover,
    hours: allHours(layer.hours, t),
  })
}
