import { describe, expect, it } from 'vitest'
import type { VisitView } from '../wire/types'
import { ended, running, visit } from './examples'
import { newMedia } from './media'
import { type Meet, type MeetEffect, type MeetEvent, newMeet, type Side, stepMeet } from './meet'
import { sceneOf } from './scene'

const AT = '2026-11-22T13:00:00.000Z'

function play(events: MeetEvent[], from: Meet = newMeet('staff', null, 0)): [Meet, MeetEffect[]] {
  let meet = from
  const effects: MeetEffect[] = []
  for (const event of events) {
    const [next, more] = stepMeet(meet, event)
    meet = next
    effects.push(...more)
  }
  return [meet, effects]
}

const fresh = (side: Side, kept: string | null = null) => newMeet(side, kept, 0)
const state = (visits: VisitView[], at = 100): MeetEvent => ({
  type: 'heard',
  at,
  message: { type: 'meet_state', version: 1, at: AT, visits },
})
const told = (one: VisitView, at = 200): MeetEvent => ({
  type: 'heard',
  at,
  message: { type: 'visit', at: AT, visit: one },
})
const wish = (act: 'answer' | 'decline' | 'end' | 'ring', at = 300, id = `${act}-1`): MeetEvent => ({
  type: 'wish',
  at,
  id,
  wish: { act, visit: 'v1' },
})
const start: MeetEvent = {
  type: 'wish',
  at: 300,
  id: 'start-1',
  wish: { act: 'start', order: { resident: 'elsa', kind: 'home', legal_basis: 'SoL', decision: '1', case: null } },
}
const granted = (id: string, one: VisitView, at = 400): MeetEvent => ({ type: 'granted', at, id, visit: one })
const failed = (id: string, code: string, again: boolean, at = 400): MeetEvent => ({
  type: 'failed',
  at,
  id,
  code,
  again,
})
const scene = (meet: Meet) => sceneOf(meet, newMedia()).name
const posts = (effects: MeetEffect[]) => effects.flatMap((one) => (one.type === 'post' ? [one.id] : []))

describe('staff ring', () => {
  it('and it is said to be starting until signaling has answered, then ringing', () => {
    const [asked] = play([state([]), start])
    expect(scene(asked)).toBe('starting')
    const [rings, effects] = play([granted('start-1', visit({ me: 'p-anna' }))], asked)
    expect(scene(rings)).toBe('ringing_out')
    expect(effects).toContainEqual({ type: 'keep', visit: 'v1' })
  })

  it('once, however many times the button is pressed', () => {
    const [, effects] = play([state([]), start, { ...start, id: 'start-2' }])
    expect(posts(effects)).toEqual(['start-1'])
  })

  it('again under the same id while nothing answers, and are told when it has gone on too long', () => {
    const [waiting] = play([state([]), start, failed('start-1', 'unreachable', true)])
    const [, effects] = play([{ type: 'tick', at: 900, chance: 0 }], waiting)
    expect(posts(effects)).toEqual(['start-1'])
    const [given] = play([failed('start-1', 'unreachable', true, 20_000)], waiting)
    expect(given.refused?.code).toBe('unreachable')
    expect(scene(given)).toBe('rest')
  })

  it('and are told at once when it is refused', () => {
    const [meet] = play([state([]), start, failed('start-1', 'busy', false)])
    expect(meet.refused?.code).toBe('busy')
    expect(meet.pending).toEqual([])
  })

  it('and hear that nobody answered', () => {
    const rings = play([state([]), start, granted('start-1', visit({ me: 'p-anna' }))])[0]
    const [meet, effects] = play([told(ended({ outcome: 'no_answer', ended_by: null, me: 'p-anna' }))], rings)
    expect(scene(meet)).toBe('gone')
    expect(meet.gone?.visit.outcome).toBe('no_answer')
    expect(effects).toContainEqual({ type: 'keep', visit: null })
  })

  it('from one page: their other page is told where the visit is, and can go on with it', () => {
    const [other] = play([state([running({ me: 'p-anna' })])])
    expect(scene(other)).toBe('elsewhere')
    expect(scene(play([{ type: 'claim', visit: 'v1' }], other)[0])).toBe('connecting')
  })
})

describe('a ring at home', () => {
  const rung = play([state([visit()])], fresh('home'))[0]

  it('is on screen, and says once that it has been seen', () => {
    expect(scene(rung)).toBe('ringing_in')
    const [, effects] = play(
      [
        { type: 'seen', visit: 'v1' },
        { type: 'seen', visit: 'v1' },
      ],
      rung,
    )
    expect(effects).toEqual([{ type: 'say', message: { type: 'seen', visit: 'v1' } }])
  })

  it('is answered, and the visit is then this page’s', () => {
    const [meet] = play([wish('answer'), granted('answer-1', running({ me: 'p-elsa' }))], rung)
    expect(meet.mine).toBe('v1')
    expect(scene(meet)).toBe('connecting')
  })

  it('stays answered when the socket tells of it before the answer to our question comes', () => {
    const [meet] = play(
      [wish('answer'), told(running({ me: 'p-elsa' })), granted('answer-1', running({ me: 'p-elsa' }))],
      rung,
    )
    expect(meet.gone).toBeNull()
    expect(meet.mine).toBe('v1')
  })

  it('that was answered on another screen leaves this one with a word about it', () => {
    const [first] = play([told(running({ me: null }))], rung)
    expect(first.gone?.how).toBe('elsewhere')
    const [second] = play([wish('answer'), failed('answer-1', 'answered_elsewhere', false)], rung)
    expect(second.gone?.how).toBe('elsewhere')
    expect(second.refused).toBeNull()
  })

  it('leaves the screen at once when somebody says not now', () => {
    const [meet, effects] = play([wish('decline')], rung)
    expect(scene(meet)).toBe('rest')
    expect(posts(effects)).toEqual(['decline-1'])
    expect(play([told(ended({ outcome: 'declined', ended_by: 'resident' }))], meet)[0].gone?.visit.outcome).toBe(
      'declined',
    )
  })

  it('that the caller takes back is said to have stopped', () => {
    expect(play([told(ended({ outcome: 'cancelled' }))], rung)[0].gone?.visit.outcome).toBe('cancelled')
  })
})

describe('a visit', () => {
  const inIt = play([state([]), start, granted('start-1', running({ me: 'p-anna' }))])[0]

  it('that is hung up is over here at once, and is tried until signaling knows', () => {
    const [left] = play([wish('end')], inIt)
    expect(scene(left)).toBe('leaving')
    const [still] = play([failed('end-1', 'unreachable', true, 40_000)], left)
    expect(scene(still)).toBe('leaving')
    expect(posts(play([{ type: 'tick', at: 41_000, chance: 0 }], still)[1])).toEqual(['end-1'])
    expect(scene(play([told(ended({ me: 'p-anna' }))], still)[0])).toBe('gone')
  })

  it('is never set back by what comes late', () => {
    const [later] = play([told(running({ me: 'p-anna', version: 5, state: 'in_progress' }))], inIt)
    expect(play([told(running({ me: 'p-anna', version: 3 }))], later)[0].visits.get('v1')?.version).toBe(5)
  })

  it('is asked for by name after a cut, and its end is then heard', () => {
    const [cut] = play([{ type: 'closed', at: 900, chance: 0 }], inIt)
    const [back, effects] = play([{ type: 'opened', at: 1500 }, state([ended({ me: 'p-anna' })], 1600)], cut)
    expect(effects[0]).toEqual({ type: 'say', message: { type: 'hello', version: 1, resume: 'v1' } })
    expect(back.gone?.visit.outcome).toBe('completed')
  })

  it('hurries the media when the line is back', () => {
    const [cut] = play([{ type: 'closed', at: 900, chance: 0 }], inIt)
    const [, effects] = play([state([running({ me: 'p-anna' })], 1600)], cut)
    expect(effects).toContainEqual({ type: 'back' })
  })

  it('that nobody knows of any more is forgotten', () => {
    const [meet] = play([state([], 1600)], inIt)
    expect([meet.mine, meet.visits.size]).toEqual([null, 0])
  })

  it('goes on at home after the page was loaded anew, even in a window that remembers nothing', () => {
    const [meet] = play([state([running({ me: 'p-elsa' })])], fresh('home'))
    expect(meet.mine).toBe('v1')
  })

  it('goes on for staff where the tab remembers it', () => {
    const [meet, effects] = play([{ type: 'opened', at: 50 }, state([running({ me: 'p-anna' })])], fresh('staff', 'v1'))
    expect(effects[0]).toMatchObject({ message: { resume: 'v1' } })
    expect(scene(meet)).toBe('connecting')
  })
})

describe('the line', () => {
  it('is answered at each beat', () => {
    const [, effects] = play([{ type: 'heard', at: 100, message: { type: 'beat', at: AT } }])
    expect(effects).toContainEqual({ type: 'say', message: { type: 'here' } })
  })

  it('is silent after three seconds and given up soon after', () => {
    const joined = play([state([])])[0]
    const [silent] = play([{ type: 'tick', at: 3200, chance: 0 }], joined)
    expect(silent.line.live).toBe(false)
    expect(play([{ type: 'tick', at: 4700, chance: 0 }], silent)[1]).toContainEqual({ type: 'drop' })
  })
})
