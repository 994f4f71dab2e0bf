// Who is using the page.
import { useEffect, useState } from 'react'
import type { SessionView } from '../wire/types'
import { ask, Problem } from './ask'

export type Session =
  | { state: 'asking' }
  | { state: 'known'; view: SessionView }
  | { state: 'nobody' }
  | { state: 'unreachable' }

const AGAIN = 2000

/** Asks until the hub has answered; a hub that is away is not the same as nobody being logged in. */
export function useSession(): Session {
  const [session, setSession] = useState<Session>({ state: 'asking' })
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      try {
        const view = await ask<SessionView>('/api/v1/session', { signal: leaving.signal, patience: 5000 })
        setSession({ state: 'known', view })
      } catch (error) {
        if (leaving.signal.aborted) return
        if (error instanceof Problem && error.status === 401) {
          setSession({ state: 'nobody' })
          return
        }
        setSession({ state: 'unreachable' })
        timer = setTimeout(look, AGAIN)
      }
    }
    void look()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [])
  return session
}
