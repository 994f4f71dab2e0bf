// Which row stands where. Rows are sorted by need, but never move under a hand that is among them.
import type { CaseView } from '../wire/types'

export type Group = 'mine' | 'waiting' | 'others' | 'technical'
export const GROUPS: readonly Group[] = ['mine', 'waiting', 'others', 'technical']

export type Layout = Readonly<Record<Group, readonly string[]>>
export const NOTHING: Layout = { mine: [], waiting: [], others: [], technical: [] }

export function groupOf(view: CaseView, me: string | undefined): Group | null {
  if (view.state === 'closed') return null
  if (view.handler !== null && view.handler === me) return 'mine'
  if (view.kind === 'technical') return 'technical'
  return view.handler === null ? 'waiting' : 'others'
}

/** Most urgent first, then who has waited longest. */
export function byNeed(a: CaseView, b: CaseView): number {
  return a.priority - b.priority || compare(a.raised_at, b.raised_at) || compare(a.id, b.id)
}

/** My own: what rests comes after what I am in the middle of. */
function byWork(a: CaseView, b: CaseView): number {
  return Number(a.held_until !== null) - Number(b.held_until !== null) || byNeed(a, b)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/**
 * The rows of each group. While `held` (a hand is in the queue) every row shown stays where it is, also one that now
 * belongs elsewhere or is closed; a new row still comes in at its place.
 */
export function arrange(
  before: Layout,
  cases: ReadonlyMap<string, CaseView>,
  me: string | undefined,
  held: boolean,
): Layout {
  const fresh: Record<Group, CaseView[]> = { mine: [], waiting: [], others: [], technical: [] }
  const standing = new Set<string>()
  if (held) for (const group of GROUPS) for (const id of before[group]) if (cases.has(id)) standing.add(id)
  for (const view of cases.values()) {
    const group = standing.has(view.id) ? null : groupOf(view, me)
    if (group) fresh[group].push(view)
  }
  const layout: Record<Group, readonly string[]> = { ...NOTHING }
  for (const group of GROUPS) {
    fresh[group].sort(group === 'mine' ? byWork : byNeed)
    const kept = before[group].filter((id) => standing.has(id))
    layout[group] = same(before[group], held ? insert(kept, fresh[group], cases) : fresh[group].map((view) => view.id))
  }
  return GROUPS.every((group) => layout[group] === before[group]) ? before : layout
}

function insert(
  kept: readonly string[],
  arriving: readonly CaseView[],
  cases: ReadonlyMap<string, CaseView>,
): readonly string[] {
  if (arriving.length === 0) return kept
  const rows = [...kept]
  for (const view of arriving) {
    const index = rows.findIndex((id) => {
      const there = cases.get(id)
      return there !== undefined && byNeed(view, there) < 0
    })
    rows.splice(index < 0 ? rows.length : index, 0, view.id)
  }
  return rows
}

function same(before: readonly string[], now: readonly string[]): readonly string[] {
  return before.length === now.length && before.every((id, index) => id === now[index]) ? before : now
}

/** How many truly belong to each group, whatever the rows that stand still for a hand say. */
export function countGroups(cases: ReadonlyMap<string, CaseView>, me: string | undefined): Record<Group, number> {
  const counts: Record<Group, number> = { mine: 0, waiting: 0, others: 0, technical: 0 }
  for (const view of cases.values()) {
    const group = groupOf(view, me)
    if (group) counts[group] += 1
  }
  return counts
}

/** The one row that has waited longest without anybody: it alone pulses. */
export function oldestUntaken(cases: ReadonlyMap<string, CaseView>): CaseView | null {
  let oldest: CaseView | null = null
  for (const view of cases.values()) {
    if (groupOf(view, undefined) !== 'waiting') continue
    if (!oldest || view.raised_at < oldest.raised_at) oldest = view
  }
  return oldest
}

/**
 * How loud the desk should be: until every alarm has somebody, and louder once the hub says so. A new press on my own
 * case sounds until I have read it: it may rest, and I may be looking elsewhere.
 */
export function loudness(cases: ReadonlyMap<string, CaseView>, me: string | undefined): 'silent' | 'calm' | 'urgent' {
  let found: 'silent' | 'calm' = 'silent'
  for (const view of cases.values()) {
    if (groupOf(view, me) === 'mine' && view.kind === 'person' && view.unread > 0) found = 'calm'
    if (groupOf(view, undefined) !== 'waiting') continue
    if (view.escalation >= 1) return 'urgent'
    found = 'calm'
  }
  return found
}
