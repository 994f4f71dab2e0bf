import i18next from 'i18next'
import { expect, it } from 'vitest'
import { chosenIn } from './address'
import { clockIn } from './clock'
import { inUnits, seconds } from './duration'
import { allHours, spansOf } from './hours'
import { freshId, moved, replaced, without } from './rows'
import { clockOf, daysLater, momentOf, wallOf } from './swedish'
import { about, faultSentence } from './words'

const t = i18next.t

it('moves, removes and replaces without touching what was there', () => {
  const before = ['a', 'b', 'c']
  expect(moved(before, 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(before, 2, -1)).toEqual(['a', 'c', 'b'])
  expect(moved(before, 2, 1)).toEqual(before)
  expect(moved(before, 0, -1)).toEqual(before)
  expect(without(before, 1)).toEqual(['a', 'c'])
  expect(replaced(before, 1, 'x')).toEqual(['a', 'x', 'c'])
  expect(before).toEqual(['a', 'b', 'c'])
  expect(freshId('step', ['step-1', 'step-3'])).toBe('step-4')
  expect(freshId('step', ['step-2'])).toBe('step-3')
})

it('says seconds in the largest unit that fits, and reads what is written', () => {
  expect(inUnits(90)).toEqual({ count: 90, unit: 'seconds' })
  expect(inUnits(180)).toEqual({ count: 3, unit: 'minutes' })
  expect(inUnits(43_200)).toEqual({ count: 12, unit: 'hours' })
  expect(inUnits(181)).toEqual({ count: 181, unit: 'seconds' })
  expect(seconds(' 2 ', 'minutes')).toBe(120)
  for (const nonsense of ['', '-1', '1.5', 'två', '1e3']) expect(seconds(nonsense, 'seconds')).toBeNull()
})

it('reads times of day as people write them', () => {
  expect(['21', '2100', '21.00', ' 21:00 ', '7:05'].map((one) => clockIn(one))).toEqual([
    '21:00',
    '21:00',
    '21:00',
    '21:00',
    '07:05',
  ])
  expect(['24:00', '25', '21:60', '', 'nio', '-1'].map((one) => clockIn(one))).toEqual(Array(6).fill(null))
  expect([clockIn('24', true), clockIn('24:01', true)]).toEqual(['24:00', null])
})

it('goes from Swedish wall time to moments and back, also on the nights when clocks change', () => {
  expect(momentOf('2026-12-24T03:10')).toBe('2026-12-24T02:10:00.000Z')
  expect(momentOf('2026-06-24T03:10')).toBe('2026-06-24T01:10:00.000Z')
  expect(momentOf('2026-03-29T02:30')).toBe('2026-03-29T01:00:00.000Z')
  expect(momentOf('2026-10-25T02:30')).toBe('2026-10-25T00:30:00.000Z')
  expect(momentOf('2026-10-25T03:00')).toBe('2026-10-25T02:00:00.000Z')
  expect(momentOf('soon')).toBeNull()
  for (const wall of ['2026-03-29T01:59', '2026-03-29T03:00', '2026-10-25T01:00', '2026-10-25T04:00']) {
    expect(wallOf(momentOf(wall) ?? '')).toBe(wall)
  }
  expect(daysLater('2026-12-31', 1)).toBe('2027-01-01')
  expect([clockOf(0), clockOf(425), clockOf(1440)]).toEqual(['00:00', '07:05', '24:00'])
})

it('says hours of the week as people do', () => {
  expect(spansOf(['monday', 'tuesday', 'wednesday', 'saturday', 'holiday'])).toEqual([
    ['monday', 'wednesday'],
    ['saturday', 'saturday'],
    ['holiday', 'holiday'],
  ])
  expect(allHours([], t)).toBe('alltid')
  const night = { days: [], starts: '21:00', ends: '07:00' }
  const weekend = { days: ['saturday' as const, 'sunday' as const], starts: '00:00', ends: '24:00' }
  expect(allHours([night, weekend], t)).toBe('alla dagar 21:00–07:00; lördag–söndag')
})

it('has a sentence for every fault beside what it is about, and one for codes it does not know', () => {
  const faults = [
    { code: 'step_rota', about: 'a' },
    { code: 'step_rota', about: 'a' },
    { code: 'plan_empty', about: null },
  ]
  expect(about(faults, 'a', t)).toEqual(['Välj ett beredskapsschema som finns.'])
  expect(about(faults, null, t)).toEqual(['Planen har inga steg.'])
  expect(about(faults, 'b', t)).toEqual([])
  expect(faultSentence('toString', t)).toBe('Det gick inte. Försök igen.')
})

it('finds in an address which document is meant', () => {
  expect(chosenIn('?id=plan-1')).toEqual({ is: 'one', id: 'plan-1' })
  expect(chosenIn('?new')).toEqual({ is: 'new' })
  expect(chosenIn('?id=')).toEqual({ is: 'none' })
})
