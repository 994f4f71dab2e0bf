// The desk's line to the hub, put together: model, socket, clock, drafts. The one place where a desk's effects happen.
import { ask, Problem } from '../shell/ask'
import type { Clock } from '../shell/clock'
import { assertNever } from '../shell/never'
import type { Now } from '../shell/now'
import { createSocket } from '../shell/socket'
import { createStore, type Store } from '../shell/store'
import type { CaseView, SessionView } from '../wire/types'
import type { Drafts } from './drafts'
import { type Act, type DeskOut, type Feed, type FeedEffect, type FeedEvent, newFeed, stepFeed } from './feed'

export interface Hub {
  store: Store<Feed, FeedEvent>
  act(on: string, act: Act): void
  clock: Clock
  end(): void
}

export interface HubNeeds {
  clock: Clock
  now: Now
  drafts: Drafts
  arrived(cases: CaseView[]): void
  sessionOver(): void
  somebodyElse(): void
}

export function openHub({ clock, now, drafts, arrived, sessionOver, somebodyElse }: HubNeeds): Hub {
  const run = (effect: FeedEffect) => {
    switch (effect.type) {
      case 'open':
        return socket.open()
      case 'drop':
        return socket.drop()
      case 'send':
        return socket.send(effect.message)
      case 'time':
        return now.correct(Date.parse(effect.hubTime))
      case 'arrived':
        return arrived(effect.cases)
      case 'done':
        return forget(drafts, effect.pending.case, effect.pending.act)
      case 'ask_session':
        return void whoIsHere().then((who) => who === null && sessionOver())
      case 'check_person':
        return void whoIsHere().then((who) => who && who !== effect.person && somebodyElse())
      default:
        return assertNever(effect)
    }
  }
  const store = createStore<Feed, FeedEvent, FeedEffect>(newFeed(clock.mono()), stepFeed, run)
  const socket = createSocket('/api/v1/desk', clock, {
    opened: (at) => store.send({ type: 'opened', at }),
    heard: (message, at) => store.send({ type: 'heard', at, message: message as DeskOut }),
    closed: (at, chance) => store.send({ type: 'closed', at, chance }),
    tick: (at, chance) => store.send({ type: 'tick', at, chance }),
  })
  socket.open()
  return {
    store,
    clock,
    act: (on, what) => store.send({ type: 'act', at: clock.mono(), id: crypto.randomUUID(), case: on, act: what }),
    end: () => socket.end(),
  }
}

/** What was written is forgotten only when the hub has it, and only what it has: not what was added since. */
function forget(drafts: Drafts, on: string, act: Act): void {
  if (act.act === 'close') drafts.clear(on)
  if (act.act === 'note' && drafts.get(on).note.trim() === act.text) drafts.change(on, { note: '' })
}

/** The person or device of this session; null when it is over, undefined while the hub does not say. */
async function whoIsHere(): Promise<string | null | undefined> {
  try {
    const { person, device } = await ask<SessionView>('/api/v1/session', { patience: 5000 })
    return person ?? device
  } catch (error) {
    return error instanceof Problem && error.status === 401 ? null : undefined
  }
}
