// Runs a model: events in, state out, effects carried out; pages are told at most once a frame.
import { useSyncExternalStore } from 'react'

export interface Store<State, Event> {
  get(): State
  send(event: Event): void
  subscribe(listener: () => void): () => void
}

type Frame = (publish: () => void) => void

/** A hidden tab gets no frames, but its title and its sound must go on. */
const nextFrame: Frame = (publish) => {
  if (document.hidden) queueMicrotask(publish)
  else requestAnimationFrame(publish)
}

/** `run` carries out one effect; it may send new events. Events sent meanwhile are taken in order. */
export function createStore<State, Event, Effect>(
  initial: State,
  reduce: (state: State, event: Event) => [State, Effect[]],
  run: (effect: Effect, send: (event: Event) => void) => void,
  frame: Frame = nextFrame,
): Store<State, Event> {
  let state = initial
  let published = initial
  let scheduled = false
  const listeners = new Set<() => void>()

  const publish = () => {
    scheduled = false
    if (published === state) return
    published = state
    for (const listener of listeners) listener()
  }

  const send = (event: Event) => {
    const [next, effects] = reduce(state, event)
    if (next !== state) {
      state = next
      if (!scheduled) {
        scheduled = true
        frame(publish)
      }
    }
    for (const effect of effects) run(effect, send)
  }

  return {
    get: () => published,
    send,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The published state, or a part of it; the page is drawn anew only when that part has changed. */
export function useStore<State, Event, Part>(store: Store<State, Event>, choose: (state: State) => Part): Part {
  return useSyncExternalStore(store.subscribe, () => choose(store.get()))
}
