// One clock for the whole page. Every running figure listens to it, and is drawn anew only when its own text changes.
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Clock } from './clock'
import { machineClock } from './clock'

export interface Now {
  /** Ms since 1970 by the hub's clock, as well as it is known. */
  get(): number
  /** What the hub said its time was; differences under a quarter of a second are the line's, not the clock's. */
  correct(hubTime: number): void
  subscribe(listener: () => void): () => void
}

export function createNow(clock: Clock): Now {
  let ahead = 0
  let shown = clock.wall()
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  const tick = () => {
    shown = clock.wall() + ahead
    for (const listener of listeners) listener()
  }
  return {
    get: () => (timer === undefined ? clock.wall() + ahead : shown),
    correct(hubTime) {
      const difference = hubTime - clock.wall()
      if (Math.abs(difference - ahead) > 250) ahead = difference
    },
    subscribe(listener) {
      listeners.add(listener)
      timer ??= setInterval(tick, 500)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && timer !== undefined) {
          clearInterval(timer)
          timer = undefined
        }
      }
    },
  }
}

export const NowContext = createContext<Now>(createNow(machineClock))

/** A text or figure made from the time; `make` must give something comparable with `===`. */
export function useNow<T extends string | number | boolean>(make: (now: number) => T): T {
  const now = useContext(NowContext)
  return useSyncExternalStore(now.subscribe, () => make(now.get()))
}
