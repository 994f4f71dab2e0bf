// Two weeks of a rota as bands: where each turn stands, in whose tone, and the gaps.
import type { RotaSeen, TurnView } from '../../wire/types'

export const ROOM = { width: 960, left: 118, right: 6, head: 26, row: 38, gap: 6 }
export const TONES = 6
const DAY = 86_400_000

export interface Band {
  /** The layer's id; nothing for what comes of them all. */
  layer: string | null
  y: number
  pieces: { key: string; x: number; width: number; person: string | null; name: string; tone: number }[]
}

/** Everybody who has a turn, in the order in which they come first: their place is their tone. */
export function onCall(seen: RotaSeen): { id: string; name: string }[] {
  const found = new Map<string, string>()
  for (const turn of [...seen.turns, ...seen.layers.flatMap((layer) => layer.turns)]) {
    if (turn.person && !found.has(turn.person.id)) found.set(turn.person.id, turn.person.name)
  }
  return [...found].map(([id, name]) => ({ id, name }))
}

export function xOf(at: number, seen: Pick<RotaSeen, 'starts_at' | 'ends_at'>): number {
  const from = Date.parse(seen.starts_at)
  const share = (at - from) / (Date.parse(seen.ends_at) - from)
  return Math.round((ROOM.left + (ROOM.width - ROOM.left - ROOM.right) * share) * 100) / 100
}

/** What comes of all layers first, then each layer alone. */
export function bands(seen: RotaSeen): Band[] {
  const people = onCall(seen).map((one) => one.id)
  const rows: { layer: string | null; turns: readonly TurnView[] }[] = [
    { layer: null, turns: seen.turns },
    ...seen.layers.map(({ layer, turns }) => ({ layer, turns })),
  ]
  return rows.map(({ layer, turns }, number) => ({
    layer,
    y: ROOM.head + number * (ROOM.row + ROOM.gap),
    pieces: turns
      .filter((turn) => turn.person !== null || layer === null)
      .map((turn) => {
        const x = xOf(Date.parse(turn.starts_at), seen)
        const width = Math.round((xOf(Date.parse(turn.ends_at), seen) - x) * 100) / 100
        const person = turn.person?.id ?? null
        const tone = person === null ? -1 : people.indexOf(person) % TONES
        return { key: turn.starts_at, x, width, person, name: turn.person?.name ?? '', tone }
      }),
  }))
}

export function heightOf(count: number): number {
  return ROOM.head + count * (ROOM.row + ROOM.gap)
}

/** The noon of each day drawn: a moment that has the day's date whatever clocks do. */
export function noons(seen: Pick<RotaSeen, 'starts_at' | 'ends_at'>): number[] {
  const from = Date.parse(seen.starts_at)
  const days = Math.round((Date.parse(seen.ends_at) - from) / DAY)
  return Array.from({ length: days }, (_, number) => from + number * DAY + DAY / 2)
}

/** `AH` for Anna Holm: what there is room for in a short turn. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`
}
