// A responder's missions, put together: the line, the receipts kept in this browser, and sending them. All effects are here.
import { ask, Problem } from '../shell/ask'
import type { Clock } from '../shell/clock'
import { remember, remembered } from '../shell/memory'
import { assertNever } from '../shell/never'
import type { Now } from '../shell/now'
import { createSocket } from '../shell/socket'
import { createStore, type Store } from '../shell/store'
import type { MissionsBeat, MissionsNow, MissionView } from '../wire/types'
import {
  type Missions,
  type MissionsEffect,
  type MissionsEvent,
  newMissions,
  type Receipt,
  type ReceiptAct,
  stepMissions,
} from './missions'

export interface MissionLine {
  store: Store<Missions, MissionsEvent>
  say(mission: string, act: ReceiptAct, more?: Record<string, string>): void
  dismiss(): void
  end(): void
}

/** `person` keeps one's own receipts: on a shared telephone nobody sends another's. */
export function openMissions(person: string, clock: Clock, now: Now): MissionLine {
  const key = `receipts.${person}`
  const run = (effect: MissionsEffect) => {
    switch (effect.type) {
      case 'open':
        return socket.open()
      case 'drop':
        return socket.drop()
      case 'post':
        return void post(effect.receipt)
      case 'keep':
        return remember(key, effect.receipts.length > 0 ? JSON.stringify(effect.receipts) : null)
      case 'time':
        return now.correct(Date.parse(effect.hubTime))
      default:
        return assertNever(effect)
    }
  }
  const store = createStore<Missions, MissionsEvent, MissionsEffect>(
    newMissions(kept(key), clock.mono()),
    stepMissions,
    run,
  )

  async function post(receipt: Receipt): Promise<void> {
    const path = `/api/v1/missions/${encodeURIComponent(receipt.mission)}/${receipt.act}`
    try {
      const body = { command_id: receipt.id, ...receipt.more }
      const view = await ask<MissionView>(path, { method: 'POST', body, patience: 6000 })
      store.send({ type: 'accepted', id: receipt.id, view })
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('unknown', 0)
      // A session that has ended is logged in again; what was said then is still true.
      const again = problem.status === 0 || problem.status >= 500 || problem.status === 401
      store.send({ type: 'failed', at: clock.mono(), id: receipt.id, code: problem.code, again })
    }
  }

  const socket = createSocket('/api/v1/missions/live', clock, {
    opened: (at) => store.send({ type: 'opened', at }),
    heard: (message, at) => store.send({ type: 'heard', at, message: message as MissionsNow | MissionsBeat }),
    closed: (at, chance) => store.send({ type: 'closed', at, chance }),
    tick: (at, chance) => store.send({ type: 'tick', at, chance }),
  })
  socket.open()
  return {
    store,
    say: (mission, act, more = {}) =>
      store.send({ type: 'say', receipt: { id: crypto.randomUUID(), mission, act, more } }),
    dismiss: () => store.send({ type: 'dismiss' }),
    end: () => socket.end(),
  }
}

function kept(key: string): Receipt[] {
  try {
    const found: unknown = JSON.parse(remembered(key) ?? '[]')
    return Array.isArray(found) ? (found as Receipt[]).filter((one) => one.id && one.mission && one.act) : []
  } catch {
    return []
  }
}
