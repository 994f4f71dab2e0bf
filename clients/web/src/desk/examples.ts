// Cases and snapshots for tests, whole and plain; a test changes only what it is about.
import type { CaseView, PositionView, Snapshot } from '../wire/types'

export const FIGURES = { raised_last_hour: 0, answered_60s_last_hour: 0 }

export function aCase(id: string, part: Partial<CaseView> = {}): CaseView {
  return {
    id,
    version: 1,
    kind: 'person',
    state: 'queued',
    priority: 2,
    principal: 'demo-kommun',
    principal_name: 'Demokommunen',
    resident: 'demo-resident-1',
    person: { id: 'demo-resident-1', name: 'Astrid Lind', age: 86, unit: 'demo-norr', unit_name: 'Norr' },
    home: 'demo-home-1',
    town: 'Hjo',
    household: 1,
    device: 'demo-scaip-1',
    reason: 'pressed',
    presses: 1,
    unread: 1,
    handler: null,
    handler_name: null,
    escalation: 0,
    held_until: null,
    next_step: 'louder',
    next_step_at: '2026-11-22T02:01:00.000Z',
    raised_at: '2026-11-22T02:00:00.000Z',
    taken_at: null,
    closed_at: null,
    desk: null,
    occurred_at: null,
    incident: null,
    missions: 0,
    account: null,
    offered_to: null,
    offered_to_name: null,
    offered_desk: null,
    offered_desk_name: null,
    offered_until: null,
    merged_into: null,
    ...part,
  }
}

export function aSnapshot(position: number, cases: CaseView[]): Snapshot {
  return {
    type: 'snapshot',
    version: 1,
    position,
    sight: 'a',
    at: '2026-11-22T02:00:00.000Z',
    me: { person: 'me', name: 'Karin Ek', role: 'operator', desk: 'west', desk_name: 'Larmcentralen' },
    call_number: '0771-00 00 00',
    cases,
    operators: [],
    figures: FIGURES,
  }
}

export function aPosition(part: Partial<PositionView> = {}): PositionView {
  return {
    latitude: 58.3866,
    longitude: 13.4391,
    accuracy_m: 18,
    taken_at: '2026-11-22T02:00:00.000Z',
    received_at: '2026-11-22T02:00:02.000Z',
    old_at: '2026-11-22T02:10:00.000Z',
    north: 6474308,
    east: 408765,
    ...part,
  }
}
