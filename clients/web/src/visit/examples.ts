// A visit for tests, as signaling would tell it.
import type { ParticipantView, VisitView } from '../wire/types'

export function participant(part: Partial<ParticipantView> = {}): ParticipantView {
  return {
    id: 'p-anna',
    part: 'caller',
    name: 'Anna Holm',
    person: 'anna',
    device: null,
    joined_at: null,
    publishing: false,
    publishes: 0,
    away: null,
    away_since: null,
    away_ends_at: null,
    trouble: [],
    ...part,
  }
}

export const ELSA = participant({
  id: 'p-elsa',
  part: 'resident',
  name: 'Elsa Lindqvist',
  person: null,
  device: 'app-1',
})

export function visit(part: Partial<VisitView> = {}): VisitView {
  return {
    id: 'v1',
    version: 1,
    kind: 'home',
    state: 'ringing',
    principal: 'kommun',
    resident: 'elsa',
    resident_name: 'Elsa Lindqvist',
    caller: 'anna',
    caller_name: 'Anna Holm',
    caller_place: 'Hemtjänst Norr',
    legal_basis: 'SoL',
    decision: 'SoL-1',
    case: null,
    device: null,
    devices: 1,
    reached: 1,
    planned_at: null,
    rang_at: '2026-11-22T13:00:00Z',
    seen_at: null,
    answered_at: null,
    connected_at: null,
    ended_at: null,
    outcome: null,
    ended_by: null,
    seconds: 0,
    next_step: 'ring_ends',
    next_step_at: '2026-11-22T13:00:45Z',
    me: null,
    participants: [participant()],
    ...part,
  }
}

/** Answered: both are in it. */
export function running(part: Partial<VisitView> = {}): VisitView {
  return visit({ version: 2, state: 'answered', participants: [participant(), ELSA], ...part })
}

export function ended(part: Partial<VisitView> = {}): VisitView {
  return visit({ version: 9, state: 'ended', outcome: 'completed', ended_by: 'caller', ...part })
}
