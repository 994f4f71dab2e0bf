import { describe, expect, it } from 'vitest'
import type { HomeStatus } from '../wire/types'
import { readUnsent } from './keep'
import { faceOf, type Home, type HomeEffect, type HomeEvent, newHome, stepHome } from './press'

const WALL = Date.parse('2026-11-22T13:02:00.000Z')

function play(events: HomeEvent[], from: Home = newHome('demo-app-1', [], 0)): [Home, HomeEffect[]] {
  let home = from
  let effects: HomeEffect[] = []
  for (const event of events) [home, effects] = stepHome(home, event)
  return [home, effects]
}

const press = (id: string, at: number): HomeEvent => ({ type: 'press', at, wall: WALL + at, id })
const accepted = (id: string, at: number): HomeEvent => ({ type: 'accepted', at, wall: WALL + at, id })
const failed = (id: string, at: number): HomeEvent => ({ type: 'failed', at, id })
const tick = (at: number): HomeEvent => ({ type: 'tick', at, chance: 0 })
const status = (at: number, alarm: HomeStatus['alarm']): HomeEvent => ({
  type: 'heard',
  at,
  message: {
    type: 'status',
    version: 1,
    at: '2026-11-22T13:02:00.000Z',
    resident_name: 'Astrid Lind',
    device: 'demo-app-1',
    helper: 'Larmcentralen',
    call_number: '0771-00 00 00',
    alarm,
  },
})
const open = (part: Partial<NonNullable<HomeStatus['alarm']>> = {}) => ({
  case: 'c',
  received_at: '2026-11-22T13:02:00.000Z',
  presses: 1,
  handled_by: null,
  handled_at: null,
  ...part,
})
const posted = (effects: HomeEffect[]) => effects.flatMap((one) => (one.type === 'post' ? [one.event.id] : []))

describe('a press', () => {
  it('is kept on the device before it is sent', () => {
    const [, effects] = play([press('p1', 100)])
    expect(effects.map((one) => one.type)).toEqual(['keep', 'post'])
    expect(effects[1]).toMatchObject({ event: { type: 'nattljus.alarm.pressed', id: 'p1', source: 'demo-app-1' } })
  })

  it('is not called received before the answer', () => {
    const [home] = play([press('p1', 100)])
    expect(faceOf(home)).toBe('sending')
    expect(faceOf(play([accepted('p1', 300)], home)[0])).toBe('received')
  })

  it('is one when it comes twice within 1.5 s', () => {
    const [home, effects] = play([press('p1', 100), press('p2', 1599)])
    expect(home.unsent.map((one) => one.id)).toEqual(['p1'])
    expect(effects).toEqual([])
  })

  it('is a new event when it comes later, sent after the first', () => {
    const [home, effects] = play([press('p1', 100), press('p2', 1600)])
    expect(home.unsent.map((one) => one.id)).toEqual(['p1', 'p2'])
    expect(posted(effects)).toEqual([])
    expect(posted(play([accepted('p1', 1700)], home)[1])).toEqual(['p2'])
  })

  it('is said plainly not to be received after 4 s without an answer', () => {
    const [waiting] = play([press('p1', 100), tick(4000)])
    expect(faceOf(waiting)).toBe('sending')
    expect(faceOf(play([tick(4100)], waiting)[0])).toBe('not_received')
  })

  it('is forgotten on the device only when the answer has come', () => {
    const [, effects] = play([press('p1', 100), accepted('p1', 300)])
    expect(effects).toContainEqual({ type: 'keep', unsent: [] })
    const [, failing] = play([press('p1', 100), failed('p1', 300)])
    expect(failing).toEqual([])
  })
})

describe('trying again', () => {
  it('goes on for ever under the same id, waiting 1 s at first and 5 s at most', () => {
    let [home] = play([press('p1', 0)])
    let at = 0
    const waits: number[] = []
    for (let turn = 0; turn < 500; turn += 1) {
      ;[home] = play([failed('p1', at)], home)
      const due = home.tryAt ?? Number.NaN
      waits.push(due - at)
      expect(posted(play([tick(due - 1)], home)[1])).toEqual([])
      const [next, effects] = play([tick(due)], home)
      expect(posted(effects)).toEqual(['p1'])
      home = next
      at = due
    }
    expect(waits.slice(0, 5)).toEqual([1000, 2000, 3000, 5000, 5000])
    expect(faceOf(home)).toBe('not_received')
  })

  it('sends what an earlier page had not got confirmed, first thing, under its old id', () => {
    const kept = readUnsent('[{"id":"p0","time":"2026-11-22T13:00:00.000Z"},{"broken":1}]')
    const [home, effects] = play([tick(250)], newHome('demo-app-1', kept, 0))
    expect(posted(effects)).toEqual(['p0'])
    expect(faceOf(home)).toBe('sending')
  })

  it('reads nothing from what is not a list', () => {
    expect(readUnsent('{"id":1}')).toEqual([])
    expect(readUnsent('not json')).toEqual([])
    expect(readUnsent(null)).toEqual([])
  })

  it('does not take the late failure of one press for the failure of the next', () => {
    const [home] = play([press('p1', 0), press('p2', 2000), accepted('p1', 2100), failed('p1', 2200)])
    expect(home.sending).toBe(true)
    expect(home.failures).toBe(0)
  })
})

describe('what becomes of the alarm', () => {
  const received = play([status(10, null), press('p1', 100), accepted('p1', 300)])[0]

  it('is in somebody’s hands when the alarm centre says so', () => {
    const [home] = play([status(900, open({ handled_by: 'Karin' }))], received)
    expect(faceOf(home)).toBe('handled')
  })

  it('is ended when it is no longer open, and at rest a minute later', () => {
    const [ended] = play([status(900, open()), status(20_000, null)], received)
    expect(faceOf(ended)).toBe('ended')
    expect(faceOf(play([tick(79_999)], ended)[0])).toBe('ended')
    expect(faceOf(play([tick(80_000)], ended)[0])).toBe('rest')
  })

  it('is not called ended by words from before the press came in', () => {
    expect(faceOf(play([status(350, null)], received)[0])).toBe('received')
  })

  it('asks anew when no word about it comes, and believes the answer', () => {
    const [home] = play(
      [{ type: 'heard', at: 10_250, message: { type: 'beat', at: '2026-11-22T13:02:10.000Z' } }],
      received,
    )
    const [asking, effects] = play([tick(10_300)], home)
    expect(effects).toEqual([{ type: 'drop' }])
    expect(faceOf(play([{ type: 'opened', at: 11_000 }, status(11_010, null)], asking)[0])).toBe('ended')
  })

  it('is shown when the page is opened in the middle of it', () => {
    expect(faceOf(play([status(10, open({ handled_by: 'Karin' }))])[0])).toBe('handled')
  })

  it('comes second to a new press that is not received yet', () => {
    const [home] = play([status(900, open({ handled_by: 'Karin' })), press('p2', 5000)], received)
    expect(faceOf(home)).toBe('sending')
  })
})
