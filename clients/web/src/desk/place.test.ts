import i18next from 'i18next'
import { expect, it } from 'vitest'
import { aPosition } from './examples'
import { agoOf, degrees, exactly, geoLink, isOld, outsideLink } from './place'

const t = i18next.getFixedT('en')
const TAKEN = Date.parse('2026-11-22T02:00:00.000Z')

it('says how long ago, and grows older by itself', () => {
  const position = aPosition()
  expect(agoOf(position, TAKEN + 20_000, t)).toBe('Taken less than a minute ago')
  expect(agoOf(position, TAKEN + 60_000, t)).toBe('Taken 1 minute ago')
  expect(agoOf(position, TAKEN + 59 * 60_000, t)).toBe('Taken 59 minutes ago')
  expect(agoOf(position, TAKEN + 2 * 3_600_000, t)).toBe('Taken 2 hours ago')
  expect(agoOf(position, TAKEN + 80 * 3_600_000, t)).toBe('Taken 3 days ago')
})

it('calls nothing new whose age nobody knows', () => {
  const position = aPosition({ taken_at: null, old_at: '2026-11-22T02:00:00.000Z' })
  expect(agoOf(position, TAKEN + 60_000, t)).toContain('did not say when')
  expect(isOld(position, TAKEN)).toBe(true)
})

it('is old from the moment the hub says', () => {
  expect(isOld(aPosition(), TAKEN + 599_000)).toBe(false)
  expect(isOld(aPosition(), TAKEN + 600_000)).toBe(true)
})

it('rounds how exactly it is, never to something better', () => {
  const words = (metres: number | null) => exactly(metres, t)
  expect(words(3)).toBe('within about 5 metres')
  expect(words(18)).toBe('within about 20 metres')
  expect(words(73)).toBe('within about 80 metres')
  expect(words(260)).toBe('within about 300 metres')
  expect(words(1400)).toBe('within about 2 kilometres')
  expect(words(null)).toContain('not known')
})

it('can be opened elsewhere and read aloud', () => {
  expect(degrees(aPosition())).toBe('58.38660, 13.43910')
  expect(geoLink(aPosition())).toBe('geo:58.386600,13.439100;u=18')
  expect(geoLink(aPosition({ accuracy_m: null }))).toBe('geo:58.386600,13.439100')
  expect(outsideLink(aPosition())).toMatch(/^https:\/\/www\.openstreetmap\.org\/\?mlat=58\.386600&mlon=13\.439100#map=/)
})
