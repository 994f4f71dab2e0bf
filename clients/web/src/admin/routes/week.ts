// A week as a drawing: where each stretch stands, in which tone, and which of them are loud.
import type { WeekDay, WeekStretch } from '../../wire/types'
import { same } from '../parts/hold'

export const ROOM = { width: 960, left: 118, right: 6, head: 24, row: 44, gap: 6, minutes: 1440 }

/** Tones for who answers; after the last they begin again. */
export const TONES = 4

export interface Drawn {
  key: string
  day: number
  x: number
  y: number
  width: number
  height: number
  /** Whom, as one text; nothing when the case is before everybody. */
  names: string
  loud: boolean
  tone: number
  stretch: WeekStretch
}

/** Nobody was meant to answer, or who was meant to may not: it goes to everybody, and somebody should see to it. */
export function isLoud(stretch: WeekStretch): boolean {
  return stretch.failed.length > 0
}

export function namesOf(stretch: WeekStretch): string {
  return stretch.desks.map((desk) => desk.name).join(', ')
}

/** Where it goes and by which plan: what makes one stretch another than its neighbour. */
function way(stretch: WeekStretch): string {
  return JSON.stringify([namesOf(stretch), stretch.plan])
}

/** Each way that is taken some time, in the order in which it comes first: its place is its tone. */
export function ways(week: readonly WeekDay[]): WeekStretch[] {
  const found = new Map<string, WeekStretch>()
  for (const stretch of week.flatMap((day) => day.stretches)) {
    if (!isLoud(stretch) && !found.has(way(stretch))) found.set(way(stretch), stretch)
  }
  return [...found.values()]
}

/** Days that follow each other and are alike, as one: what a table need not say seven times. */
export function alike(week: readonly WeekDay[]): { from: WeekDay; to: WeekDay }[] {
  const found: { from: WeekDay; to: WeekDay }[] = []
  for (const day of week) {
    const last = found.at(-1)
    const like = last && last.from.holiday === day.holiday && same(last.from.stretches, day.stretches)
    if (like) last.to = day
    else found.push({ from: day, to: day })
  }
  return found
}

export function heightOf(days: number): number {
  return ROOM.head + days * (ROOM.row + ROOM.gap)
}

export function xOf(minutes: number): number {
  return round(ROOM.left + ((ROOM.width - ROOM.left - ROOM.right) * minutes) / ROOM.minutes)
}

/** Neighbours that go the same way are one piece, by whichever rule. */
export function drawn(week: readonly WeekDay[]): Drawn[] {
  const tones = ways(week).map(way)
  return week.flatMap((day, number) => {
    const joined: WeekStretch[] = []
    for (const stretch of day.stretches) {
      const last = joined.at(-1)
      if (last && isLoud(last) === isLoud(stretch) && way(last) === way(stretch)) {
        joined[joined.length - 1] = { ...last, ends: stretch.ends }
      } else joined.push(stretch)
    }
    return joined.map((stretch) => ({
      key: `${day.day}-${stretch.starts}`,
      day: number,
      x: xOf(stretch.starts),
      y: ROOM.head + number * (ROOM.row + ROOM.gap),
      width: round(xOf(stretch.ends) - xOf(stretch.starts)),
      height: ROOM.row,
      names: namesOf(stretch),
      loud: isLoud(stretch),
      tone: tones.indexOf(way(stretch)) % TONES,
      stretch,
    }))
  })
}

/** As much of a text as there is room for, by the width of an ordinary letter; nothing rather than a letter or two. */
export function fitted(text: string, width: number, letter = 8): string {
  const room = Math.floor((width - 12) / letter)
  if (text.length <= room) return text
  return room < 5 ? '' : `${text.slice(0, room - 1).trimEnd()}…`
}

/** The hours that nobody is meant to answer, days that are alike as one. */
export function loudHours(week: readonly WeekDay[]): { from: WeekDay; to: WeekDay; stretches: WeekStretch[] }[] {
  return alike(week)
    .map(({ from, to }) => ({ from, to, stretches: from.stretches.filter(isLoud) }))
    .filter((some) => some.stretches.length > 0)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
