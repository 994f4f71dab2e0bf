// Steps for each kind of alarm while they are edited: rows with a key of their own, since two may say the same.
import type { ActionSteps, CaseKind, OwnSteps, Reason, ResidentStep, StepCode } from '../../wire/types'
import { REASONS } from '../foresee'
import { freshId } from '../parts/rows'

export const MOST = 20
export const LONGEST = 300

export interface TextRow {
  key: string
  text: string
}

export interface AdditionRow extends TextRow {
  reason: Reason | null
}

export function rowsOf(texts: readonly string[]): TextRow[] {
  return texts.map((text, number) => ({ key: `row-${number + 1}`, text }))
}

export function additionsOf(items: readonly ResidentStep[]): AdditionRow[] {
  return items.map(({ reason, text }, number) => ({ key: `row-${number + 1}`, reason, text }))
}

export function freshKey(rows: readonly TextRow[]): string {
  return freshId(
    'row',
    rows.map((row) => row.key),
  )
}

export function hasEmpty(rows: readonly TextRow[]): boolean {
  return rows.some((row) => row.text.trim() === '')
}

/** `every` in an address stands for every alarm that has no list of its own. */
export function wordOf(reason: Reason | null): string {
  return reason ?? 'every'
}

export function reasonOf(word: string): Reason | null {
  return word === 'every' ? null : (word as Reason)
}

export function listFor(all: ActionSteps, reason: Reason | null): OwnSteps {
  const found = all.items.find((one) => one.reason === reason)
  if (!found) throw new Error(`no list for ${wordOf(reason)}`)
  return found
}

export function kindOf(reason: Reason | null): CaseKind {
  return reason !== null && REASONS.technical.includes(reason) ? 'technical' : 'person'
}

/** What who takes such a case gets where there is no own list: the list for every alarm, or else ours. */
export function instead(
  all: ActionSteps,
  reason: Reason | null,
): { texts: readonly string[] } | { codes: readonly StepCode[] } {
  const every = listFor(all, null)
  if (reason !== null && every.texts.length > 0) return { texts: every.texts }
  const kind = kindOf(reason)
  const own = all.usual.find((one) => one.reason === reason && reason !== null)
  const usual = own ?? all.usual.find((one) => one.reason === null && one.kind === kind)
  return { codes: usual?.codes ?? [] }
}
