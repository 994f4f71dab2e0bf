// Figures as people read them, and the days that a question may be about.
import type { BoardLine } from '../wire/types'

/** `97,4 %` from 974 of a thousand. */
export function perCent(permille: number, language: string): string {
  const text = permille === 1000 || permille === 0 ? String(permille / 10) : (permille / 10).toFixed(1)
  return language === 'sv' ? `${text.replace('.', ',')} %` : `${text}%`
}

/** Those that somebody waits in first, whoever waited longest on top; then by name. */
export function ordered(lines: readonly BoardLine[], language: string): BoardLine[] {
  const since = (line: BoardLine) => (line.waiting.oldest_at === null ? Infinity : Date.parse(line.waiting.oldest_at))
  return [...lines].sort((one, other) => {
    const [a, b] = [since(one), since(other)]
    return a === b ? one.name.localeCompare(other.name, language) : a - b
  })
}

/** How urgent it is that the oldest is taken: after a minute, after three. */
export function toneOf(waitedMs: number): 'calm' | 'warning' | 'danger' {
  return waitedMs > 180_000 ? 'danger' : waitedMs > 60_000 ? 'warning' : 'calm'
}

export interface Period {
  first: string
  last: string
}

/** So many days up to and with that one; days are `2026-01-15`. */
export function daysUntil(last: string, count: number): Period {
  const at = Date.parse(`${last}T00:00:00Z`)
  return { first: new Date(at - (count - 1) * 86_400_000).toISOString().slice(0, 10), last }
}

/** A question that the hub would answer: both are days, in order. How long it may be the hub says. */
export function isPeriod({ first, last }: Period): boolean {
  const day = /^\d{4}-\d{2}-\d{2}$/
  return day.test(first) && day.test(last) && first <= last
}
