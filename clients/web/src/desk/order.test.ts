import { describe, expect, it } from 'vitest'
import type { CaseView } from '../wire/types'
import { aCase } from './examples'
import { arrange, countGroups, loudness, NOTHING, oldestUntaken } from './order'

const all = (...cases: CaseView[]) => new Map(cases.map((one) => [one.id, one]))
const raised = (minute: number) => `2026-11-22T02:${String(minute).padStart(2, '0')}:00.000Z`

describe('where rows stand', () => {
  it('puts the most urgent first, then whoever has waited longest', () => {
    const cases = all(
      aCase('late', { raised_at: raised(9) }),
      aCase('early', { raised_at: raised(1) }),
      aCase('danger', { priority: 1, raised_at: raised(10) }),
    )
    expect(arrange(NOTHING, cases, 'me', false).waiting).toEqual(['danger', 'early', 'late'])
  })

  it('keeps mine, others and technical apart, and leaves out what is closed', () => {
    const cases = all(
      aCase('mine', { handler: 'me', state: 'taken' }),
      aCase('theirs', { handler: 'you', state: 'taken' }),
      aCase('thing', { kind: 'technical' }),
      aCase('over', { state: 'closed' }),
    )
    expect(arrange(NOTHING, cases, 'me', false)).toEqual({
      mine: ['mine'],
      waiting: [],
      others: ['theirs'],
      technical: ['thing'],
    })
  })

  it('puts what rests after what I am in the middle of', () => {
    const cases = all(
      aCase('rests', { handler: 'me', state: 'taken', priority: 1, held_until: raised(30) }),
      aCase('busy', { handler: 'me', state: 'taken' }),
    )
    expect(arrange(NOTHING, cases, 'me', false).mine).toEqual(['busy', 'rests'])
  })
})

describe('a hand among the rows', () => {
  const before = all(
    aCase('a', { raised_at: raised(1) }),
    aCase('b', { raised_at: raised(2) }),
    aCase('c', { raised_at: raised(3) }),
  )
  const layout = arrange(NOTHING, before, 'me', false)

  it('moves no row that is there, however urgent it becomes', () => {
    const after = new Map(before).set('c', aCase('c', { priority: 1, raised_at: raised(3) }))
    expect(arrange(layout, after, 'me', true).waiting).toEqual(['a', 'b', 'c'])
    expect(arrange(layout, after, 'me', false).waiting).toEqual(['c', 'a', 'b'])
  })

  it('lets a new row in at its place', () => {
    const after = new Map(before).set('n', aCase('n', { priority: 1, raised_at: raised(5) }))
    expect(arrange(layout, after, 'me', true).waiting).toEqual(['n', 'a', 'b', 'c'])
  })

  it('leaves a row that was taken or closed where it stands until the hand is gone', () => {
    const after = new Map(before)
      .set('a', aCase('a', { handler: 'you', state: 'taken', raised_at: raised(1) }))
      .set('b', aCase('b', { state: 'closed', raised_at: raised(2) }))
    expect(arrange(layout, after, 'me', true).waiting).toEqual(['a', 'b', 'c'])
    expect(arrange(layout, after, 'me', false)).toMatchObject({ waiting: ['c'], others: ['a'] })
    expect(countGroups(after, 'me').waiting).toBe(1)
  })

  it('is the same layout when nothing has moved, so that nothing is drawn anew', () => {
    expect(
      arrange(layout, new Map(before).set('a', aCase('a', { presses: 4, raised_at: raised(1) })), 'me', true),
    ).toBe(layout)
  })
})

it('sounds for a new press on my own case until it is read', () => {
  const mine = aCase('a', { handler: 'me', state: 'taken', unread: 1 })
  expect(loudness(all(mine), 'me')).toBe('calm')
  expect(loudness(all(mine), 'you')).toBe('silent')
  expect(loudness(all({ ...mine, unread: 0 }), 'me')).toBe('silent')
})

describe('what calls', () => {
  it('pulses only on the oldest that nobody has', () => {
    const cases = all(
      aCase('taken', { handler: 'you', state: 'taken', raised_at: raised(0) }),
      aCase('old', { raised_at: raised(1) }),
      aCase('young', { priority: 1, raised_at: raised(2) }),
    )
    expect(oldestUntaken(cases)?.id).toBe('old')
  })

  it('sounds until every alarm has somebody, louder once the hub asks, never for things', () => {
    expect(loudness(all(aCase('t', { kind: 'technical', escalation: 2 })), 'me')).toBe('silent')
    expect(loudness(all(aCase('a')), 'me')).toBe('calm')
    expect(loudness(all(aCase('a'), aCase('b', { escalation: 1 })), 'me')).toBe('urgent')
    expect(loudness(all(aCase('a', { handler: 'you', state: 'taken', escalation: 2 })), 'me')).toBe('silent')
  })
})
