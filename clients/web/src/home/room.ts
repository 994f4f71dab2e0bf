// The resident's line to the hub, put together: model, socket, and the posting of presses.
import { ask } from '../shell/ask'
import type { Clock } from '../shell/clock'
import { assertNever } from '../shell/never'
import type { Now } from '../shell/now'
import { createSocket } from '../shell/socket'
import { createStore, type Store } from '../shell/store'
import type { Accepted, DeviceEvent, HomeBeat, HomeStatus } from '../wire/types'
import { keepNumber, keepUnsent, keptUnsent } from './keep'
import { type Home, type HomeEffect, type HomeEvent, newHome, stepHome } from './press'

export interface Room {
  store: Store<Home, HomeEvent>
  press(): void
  end(): void
}

/** An answer that takes longer is no answer: the same event is sent again. */
const ANSWER_WITHIN = 6000

export function openRoom(device: string, clock: Clock, now: Now): Room {
  const run = (effect: HomeEffect) => {
    switch (effect.type) {
      case 'open':
        return socket.open()
      case 'drop':
        return socket.drop()
      case 'keep':
        return keepUnsent(device, effect.unsent)
      case 'time':
        return now.correct(Date.parse(effect.hubTime))
      case 'post':
        return void post(effect.event)
      default:
        return assertNever(effect)
    }
  }
  const store = createStore<Home, HomeEvent, HomeEffect>(
    newHome(device, keptUnsent(device), clock.mono()),
    stepHome,
    run,
  )
  const post = async (event: DeviceEvent) => {
    try {
      await ask<Accepted>('/api/v1/device/events', {
        method: 'POST',
        body: event,
        type: 'application/cloudevents+json',
        patience: ANSWER_WITHIN,
      })
      store.send({ type: 'accepted', at: clock.mono(), wall: now.get(), id: event.id })
    } catch {
      // Whatever the reason: the press is still there, and is sent again.
      store.send({ type: 'failed', at: clock.mono(), id: event.id })
    }
  }
  const socket = createSocket('/api/v1/home', clock, {
    opened: (at) => store.send({ type: 'opened', at }),
    heard: (said, at) => {
      const message = said as HomeStatus | HomeBeat
      if (message.type === 'status') keepNumber(message.call_number)
      store.send({ type: 'heard', at, message })
    },
    closed: (at, chance) => store.send({ type: 'closed', at, chance }),
    tick: (at, chance) => store.send({ type: 'tick', at, chance }),
  })
  socket.open()
  return {
    store,
    press: () => store.send({ type: 'press', at: clock.mono(), wall: now.get(), id: crypto.randomUUID() }),
    end: () => socket.end(),
  }
}
