import { describe, expect, it } from 'vitest'
import { visit } from '../visit/examples'
import { cornerAt, cornerBeside, nextCorner } from './corner'
import { byTime, dayOf, mayRing, nextOf } from './today'

const planned = (id: string, at: string, caller = 'anna') =>
  visit({ id, state: 'planned', planned_at: `2026-11-22T${at}:00Z`, rang_at: null, caller })

describe('today', () => {
  const day = [planned('c', '15:00'), planned('a', '13:00', 'amir'), planned('b', '14:00'), visit({ id: 'd' })]

  it('is in order of time, whatever came of each', () => {
    expect(byTime(day).map((one) => one.id)).toEqual(['a', 'd', 'b', 'c'])
  })

  it('has one’s own first visit as the next, not a colleague’s', () => {
    expect(nextOf(day, 'anna')?.id).toBe('b')
    expect(nextOf(day, 'amir')?.id).toBe('a')
    expect(nextOf(day, 'eva')).toBeUndefined()
  })

  it('lets nobody ring what has begun', () => {
    expect(mayRing(visit({ state: 'ringing' }), 'anna')).toBe(false)
  })

  it('is a day in Stockholm', () => {
    expect(dayOf(Date.parse('2026-11-21T23:30:00Z'))).toBe('2026-11-22')
  })
})

describe('the own picture', () => {
  it('goes round with taps and comes back', () => {
    let corner = nextCorner('top_right')
    for (let tap = 0; tap < 3; tap += 1) corner = nextCorner(corner)
    expect(corner).toBe('top_right')
  })

  it('goes where the arrows point', () => {
    expect(cornerBeside('top_right', 'ArrowDown')).toBe('bottom_right')
    expect(cornerBeside('bottom_right', 'ArrowLeft')).toBe('bottom_left')
    expect(cornerBeside('bottom_left', 'a')).toBe('bottom_left')
  })

  it('goes to the corner it is let go in', () => {
    expect(cornerAt(0.2, 0.9)).toBe('bottom_left')
    expect(cornerAt(0.8, 0.1)).toBe('top_right')
  })
})
