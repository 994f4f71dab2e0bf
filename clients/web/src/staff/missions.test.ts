import { describe, expect, it } from 'vitest'
import type { MissionView } from '../wire/types'
import { firstOf, type Missions, type MissionsEvent, newMissions, type Receipt, spoken, stepMissions } from './missions'

const AT = '2026-11-22T03:10:00.000Z'

function aMission(id: string, part: Partial<MissionView> = {}): MissionView {
  return {
    id,
    version: 1,
    principal: 'demo-kommun',
    case: 'case-1',
    state: 'sent',
    reason: 'fell',
    priority: 1,
    raised_at: AT,
    town: 'Hjo',
    area: 'Hemtjänst Norr',
    age: 86,
    resident: null,
    name: null,
    unit: 'demo-norr',
    unit_name: 'Hemtjänst Norr',
    person: null,
    person_name: null,
    responder: null,
    responder_name: null,
    mine: false,
    note: '',
    sent_by_name: 'Karin Ek',
    sent_at: AT,
    accepted_at: null,
    set_off_at: null,
    arrive_by: null,
    arrived_at: null,
    arrived_how: null,
    arrived_reason: null,
    ended_at: null,
    urgent: 0,
    next_step: 'not_accepted',
    next_step_at: AT,
    declined: [],
    door: [],
    locks: [],
    ...part,
  }
}

const receipt = (id: string, act: Receipt['act'], more = {}): Receipt => ({ id, mission: 'm', act, more })

function run(state: Missions, ...events: MissionsEvent[]) {
  const effects: string[] = []
  let now = state
  for (const event of events) {
    const [next, made] = stepMissions(now, event)
    now = next
    effects.push(...made.map((one) => (one.type === 'post' ? `post ${one.receipt.id}` : one.type)))
  }
  return { now, effects }
}

describe('a receipt', () => {
  const say = (id: string, act: Receipt['act'], more = {}): MissionsEvent => ({
    type: 'say',
    receipt: receipt(id, act, more),
  })

  it('is kept before it is sent, and forgotten when it is confirmed', () => {
    const said = run(newMissions([], 0), say('a', 'accept'))
    expect(said.effects).toEqual(['keep', 'post a'])
    const done = run(said.now, { type: 'accepted', id: 'a', view: aMission('m') })
    expect([done.now.receipts, done.effects]).toEqual([[], ['keep']])
  })

  it('waits while there is no line, and then goes in the order in which it was said', () => {
    const cut: MissionsEvent = { type: 'failed', at: 0, id: 'a', code: 'unreachable', again: true }
    const waiting = run(newMissions([], 0), say('a', 'on-the-way'), cut, say('b', 'arrived', { reason: 'key' }))
    expect(waiting.effects.filter((one) => one.startsWith('post'))).toEqual(['post a'])
    expect(waiting.now.receipts).toHaveLength(2)
    const again = run(waiting.now, { type: 'tick', at: 1000, chance: 0 })
    expect(again.effects).toContain('post a')
    const rest = run(again.now, { type: 'accepted', id: 'a', view: aMission('m') })
    expect(rest.effects).toEqual(['keep', 'post b'])
  })

  it('of an earlier page is sent by the next one', () => {
    const { effects } = run(newMissions([receipt('old', 'done')], 5), { type: 'tick', at: 5, chance: 0 })
    expect(effects).toContain('post old')
  })

  it('that is refused is put away, and said', () => {
    const said = run(newMissions([], 0), say('a', 'accept'))
    const no = run(said.now, { type: 'failed', at: 0, id: 'a', code: 'mission_taken', again: false })
    expect([no.now.receipts, no.now.refused]).toEqual([[], { code: 'mission_taken', act: 'accept' }])
    expect(run(no.now, { type: 'dismiss' }).now.refused).toBeNull()
  })

  it('said twice is said once, but each step at the door is its own', () => {
    const twice = run(newMissions([], 0), say('a', 'accept'), say('b', 'accept'))
    expect(twice.now.receipts).toHaveLength(1)
    const steps = run(newMissions([], 0), say('a', 'door-step', { step: 'x' }), say('b', 'door-step', { step: 'y' }))
    expect(steps.now.receipts).toHaveLength(2)
  })

  it('carries one on by one’s own word, but nobody has a mission before it is confirmed', () => {
    const mine = aMission('m', { state: 'accepted', mine: true })
    expect(spoken(mine, [receipt('a', 'on-the-way'), receipt('b', 'arrived')])).toBe('arrived')
    expect(spoken(aMission('m'), [receipt('a', 'accept')])).toBe('sent')
    expect(spoken(mine, [])).toBe('accepted')
  })
})

describe('the missions', () => {
  const told = (items: MissionView[]): MissionsEvent => ({
    type: 'heard',
    at: 1,
    message: { type: 'missions', version: 1, at: AT, items },
  })

  it('are those last told, and none older than what was shown', () => {
    const { now } = run(newMissions([], 0), told([aMission('m', { version: 3 })]), told([aMission('m')]))
    expect(now.items?.[0]?.version).toBe(3)
    expect(now.line.live).toBe(true)
    expect(run(now, told([])).now.items).toEqual([])
  })

  it('may be old when nothing has been heard for three seconds', () => {
    const { now } = run(newMissions([], 0), told([]), { type: 'tick', at: 3002, chance: 0 })
    expect(now.line.live).toBe(false)
  })

  it('fill the screen with what one has, else with the only one that is offered', () => {
    const mine = aMission('mine', { mine: true, state: 'accepted' })
    const taken = aMission('taken', { state: 'accepted', responder: 'amir' })
    expect(firstOf([aMission('a'), mine])?.id).toBe('mine')
    expect(firstOf([taken, aMission('a')])?.id).toBe('a')
    expect(firstOf([aMission('a'), aMission('b')])).toBeUndefined()
    expect(firstOf([taken])).toBeUndefined()
  })
})
