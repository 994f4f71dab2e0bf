import { expect, it } from 'vitest'
import { aBoard } from './examples'
import { daysUntil, isPeriod, ordered, perCent, toneOf } from './figures'

it('writes a share as the language does, and does not round it up', () => {
  expect(perCent(974, 'sv')).toBe('97,4 %')
  expect(perCent(974, 'en')).toBe('97.4%')
  expect(perCent(1000, 'sv')).toBe('100 %')
  expect(perCent(0, 'en')).toBe('0%')
  expect(perCent(5, 'sv')).toBe('0,5 %')
})

it('puts the principal where somebody waits first', () => {
  expect(ordered(aBoard().principals, 'sv').map((one) => one.name)).toEqual(['Härryda', 'Alingsås'])
})

it('says after a minute and after three that somebody has waited', () => {
  expect([0, 60_000, 60_001, 180_000, 180_001].map(toneOf)).toEqual(['calm', 'calm', 'warning', 'warning', 'danger'])
})

it('counts days back over the turn of a month and of a clock', () => {
  expect(daysUntil('2026-03-30', 30)).toEqual({ first: '2026-03-01', last: '2026-03-30' })
  expect(daysUntil('2026-11-01', 7)).toEqual({ first: '2026-10-26', last: '2026-11-01' })
  expect(daysUntil('2026-01-01', 1)).toEqual({ first: '2026-01-01', last: '2026-01-01' })
})

it('asks only about days that are there and in order', () => {
  expect(isPeriod({ first: '2026-01-01', last: '2026-01-01' })).toBe(true)
  expect(isPeriod({ first: '2026-01-02', last: '2026-01-01' })).toBe(false)
  expect(isPeriod({ first: '', last: '2026-01-01' })).toBe(false)
})
