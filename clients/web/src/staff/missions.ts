// A responder's missions: what the alarm centre last said, and what one has said that it has not heard yet. No React, no clock.
import { type Line, type LineEffect, newLine, type Patience, stepLine } from '../shell/line'
import { assertNever } from '../shell/never'
import type { MissionState, MissionsBeat, MissionsNow, MissionView } from '../wire/types'

export const PATIENCE: Patience = { old: 3000, dead: 7000, first: 500, longest: 4000 }
/** Waits between tries to send a receipt: soon at first, never longer than the last. */
const TRIES = [1000, 2000, 4000, 8000]

export type ReceiptAct = 'accept' | 'decline' | 'on-the-way' | 'arrived' | 'no-answer' | 'door-step' | 'got-in' | 'done'

/** Something said about a mission that has not been confirmed. Its id makes sending it again harmless. */
export interface Receipt {
  id: string
  mission: string
  act: ReceiptAct
  /** What is said besides: a reason, a step. */
  more: Readonly<Record<string, string>>
}

export interface Missions {
  line: Line
  /** None before the first message. */
  items: readonly MissionView[] | null
  /** Oldest first; the first of them is the one being sent. */
  receipts: readonly Receipt[]
  sending: boolean
  failures: number
  tryAt: number | null
  /** Why the last receipt was not taken, until it is put away. */
  refused: { code: string; act: ReceiptAct } | null
}

export type MissionsEvent =
  | { type: 'say'; receipt: Receipt }
  | { type: 'accepted'; id: string; view: MissionView }
  | { type: 'failed'; at: number; id: string; code: string; again: boolean }
  | { type: 'dismiss' }
  | { type: 'opened'; at: number }
  | { type: 'heard'; at: number; message: MissionsNow | MissionsBeat }
  | { type: 'closed'; at: number; chance: number }
  | { type: 'tick'; at: number; chance: number }

export type MissionsEffect =
  | LineEffect
  | { type: 'post'; receipt: Receipt }
  | { type: 'keep'; receipts: readonly Receipt[] }
  | { type: 'time'; hubTime: string }

type Step = [Missions, MissionsEffect[]]

/** `kept` is what an earlier page had not got confirmed; it is sent at the first tick. */
export function newMissions(kept: readonly Receipt[], at: number): Missions {
  const tryAt = kept.length > 0 ? at : null
  return { line: newLine(at), items: null, receipts: kept, sending: false, failures: 0, tryAt, refused: null }
}

export function stepMissions(state: Missions, event: MissionsEvent): Step {
  switch (event.type) {
    case 'say':
      return say(state, event.receipt)
    case 'accepted': {
      const items = state.items?.map((one) => newer(one, event.view)) ?? null
      return next({ ...state, items, failures: 0, refused: null }, event.id)
    }
    case 'failed':
      return failed(state, event)
    case 'dismiss':
      return [{ ...state, refused: null }, []]
    case 'opened':
      return [{ ...state, line: stepLine(state.line, event, event.at, PATIENCE)[0] }, []]
    case 'heard':
      return heard(state, event.message, event.at)
    case 'closed': {
      const [line, effects] = stepLine(state.line, event, event.at, PATIENCE)
      return [{ ...state, line }, effects]
    }
    case 'tick':
      return tick(state, event.at, event.chance)
    default:
      return assertNever(event)
  }
}

/** The same thing said twice before it is sent is said once. */
function say(state: Missions, receipt: Receipt): Step {
  const same = (one: Receipt) =>
    one.mission === receipt.mission && one.act === receipt.act && one.more.step === receipt.more.step
  if (state.receipts.some(same)) return [state, []]
  const receipts = [...state.receipts, receipt]
  const [sent, effects] = send({ ...state, receipts, refused: null })
  // Kept before it is sent: a page that dies here still has it.
  return [sent, [{ type: 'keep', receipts }, ...effects]]
}

function send(state: Missions): Step {
  const [first] = state.receipts
  if (!first || state.sending || state.tryAt !== null) return [state, []]
  return [{ ...state, sending: true }, [{ type: 'post', receipt: first }]]
}

/** A receipt has its answer, whichever; the following one goes. */
function next(state: Missions, id: string): Step {
  const receipts = state.receipts.filter((one) => one.id !== id)
  const [sent, effects] = send({ ...state, receipts, sending: false, tryAt: null })
  return [sent, [{ type: 'keep', receipts }, ...effects]]
}

function failed(state: Missions, event: Extract<MissionsEvent, { type: 'failed' }>): Step {
  const first = state.receipts.find((one) => one.id === event.id)
  if (!first) return [state, []]
  if (!event.again) return next({ ...state, failures: 0, refused: { code: event.code, act: first.act } }, event.id)
  const wait = TRIES[Math.min(state.failures, TRIES.length - 1)] ?? 0
  return [{ ...state, sending: false, failures: state.failures + 1, tryAt: event.at + wait }, []]
}

function heard(state: Missions, message: MissionsNow | MissionsBeat, at: number): Step {
  const [line] = stepLine(state.line, { type: 'heard' }, at, PATIENCE)
  const effects: MissionsEffect[] = [{ type: 'time', hubTime: message.at }]
  if (message.type === 'beat') return [{ ...state, line }, effects]
  const items = message.items.map((one) => {
    const known = state.items?.find((before) => before.id === one.id)
    return known ? newer(known, one) : one
  })
  return [{ ...state, line, items }, effects]
}

function tick(state: Missions, at: number, chance: number): Step {
  const [line, effects] = stepLine(state.line, { type: 'tick', chance }, at, PATIENCE)
  const ticked = line === state.line ? state : { ...state, line }
  if (ticked.tryAt === null || at < ticked.tryAt) return [ticked, effects]
  const [sent, more] = send({ ...ticked, tryAt: null })
  return [sent, [...effects, ...more]]
}

/** An answer and the socket may overtake each other; what was shown as newer stays. */
function newer(before: MissionView, after: MissionView): MissionView {
  return after.id === before.id && after.version >= before.version ? after : before
}

const GOES_TO: Readonly<Partial<Record<ReceiptAct, MissionState>>> = {
  'on-the-way': 'on_the_way',
  arrived: 'arrived',
  'no-answer': 'no_answer',
  'got-in': 'arrived',
  done: 'done',
}

/** How far one has come by one's own word: a receipt that waits for the line holds nobody up. Accepting is not in it. */
export function spoken(mission: MissionView, receipts: readonly Receipt[]): MissionState {
  return receipts
    .filter((one) => one.mission === mission.id)
    .reduce<MissionState>((state, one) => GOES_TO[one.act] ?? state, mission.state)
}

export function isOpen(mission: MissionView): boolean {
  return mission.ended_at === null
}

/** Offered, and nobody has accepted it. */
export function isOffered(mission: MissionView): boolean {
  return mission.state === 'sent'
}

/** The one that fills the screen: what one has, else the only one that is offered. */
export function firstOf(items: readonly MissionView[]): MissionView | undefined {
  const mine = items.find((one) => one.mine && isOpen(one))
  const offered = items.filter(isOffered)
  return mine ?? (offered.length === 1 ? offered[0] : undefined)
}
