// The board, asked for again every few seconds; what is shown stays when the hub is away, and says so.
import { useContext, useEffect, useState } from 'react'
import { ask, Problem } from '../shell/ask'
import { type Clock, machineClock } from '../shell/clock'
import { NowContext } from '../shell/now'
import type { Board } from '../wire/types'

export const PACE = 3000
/** Ms without an answer before what is shown may be old. */
export const OLD = 10_000

export interface Watched {
  board: Board | null
  /** Ms by the steady clock when the last answer came; null before the first. */
  heardAt: number | null
  /** The hub's last no, when it will say it again: the session has ended, the role is another. */
  refused: string | null
}

export function useBoard(principal: string, clock: Clock = machineClock): Watched {
  const now = useContext(NowContext)
  const [watched, setWatched] = useState<Watched & { of?: string }>({ board: null, heardAt: null, refused: null })
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const path = principal === '' ? '/api/v1/board' : `/api/v1/board?principal=${encodeURIComponent(principal)}`
    const look = async () => {
      try {
        const board = await ask<Board>(path, { signal: leaving.signal })
        now.correct(Date.parse(board.at))
        setWatched({ board, heardAt: clock.mono(), refused: null, of: principal })
      } catch (error) {
        if (leaving.signal.aborted) return
        // What the hub refuses it refuses again, and each attempt is logged.
        if (error instanceof Problem && error.status >= 400 && error.status < 500) {
          setWatched((before) => ({ ...before, refused: error.code }))
          return
        }
      }
      timer = setTimeout(look, PACE)
    }
    void look()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [principal, clock, now])
  // Never another principal's figures under this one's name.
  return watched.of === principal ? watched : { board: null, heardAt: null, refused: watched.refused }
}
