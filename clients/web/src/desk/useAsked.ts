// Answers from the hub about what is open on the desk: asked once for each opening, asked again when asked to.
import { useCallback, useEffect, useState } from 'react'
import { ask, Problem } from '../shell/ask'

export type Asked<Answer> =
  | { state: 'none' }
  | { state: 'waiting' }
  | { state: 'here'; answer: Answer }
  | { state: 'failed'; code: string }

/**
 * Asks `path` once; null asks nothing. A changed path is asked after `rest` ms, so that walking through the queue with
 * the arrows opens no card on the way: each opening is a look, and each look is logged.
 */
export function useAsked<Answer>(path: string | null, rest: number): [Asked<Answer>, () => void] {
  const [asked, setAsked] = useState<Asked<Answer> & { path?: string | null }>({ state: 'none' })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn asks the same path again
  useEffect(() => {
    if (path === null) {
      setAsked({ state: 'none' })
      return
    }
    const leaving = new AbortController()
    setAsked({ state: 'waiting', path })
    const timer = setTimeout(async () => {
      try {
        const answer = await ask<Answer>(path, { signal: leaving.signal })
        setAsked({ state: 'here', answer, path })
      } catch (error) {
        if (leaving.signal.aborted) return
        setAsked({ state: 'failed', code: error instanceof Problem ? error.code : 'unknown', path })
      }
    }, rest)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [path, rest, turn])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  // Never another path's answer, not even for one frame: it would be another person's card.
  return [asked.path === path || path === null ? asked : { state: 'waiting' }, again]
}

/**
 * The newest answer for `path`, asked again when `version` changes, at most every `pace` ms. What is shown stays until
 * the new answer is here; a hub that is away is asked again until it answers.
 */
export function useFollowed<Answer>(path: string | null, version: number, pace: number): Asked<Answer> {
  const [asked, setAsked] = useState<Asked<Answer> & { path?: string | null }>({ state: 'none' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is the reason to ask again
  useEffect(() => {
    if (path === null) return
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      try {
        const answer = await ask<Answer>(path, { signal: leaving.signal })
        setAsked({ state: 'here', answer, path })
      } catch (error) {
        if (leaving.signal.aborted) return
        const code = error instanceof Problem ? error.code : 'unknown'
        setAsked((before) =>
          before.path === path && before.state === 'here' ? before : { state: 'failed', code, path },
        )
        // What the hub refuses it refuses again, and each look is logged.
        const refused = error instanceof Problem && error.status >= 400 && error.status < 500
        if (!refused) timer = setTimeout(look, 2000)
      }
    }
    timer = setTimeout(look, pace)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [path, version, pace])
  if (path === null) return { state: 'none' }
  return asked.path === path ? asked : { state: 'waiting' }
}
