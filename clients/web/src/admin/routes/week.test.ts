import i18next from 'i18next'
import { expect, it } from 'vitest'
import type { RuleBody, WeekDay, WeekStretch } from '../../wire/types'
import { NOTHING } from '../parts/useChoices'
import { draftOf, ruleSentence, withOverflow, withRule } from './routing'
import { alike, drawn, fitted, loudHours, ROOM, ways } from './week'

const t = i18next.t
const WEST = { id: 'west', name: 'Väst' }

function stretch(starts: number, ends: number, more: Partial<WeekStretch> = {}): WeekStretch {
  return { starts, ends, desks: [WEST], rule: 'natt', plan: 'natt', failed: [], ...more }
}

const loud = stretch(420, 1260, { desks: [], rule: null, failed: ['no_rule'] })
const day = (name: string, ...stretches: WeekStretch[]): WeekDay => ({ day: name, holiday: false, stretches })
const WEEK = [
  day('2026-01-12', stretch(0, 420), loud, stretch(1260, 1440)),
  day('2026-01-13', stretch(0, 420), loud, stretch(1260, 1440)),
  day('2026-01-14', stretch(0, 700), stretch(700, 1440, { rule: 'dag' })),
]

it('finds the hours that nobody is meant to answer', () => {
  expect(loudHours(WEEK).map((one) => [one.from.day, one.to.day, one.stretches.length])).toEqual([
    ['2026-01-12', '2026-01-13', 1],
  ])
  expect(loudHours([WEEK[2] ?? day('')])).toEqual([])
})

it('draws a day from edge to edge, loud where nobody is meant, as one piece where only the rule is another', () => {
  const pieces = drawn(WEEK)
  const monday = pieces.filter((one) => one.day === 0)
  expect(monday.map((one) => one.loud)).toEqual([false, true, false])
  expect(monday[0]?.x).toBe(ROOM.left)
  expect((monday[2]?.x ?? 0) + (monday[2]?.width ?? 0)).toBeCloseTo(ROOM.width - ROOM.right, 1)
  expect(pieces.filter((one) => one.day === 2)).toHaveLength(1)
  expect(ways(WEEK)).toHaveLength(1)
})

it('tells days that are alike as one, and no others', () => {
  expect(alike(WEEK).map(({ from, to }) => [from.day, to.day])).toEqual([
    ['2026-01-12', '2026-01-13'],
    ['2026-01-14', '2026-01-14'],
  ])
  const holiday = { ...day('2026-01-13', ...(WEEK[0]?.stretches ?? [])), holiday: true }
  expect(alike([WEEK[0] ?? holiday, holiday])).toHaveLength(2)
})

it('writes as much of a name as there is room for', () => {
  expect(fitted('Larmcentralen Väst', 400)).toBe('Larmcentralen Väst')
  expect(fitted('Larmcentralen Väst', 92)).toBe('Larmcentr…')
  expect(fitted('Larmcentralen Väst', 30)).toBe('')
})

it('says a rule in a sentence', () => {
  const choices = { ...NOTHING, desks: [WEST], plans: [{ id: 'natt', name: 'Natt' }] }
  const rule: RuleBody = { id: 'a', kinds: [], reasons: ['fire'], hours: [], desks: ['west', 'gone'], plan: 'natt' }
  expect(ruleSentence(rule, choices, t)).toBe('Alltid. Brandlarm: Väst och sedan gone. Plan: Natt.')
  const all = { ...rule, reasons: [], desks: [], plan: null, kinds: ['technical' as const] }
  expect(ruleSentence(all, choices, t)).toContain('Fel på saker: alla larmcentraler som har avtal.')
  const draft = withRule(draftOf(null), choices)
  expect(draft.rules[0]?.desks).toEqual(['west'])
})

it('begins an overflow at the coming whole hour, for a day', () => {
  const [one] = withOverflow(draftOf(null), Date.parse('2026-01-15T02:10:00Z')).overflows
  expect([one?.starts_at, one?.ends_at]).toEqual(['2026-01-15T03:00:00.000Z', '2026-01-16T03:00:00.000Z'])
})
