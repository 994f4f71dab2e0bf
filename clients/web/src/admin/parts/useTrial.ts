// What the draft on the page would come to, asked of the hub's own rules when the hands rest. Nothing is stored.
import { useEffect, useRef, useState } from 'react'
import { ask, Problem } from '../../shell/ask'
import type { Draft, DraftSeen } from '../../wire/types'
import type { Asked } from '../foresee'

export type Drafted = Partial<Pick<Draft, 'plan' | 'routing' | 'rota'>>

/** `seen` is the last answer, shown until the next is here, `fresh` whether it is about what is on the page now; `invalid` when it cannot be read. */
export interface Trial {
  seen: DraftSeen | null
  fresh: boolean
  trouble: 'none' | 'invalid' | 'unreachable'
}

const REST = 600

/** Asks again when the draft, the alarm it is tried with or `again` has changed. */
export function useTrial(drafted: Drafted, asked: Asked, again = 0): Trial {
  const [trial, setTrial] = useState<Trial>({ seen: null, fresh: false, trouble: 'none' })
  const { kind, reason, day, time } = asked
  const body = JSON.stringify({ at: `${day}T${time}`, kind, reason, ...drafted })
  const first = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is there to ask again
  useEffect(() => {
    const leaving = new AbortController()
    setTrial((now) => ({ ...now, fresh: false }))
    // Who is typing is not asked for each letter: every asking is logged.
    const timer = setTimeout(
      async () => {
        try {
          const said = JSON.parse(body) as Draft
          const seen = await ask<DraftSeen>('/api/v1/routing/draft', {
            method: 'POST',
            body: said,
            signal: leaving.signal,
          })
          setTrial({ seen, fresh: true, trouble: 'none' })
        } catch (error) {
          if (leaving.signal.aborted) return
          const invalid = error instanceof Problem && error.status === 422
          setTrial((now) => ({ ...now, fresh: false, trouble: invalid ? 'invalid' : 'unreachable' }))
        }
      },
      first.current ? 0 : REST,
    )
    first.current = false
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [body, again])
  return trial
}
