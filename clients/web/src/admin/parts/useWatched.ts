// Something that changes by itself: asked for again now and then while the page is looked at. What was read stays on the
// page when a later asking fails, and is then said to be old.
import { useCallback, useEffect, useState } from 'react'
import { ask, Problem } from '../../shell/ask'
import type { Unread } from './useHeld'

export type Watched<View> = Unread | { state: 'read'; view: View; old: boolean }

/** `every` so many ms; each asking is in the access log, so what changes only here is asked for when it has (`look`). */
export function useWatched<View>(path: string, every: number | null): [Watched<View>, () => void] {
  const [watched, setWatched] = useState<Watched<View>>({ state: 'waiting' })
  const [again, setAgain] = useState(0)
  const look = useCallback(() => setAgain((times) => times + 1), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is there to ask again
  useEffect(() => {
    const leaving = new AbortController()
    ask<View>(path, { signal: leaving.signal }).then(
      (view) => setWatched({ state: 'read', view, old: false }),
      (error) => {
        if (leaving.signal.aborted) return
        const status = error instanceof Problem ? error.status : 0
        setWatched((now) => (now.state === 'read' ? { ...now, old: true } : { state: 'failed', status }))
      },
    )
    return () => leaving.abort()
  }, [path, again])
  useEffect(() => {
    if (every === null) return
    const timer = setInterval(() => {
      // Nobody looks at a page that is hidden.
      if (!document.hidden) look()
    }, every)
    return () => clearInterval(timer)
  }, [look, every])
  return [watched, look]
}
