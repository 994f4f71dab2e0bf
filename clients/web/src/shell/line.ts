// The line to the hub: open, heard, silent, cut, tried again. No sockets and no clock in here.

/** How patient a line is, in ms. */
export interface Patience {
  /** Silence after which what is shown may be old. */
  old: number
  /** Silence after which the connection is given up and made anew. */
  dead: number
  /** First and longest wait before trying again. */
  first: number
  longest: number
}

export interface Line {
  phase: 'opening' | 'open' | 'waiting'
  /** When something was last heard, by the monotonic clock; none before the first message. */
  heardAt: number | null
  /** When this phase began. */
  since: number
  attempts: number
  retryAt: number
  /** True while everything shown is at most `Patience.old` behind. */
  live: boolean
}

export type LineEvent =
  | { type: 'opened' }
  | { type: 'heard' }
  | { type: 'closed'; chance: number }
  | { type: 'tick'; chance: number }

export type LineEffect = { type: 'open' } | { type: 'drop' }

export function newLine(at: number): Line {
  return { phase: 'opening', heardAt: null, since: at, attempts: 0, retryAt: 0, live: false }
}

/** Doubles from first to longest; `chance` (0–1) spreads many pages over the upper half, so that they do not come as one. */
export function wait(attempts: number, chance: number, patience: Patience): number {
  const whole = Math.min(patience.longest, patience.first * 2 ** Math.min(attempts, 16))
  return whole * (0.5 + chance / 2)
}

export function stepLine(line: Line, event: LineEvent, at: number, patience: Patience): [Line, LineEffect[]] {
  switch (event.type) {
    case 'opened':
      return [{ ...line, phase: 'open', since: at }, []]
    case 'heard':
      return [{ ...line, phase: 'open', heardAt: at, attempts: 0, live: true }, []]
    case 'closed':
      if (line.phase === 'waiting') return [line, []]
      return [cut(line, at, event.chance, patience), []]
    case 'tick':
      return tick(line, at, event.chance, patience)
  }
}

function cut(line: Line, at: number, chance: number, patience: Patience): Line {
  const retryAt = at + wait(line.attempts, chance, patience)
  return { ...line, phase: 'waiting', since: at, attempts: line.attempts + 1, retryAt, live: false }
}

function tick(line: Line, at: number, chance: number, patience: Patience): [Line, LineEffect[]] {
  if (line.phase === 'waiting') {
    if (at < line.retryAt) return [line, []]
    return [{ ...line, phase: 'opening', since: at }, [{ type: 'open' }]]
  }
  const silent = at - Math.max(line.since, line.heardAt ?? line.since)
  // Nothing heard is a cut too: a half-open connection never says that it is gone.
  if (silent >= patience.dead) return [cut(line, at, chance, patience), [{ type: 'drop' }]]
  const live = line.live && silent < patience.old
  return [live === line.live ? line : { ...line, live }, []]
}
