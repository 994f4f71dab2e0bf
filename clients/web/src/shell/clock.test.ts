import { expect, it } from 'vitest'
import { isNight, running, timeOfDay, weekday } from './clock'

it('tells the time of Stockholm wherever the page is, summer and winter', () => {
  expect(timeOfDay(Date.parse('2026-01-10T13:02:00Z'), 'sv')).toBe('14:02')
  expect(timeOfDay(Date.parse('2026-07-10T13:02:00Z'), 'en')).toBe('15:02')
  expect(weekday(Date.parse('2026-11-22T23:30:00Z'), 'sv')).toBe('måndag')
})

it('is night from 20 to 07 in Stockholm', () => {
  const at = (time: string) => isNight(Date.parse(`2026-01-10T${time}:00Z`))
  expect([at('18:59'), at('19:00'), at('05:59'), at('06:00')]).toEqual([false, true, true, false])
})

it('counts up, and never below zero when clocks differ', () => {
  expect([running(-4000), running(7400), running(271_000), running(3_729_000)]).toEqual([
    '0:00',
    '0:07',
    '4:31',
    '1:02:09',
  ])
})
