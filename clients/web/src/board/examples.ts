// Figures for tests, as the hub would send them.
import type { Answered, AnsweredWithin, Board } from '../wire/types'

type Pair = readonly [inTime: number, decided: number]

export function within(...pairs: Pair[]): AnsweredWithin[] {
  const goals = [null, 975, 990]
  return pairs.map(([in_time, decided], number) => ({
    seconds: [30, 60, 180][number] ?? 0,
    decided,
    in_time,
    permille: decided ? Math.floor((in_time * 1000) / decided) : null,
    goal: goals[number] ?? null,
    verdict: goals[number] ? (decided === 0 ? 'none' : in_time === decided ? 'held' : 'few') : 'no_goal',
  }))
}

export function answered(inTime: number, decided: number): Answered {
  const pair = [inTime, decided] as const
  return {
    cases: decided,
    answered: inTime,
    unanswered: decided - inTime,
    undecided: 0,
    within: within(pair, pair, pair),
    p50: decided ? 9 : null,
    p90: decided ? 21 : null,
    p99: decided ? 48 : null,
  }
}

export function aBoard(more: Partial<Board> = {}): Board {
  const nobody = { cases: 0, oldest_at: null }
  const oldest_at = '2026-01-15T03:08:00.000Z'
  const waiting = { cases: 2, oldest_at }
  const day = answered(40, 41)
  return {
    at: '2026-01-15T03:10:00.000Z',
    place: 'Larmcentralen Väst',
    waiting,
    priorities: [{ priority: 2, ...waiting }],
    taken: 3,
    on_hold: 1,
    technical: nobody,
    hour: answered(4, 5),
    day,
    hours: Array.from({ length: 24 }, (_, hour) => ({
      ...answered(hour, hour),
      starts_at: new Date(Date.parse('2026-01-14T04:00:00.000Z') + hour * 3_600_000).toISOString(),
    })),
    principals: [
      {
        id: 'a',
        name: 'Alingsås',
        waiting: nobody,
        priorities: [],
        taken: 0,
        on_hold: 0,
        technical: nobody,
        hour: answered(0, 0),
        day,
      },
      {
        id: 'h',
        name: 'Härryda',
        waiting,
        priorities: [{ priority: 2, ...waiting }],
        taken: 3,
        on_hold: 1,
        technical: nobody,
        hour: answered(4, 5),
        day,
      },
    ],
    people: [
      { id: 'karin', name: 'Karin Ekdahl', role: 'operator', taken: 2, on_hold: 1 },
      { id: 'jonas', name: 'Jonas Wiberg', role: null, taken: 1, on_hold: 0 },
    ],
    ...more,
  }
}
