// A press on HELP, until the alarm centre has it: sent, sent again for ever under the same id, and said plainly.
import { type Line, type LineEffect, newLine, type Patience, stepLine } from '../shell/line'
import { assertNever } from '../shell/never'
import type { DeviceEvent, HomeBeat, HomeStatus } from '../wire/types'

export const PATIENCE: Patience = { old: 4000, dead: 8000, first: 500, longest: 4000 }

/** Presses closer than this are one: a hand that shakes, a finger that bounces. */
export const DOUBLE = 1500
/** So long may the answer take before the page says that the alarm has not been received. */
export const PLAINLY_AFTER = 4000
/** Waits between tries: soon at first, never longer than the last. */
const TRIES = [1000, 2000, 3000, 5000]
/** How long the page says that the alarm is ended. */
const ENDED_STAYS = 60_000
/** An alarm that was received, and that the alarm centre then never shows as open, was over before we heard of it. */
const OVER_AFTER = 5000
/** A receipt that no status has caught up with for so long: ask for the whole state anew. */
const ASK_ANEW_AFTER = 10_000

/** A press that the alarm centre has not confirmed. `time` is when it was pressed, RFC 3339. */
export interface Unsent {
  id: string
  time: string
}

export interface Home {
  line: Line
  device: string
  /** Oldest first; the first of them is the one being sent. */
  unsent: readonly Unsent[]
  /** By the monotonic clock: the last press that counted, and when waiting for an answer began. */
  pressedAt: number | null
  waitingSince: number | null
  failures: number
  tryAt: number | null
  sending: boolean
  late: boolean
  /** When the alarm centre answered, in ms since 1970, and by the monotonic clock. */
  receivedAt: number | null
  receivedMono: number
  status: HomeStatus | null
  /** The receipt is newer than every status that we have heard. */
  receiptAhead: boolean
  endedAt: number | null
}

export type HomeEvent =
  | { type: 'press'; at: number; wall: number; id: string }
  | { type: 'accepted'; at: number; wall: number; id: string }
  | { type: 'failed'; at: number; id: string }
  | { type: 'opened'; at: number }
  | { type: 'heard'; at: number; message: HomeStatus | HomeBeat }
  | { type: 'closed'; at: number; chance: number }
  | { type: 'tick'; at: number; chance: number }

export type HomeEffect =
  | LineEffect
  | { type: 'post'; event: DeviceEvent }
  | { type: 'keep'; unsent: readonly Unsent[] }
  | { type: 'time'; hubTime: string }

type Step = [Home, HomeEffect[]]

/** `kept` is what an earlier page on this device had not got confirmed; it is sent at the first tick. */
export function newHome(device: string, kept: readonly Unsent[], at: number): Home {
  const waits = kept.length > 0
  return {
    line: newLine(at),
    device,
    unsent: kept,
    pressedAt: null,
    waitingSince: waits ? at : null,
    failures: 0,
    tryAt: waits ? at : null,
    sending: false,
    late: false,
    receivedAt: null,
    receivedMono: 0,
    status: null,
    receiptAhead: false,
    endedAt: null,
  }
}

export function stepHome(home: Home, event: HomeEvent): Step {
  switch (event.type) {
    case 'press':
      return press(home, event.id, event.at, event.wall)
    case 'accepted':
      return accepted(home, event.id, event.at, event.wall)
    case 'failed':
      return failed(home, event.id, event.at)
    case 'opened':
      return [{ ...home, line: stepLine(home.line, { type: 'opened' }, event.at, PATIENCE)[0] }, []]
    case 'heard':
      return heard(home, event.message, event.at)
    case 'closed': {
      const [line, effects] = stepLine(home.line, event, event.at, PATIENCE)
      return [{ ...home, line }, effects]
    }
    case 'tick':
      return tick(home, event.at, event.chance)
  }
}

function press(home: Home, id: string, at: number, wall: number): Step {
  if (home.pressedAt !== null && at - home.pressedAt < DOUBLE) return [home, []]
  const unsent = [...home.unsent, { id, time: new Date(wall).toISOString() }]
  const waitingSince = home.waitingSince ?? at
  const pressed = { ...home, unsent, pressedAt: at, waitingSince, endedAt: null }
  const [next, effects] = home.sending ? [pressed, []] : send(pressed)
  // Kept before it is sent: a page that dies here still has it.
  return [next, [{ type: 'keep', unsent }, ...effects]]
}

function send(home: Home): Step {
  const [first] = home.unsent
  if (!first) return [home, []]
  const event: DeviceEvent = {
    specversion: '1.0',
    id: first.id,
    source: home.device,
    type: 'nattljus.alarm.pressed',
    time: first.time,
    data: { trigger: 'help' },
  }
  return [{ ...home, sending: true, tryAt: null }, [{ type: 'post', event }]]
}

function accepted(home: Home, id: string, at: number, wall: number): Step {
  const unsent = home.unsent.filter((one) => one.id !== id)
  const next: Home = {
    ...home,
    unsent,
    sending: false,
    failures: 0,
    tryAt: null,
    late: false,
    waitingSince: unsent.length > 0 ? at : null,
    receivedAt: home.receivedAt ?? wall,
    receivedMono: at,
    receiptAhead: true,
    endedAt: null,
  }
  const [after, effects] = send(next)
  return [after, [{ type: 'keep', unsent }, ...effects]]
}

function failed(home: Home, id: string, at: number): Step {
  if (home.unsent[0]?.id !== id) return [home, []]
  const wait = TRIES[Math.min(home.failures, TRIES.length - 1)] ?? 5000
  return [{ ...home, sending: false, failures: home.failures + 1, tryAt: at + wait }, []]
}

function heard(home: Home, message: HomeStatus | HomeBeat, at: number): Step {
  const line = stepLine(home.line, { type: 'heard' }, at, PATIENCE)[0]
  const time: HomeEffect = { type: 'time', hubTime: message.at }
  switch (message.type) {
    case 'beat':
      return [{ ...home, line }, [time]]
    case 'status':
      return [told({ ...home, line }, message, at), [time]]
    default:
      return assertNever(message)
  }
}

function told(home: Home, status: HomeStatus, at: number): Home {
  if (status.alarm) {
    return { ...home, status, receivedAt: Date.parse(status.alarm.received_at), receiptAhead: false, endedAt: null }
  }
  // Said before our press came in; the next status will know of it.
  if (home.receiptAhead && at - home.receivedMono < OVER_AFTER) return { ...home, status }
  const wasOpen = home.receivedAt !== null
  return { ...home, status, receivedAt: null, receiptAhead: false, endedAt: wasOpen ? at : home.endedAt }
}

function tick(home: Home, at: number, chance: number): Step {
  const behind = home.receiptAhead && home.line.live && at - home.receivedMono >= ASK_ANEW_AFTER
  if (behind) {
    const [line] = stepLine(home.line, { type: 'closed', chance }, at, PATIENCE)
    return [{ ...home, line }, [{ type: 'drop' }]]
  }
  const [line, effects] = stepLine(home.line, { type: 'tick', chance }, at, PATIENCE)
  let next: Home = line === home.line ? home : { ...home, line }
  if (next.endedAt !== null && at - next.endedAt >= ENDED_STAYS) next = { ...next, endedAt: null }
  const late = next.waitingSince !== null && at - next.waitingSince >= PLAINLY_AFTER
  if (late !== next.late) next = { ...next, late }
  if (next.tryAt === null || at < next.tryAt) return [next, effects]
  const [sent, more] = send(next)
  return [sent, [...effects, ...more]]
}

/** What is on screen. Whatever is not yet received comes before everything else. */
export type Face = 'rest' | 'sending' | 'not_received' | 'received' | 'handled' | 'ended'

export function faceOf(home: Home): Face {
  if (home.unsent.length > 0) return home.late ? 'not_received' : 'sending'
  if (home.receivedAt !== null) return home.status?.alarm?.handled_by ? 'handled' : 'received'
  return home.endedAt === null ? 'rest' : 'ended'
}
