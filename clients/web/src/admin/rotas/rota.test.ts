import i18next from 'i18next'
import { expect, it } from 'vitest'
import type { RotaSeen } from '../../wire/types'
import { NOTHING } from '../parts/useChoices'
import { bands, initials, noons, onCall, ROOM, xOf } from './plot'
import { draftOf, layerSentence, pastIn, withLayer, withOverride, withoutPast, withSwap } from './rota'

const t = i18next.t
const NOW = Date.parse('2026-01-15T02:10:00Z')
const ANNA = { id: 'anna', name: 'Anna Holm', units: [] }
const AMIR = { id: 'amir', name: 'Amir Haddad', units: [] }
const choices = { ...NOTHING, workers: [ANNA, AMIR] }

// The two weeks in which clocks go forward: an hour shorter.
const SEEN: RotaSeen = {
  starts_at: '2026-03-22T23:00:00.000Z',
  ends_at: '2026-04-05T22:00:00.000Z',
  on_now: ANNA,
  turns: [
    { starts_at: '2026-03-22T23:00:00.000Z', ends_at: '2026-03-29T22:00:00.000Z', person: ANNA },
    { starts_at: '2026-03-29T22:00:00.000Z', ends_at: '2026-04-05T22:00:00.000Z', person: null },
  ],
  layers: [
    {
      layer: 'a',
      turns: [
        { starts_at: '2026-03-22T23:00:00.000Z', ends_at: '2026-03-29T22:00:00.000Z', person: AMIR },
        { starts_at: '2026-03-29T22:00:00.000Z', ends_at: '2026-04-05T22:00:00.000Z', person: null },
      ],
    },
  ],
  gaps: [],
}

it('draws who is on in the end, gaps and all, and beneath it each layer alone', () => {
  const [all, layer] = bands(SEEN)
  expect(all?.pieces.map((piece) => piece.person)).toEqual(['anna', null])
  expect(layer?.pieces.map((piece) => piece.person)).toEqual(['amir'])
  expect(layer?.pieces[0]?.tone).not.toBe(all?.pieces[0]?.tone)
  expect(xOf(Date.parse(SEEN.starts_at), SEEN)).toBe(ROOM.left)
  expect(xOf(Date.parse(SEEN.ends_at), SEEN)).toBe(ROOM.width - ROOM.right)
  expect(onCall(SEEN).map((one) => one.name)).toEqual(['Anna Holm', 'Amir Haddad'])
  expect([initials('Anna Holm'), initials('Åsa Maria Ek'), initials('Bo'), initials('')]).toEqual(['AH', 'ÅE', 'B', ''])
})

it('has fourteen days also when one of them is shorter', () => {
  expect(noons(SEEN)).toHaveLength(14)
})

it('begins layers, overrides and swaps with what may be stored', () => {
  const layered = withLayer(draftOf(null), NOW)
  expect([layered.layers[0]?.starts, layered.layers[0]?.shift_hours]).toEqual(['2026-01-15', 168])
  const changed = withSwap(withOverride(layered, choices, NOW), choices, NOW)
  expect(changed.overrides[0]).toMatchObject({ person: 'anna', starts_at: '2026-01-16T07:00:00.000Z' })
  expect(changed.swaps[0]?.persons).toEqual(['anna', 'amir'])
  const ids = [...changed.layers, ...changed.overrides, ...changed.swaps].map((one) => one.id)
  expect(new Set(ids).size).toBe(3)
  expect(withSwap(layered, { ...choices, workers: [ANNA] }, NOW).swaps).toEqual([])
})

it('puts away only what is over', () => {
  const changed = withOverride(draftOf(null), choices, NOW)
  expect(pastIn(changed, NOW)).toBe(0)
  const later = NOW + 7 * 86_400_000
  expect(pastIn(changed, later)).toBe(1)
  expect(withoutPast(changed, later).overrides).toEqual([])
})

it('says a layer in a sentence', () => {
  const layer = {
    id: 'a',
    persons: ['anna', 'amir'],
    starts: '2026-01-01',
    handover: '08:00',
    shift_hours: 168,
    hours: [],
  }
  expect(layerSentence(layer, choices, t)).toBe('Anna Holm, Amir Haddad: 1 vecka i taget, byte 08:00, alltid.')
  expect(layerSentence({ ...layer, shift_hours: 36 }, choices, t)).toContain('36 timmar')
})
