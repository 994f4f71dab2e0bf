// Where the columns of a plot stand: shares from the bottom up, what came late on top, nothing where nothing is decided.
import type { AnsweredWithin } from '../wire/types'

/** Columns are drawn in these units; the picture scales. `foot` is for the times, `head` for how many there were. */
export interface Room {
  width: number
  height: number
  left: number
  right: number
  head: number
  foot: number
}

export const ROOM: Room = { width: 960, height: 230, left: 48, right: 8, head: 22, foot: 26 }

/** `soon` within the shortest limit, `middle` within the next, `slow` within the longest, `late` after it or never. */
export type Part = 'soon' | 'middle' | 'slow' | 'late'
export const PARTS = ['soon', 'middle', 'slow', 'late'] as const

export interface Piece {
  part: Part
  /** Of a thousand, from the bottom. */
  from: number
  to: number
}

export interface Column {
  x: number
  width: number
  pieces: (Piece & { y: number; height: number })[]
}

/** The pieces of one group, bottom first. A limit for which nothing is decided yet ends the column there. */
export function pieces(within: readonly AnsweredWithin[]): Piece[] {
  const found: Piece[] = []
  let from = 0
  for (const [number, one] of within.entries()) {
    if (one.permille === null) return found
    const to = Math.max(from, one.permille)
    if (to > from) found.push({ part: PARTS[number] ?? 'slow', from, to })
    from = to
  }
  if (within.length > 0 && from < 1000) found.push({ part: 'late', from, to: 1000 })
  return found
}

/** How high on the picture so many of a thousand are. */
export function heightOf(permille: number, room: Room = ROOM): number {
  const inside = room.height - room.head - room.foot
  return round(room.head + inside * (1 - permille / 1000))
}

/** One column for each group, all as wide, with a gap between them as long as there is room for one. */
export function columns(groups: readonly { within: readonly AnsweredWithin[] }[], room: Room = ROOM): Column[] {
  const step = (room.width - room.left - room.right) / Math.max(1, groups.length)
  const gap = step > 8 ? step * 0.22 : step > 3 ? 1 : 0
  return groups.map((group, number) => ({
    x: round(room.left + step * number + gap / 2),
    width: round(step - gap),
    pieces: pieces(group.within).map((piece) => {
      const y = heightOf(piece.to, room)
      return { ...piece, y, height: round(heightOf(piece.from, room) - y) }
    }),
  }))
}

/** Which of so many columns have their name beneath: evenly, and no more than there is room for. */
export function named(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / every) }, (_, number) => number * every)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
