// Something that changes by itself: asked for again now and then while the page is looked at. What was read stays on the
// page when a later asking fails, and is then said to be old.
import { useCallback, useEffect, useState } from 'react'
import { ask, Problem } from '../../shell/ask'
import type { Unread } from './useHeld'

const EVERY = 15_000

export type Watched<View> = Unread | { state: 'read'; view: View; old: boolean }

export function useWatched<View>(path: string): [Watched<View>, () => void] {
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
    const timer = setInterval(() => {
      // Each asking is in the access log: nobody looks at a page that is hidden.
      if (!document.hidden) look()
    }, EVERY)
    return () => clearInterval(timer)
  }, [look])
  return [watched, look]
}
