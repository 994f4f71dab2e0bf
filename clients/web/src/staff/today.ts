// The day's visits in the order a worker needs them, and the one that comes next.
import type { VisitView } from '../wire/types'

/** When it is, or was, to begin, in ms. */
export function timeOfVisit(visit: VisitView): number {
  return Date.parse(visit.planned_at ?? visit.rang_at ?? visit.ended_at ?? '') || 0
}

/** By time; of one time the planned first, then by name, so that the list never changes by itself. */
export function byTime(visits: readonly VisitView[]): VisitView[] {
  return [...visits].sort(
    (one, other) => timeOfVisit(one) - timeOfVisit(other) || one.resident_name.localeCompare(other.resident_name, 'sv'),
  )
}

/** A visit is rung by whom it is planned for; the rest of the unit's are there to be seen. */
export function mayRing(visit: VisitView, me: string | null): boolean {
  return visit.state === 'planned' && visit.caller === me
}

/** The first of one's own that has not begun. */
export function nextOf(visits: readonly VisitView[], me: string | null): VisitView | undefined {
  return byTime(visits).find((visit) => mayRing(visit, me))
}

/** `2026-11-22` in Stockholm, for asking about a day. */
export function dayOf(at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' }).format(at)
}
