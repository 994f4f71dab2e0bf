// A visit's life as one page sees it: the line, what rings, what this page is in, what was asked for and not yet answered.
import { type Line, type LineEffect, newLine, type Patience, stepLine } from '../shell/line'
import { assertNever } from '../shell/never'
import type {
  MeetBeat,
  MeetHello,
  MeetHere,
  MeetSeen,
  MeetState,
  MeetTrouble,
  MeetVisit,
  VisitOrder,
  VisitView,
} from '../wire/types'

export const PATIENCE: Patience = { old: 3000, dead: 4500, first: 300, longest: 2500 }
/** Waits between tries of what got no answer. */
const TRIES = [400, 800, 1500, 2500]
/** So long is something tried. Hanging up is tried as long as the other end would wait for us. */
const TRY_FOR = 15_000
const HANG_UP_FOR = 60_000

export type MeetOut = MeetState | MeetVisit | MeetBeat
export type MeetSaid = MeetHello | MeetHere | MeetSeen | MeetTrouble

/** Whose page it is: a resident's device is rung, staff ring. */
export type Side = 'home' | 'staff'

export type Order = Pick<VisitOrder, 'resident' | 'kind' | 'legal_basis' | 'decision' | 'case'>
export type Wish = { act: 'start'; order: Order } | { act: 'ring' | 'answer' | 'decline' | 'end'; visit: string }

export interface Pending {
  id: string
  wish: Wish
  since: number
  failures: number
  /** When it is tried again; none while an answer is awaited. */
  tryAt: number | null
}

/** How a visit went out of this page: it ended, or another of the resident's screens was first. */
export interface Gone {
  visit: VisitView
  how: 'ended' | 'elsewhere'
  at: number
}

export interface Meet {
  side: Side
  line: Line
  /** The first state has been heard. */
  joined: boolean
  /** Open visits, newest version of each. */
  visits: ReadonlyMap<string, VisitView>
  /** The visit that this page, and no other of the same person's pages, is in. */
  mine: string | null
  /** Hung up or declined here, and not yet over. */
  left: ReadonlySet<string>
  seen: ReadonlySet<string>
  pending: readonly Pending[]
  gone: Gone | null
  /** The last refusal, until something else is wished for. */
  refused: { wish: Wish; code: string } | null
}

export type MeetEvent =
  | { type: 'opened'; at: number }
  | { type: 'heard'; at: number; message: MeetOut }
  | { type: 'closed'; at: number; chance: number }
  | { type: 'tick'; at: number; chance: number }
  | { type: 'wish'; at: number; id: string; wish: Wish }
  | { type: 'granted'; at: number; id: string; visit: VisitView }
  | { type: 'failed'; at: number; id: string; code: string; again: boolean }
  | { type: 'seen'; visit: string }
  /** Another page of the same person has taken the visit over, or this one takes it. */
  | { type: 'moved' }
  | { type: 'claim'; visit: string }
  | { type: 'dismiss' }

export type MeetEffect =
  | LineEffect
  | { type: 'say'; message: MeetSaid }
  | { type: 'post'; id: string; wish: Wish }
  | { type: 'keep'; visit: string | null }
  | { type: 'time'; hubTime: string }
  | { type: 'back' }

type Step = [Meet, MeetEffect[]]

/** `kept` is the visit that this page was in before it was loaded again. */
export function newMeet(side: Side, kept: string | null, at: number): Meet {
  return {
    side,
    line: newLine(at),
    joined: false,
    visits: new Map(),
    mine: kept,
    left: new Set(),
    seen: new Set(),
    pending: [],
    gone: null,
    refused: null,
  }
}

export function stepMeet(meet: Meet, event: MeetEvent): Step {
  switch (event.type) {
    case 'opened': {
      const [line] = stepLine(meet.line, event, event.at, PATIENCE)
      return [{ ...meet, line }, [{ type: 'say', message: { type: 'hello', version: 1, resume: meet.mine } }]]
    }
    case 'heard':
      return heard(meet, event.message, event.at)
    case 'closed': {
      const [line, effects] = stepLine(meet.line, event, event.at, PATIENCE)
      return [{ ...meet, line }, effects]
    }
    case 'tick':
      return tick(meet, event.at, event.chance)
    case 'wish':
      return wish(meet, event.id, event.wish, event.at)
    case 'granted':
      return granted(meet, event.id, event.visit, event.at)
    case 'failed':
      return failed(meet, event.id, event.code, event.again, event.at)
    case 'seen': {
      if (meet.seen.has(event.visit)) return [meet, []]
      const seen = new Set(meet.seen).add(event.visit)
      return [{ ...meet, seen }, [{ type: 'say', message: { type: 'seen', visit: event.visit } }]]
    }
    case 'moved':
      return enter(meet, null)
    case 'claim':
      return enter(meet, event.visit)
    case 'dismiss':
      return [{ ...meet, gone: null, refused: null }, []]
    default:
      return assertNever(event)
  }
}

function heard(meet: Meet, message: MeetOut, at: number): Step {
  const back = !meet.line.live
  const next = { ...meet, line: stepLine(meet.line, { type: 'heard' }, at, PATIENCE)[0] }
  const time: MeetEffect = { type: 'time', hubTime: message.at }
  switch (message.type) {
    case 'beat':
      return [next, [time, { type: 'say', message: { type: 'here' } }]]
    case 'visit': {
      const [after, effects] = take(next, message.visit, at)
      return [after, [time, ...effects]]
    }
    case 'meet_state': {
      const [after, effects] = whole(next, message.visits, at)
      return [after, [time, ...effects, ...(back ? [{ type: 'back' } as const] : [])]]
    }
    default:
      return assertNever(message)
  }
}

/** Everything there is; what is not in it is over. */
function whole(meet: Meet, visits: readonly VisitView[], at: number): Step {
  const open = new Map([...meet.visits].filter(([id]) => visits.some((visit) => visit.id === id)))
  const first = !meet.joined
  let next: Meet = { ...meet, joined: true, visits: open }
  const effects: MeetEffect[] = []
  for (const visit of visits) {
    const [after, more] = take(next, visit, at)
    next = after
    effects.push(...more)
  }
  if (next.mine !== null && !next.visits.has(next.mine)) {
    const [after, more] = enter(next, null)
    next = after
    effects.push(...more)
  }
  // A resident's screen that starts anew goes on with the visit it was in: nobody there can be asked which window it was.
  const running = [...next.visits.values()].find((visit) => visit.me !== null && isRunning(visit))
  if (first && next.side === 'home' && next.mine === null && running) {
    const [after, more] = enter(next, running.id)
    return [after, [...effects, ...more]]
  }
  return [next, effects]
}

/** A visit as it now stands. What comes late, by the other way, changes nothing. */
function take(meet: Meet, visit: VisitView, at: number): Step {
  const known = meet.visits.get(visit.id)
  if (known && known.version > visit.version) return [meet, []]
  const concerns = meet.mine === visit.id || (known?.state === 'ringing' && meet.side === 'home')
  const visits = new Map(meet.visits)
  if (visit.state === 'ended') {
    visits.delete(visit.id)
    const next = without({ ...meet, visits }, visit.id)
    if (!concerns) return [next, []]
    const gone: Gone = { visit, how: 'ended', at }
    return enter({ ...next, gone }, meet.mine === visit.id ? null : meet.mine)
  }
  visits.set(visit.id, visit)
  const next = { ...meet, visits }
  const answering = meet.pending.some((one) => one.wish.act === 'answer' && one.wish.visit === visit.id)
  const elsewhere = known?.state === 'ringing' && isRunning(visit) && meet.side === 'home' && meet.mine !== visit.id
  if (!elsewhere || answering) return [next, []]
  return [{ ...without(next, visit.id), gone: { visit, how: 'elsewhere', at } }, []]
}

/** Nothing of what this page remembers about it is needed any more. */
function without(meet: Meet, visit: string): Meet {
  const drop = (set: ReadonlySet<string>) => (set.has(visit) ? new Set([...set].filter((one) => one !== visit)) : set)
  const pending = meet.pending.filter((one) => one.wish.act === 'start' || one.wish.visit !== visit)
  return { ...meet, pending, left: drop(meet.left), seen: drop(meet.seen) }
}

function enter(meet: Meet, visit: string | null): Step {
  if (meet.mine === visit) return [meet, []]
  const next = { ...meet, mine: visit, ...(visit === null ? {} : { gone: null }) }
  return [next, [{ type: 'keep', visit }]]
}

function wish(meet: Meet, id: string, wanted: Wish, at: number): Step {
  // A hand that presses twice wants it once.
  if (meet.pending.some((one) => same(one.wish, wanted))) return [meet, []]
  const pending = [...meet.pending, { id, wish: wanted, since: at, failures: 0, tryAt: null }]
  const leaves = wanted.act === 'end' || wanted.act === 'decline'
  const left = leaves ? new Set(meet.left).add(wanted.visit) : meet.left
  return [{ ...meet, pending, left, refused: null, gone: null }, [{ type: 'post', id, wish: wanted }]]
}

function same(one: Wish, other: Wish): boolean {
  if (one.act === 'start' || other.act === 'start') return one.act === other.act
  return one.act === other.act && one.visit === other.visit
}

function granted(meet: Meet, id: string, visit: VisitView, at: number): Step {
  const asked = meet.pending.find((one) => one.id === id)
  if (!asked) return take(meet, visit, at)
  const { act } = asked.wish
  const rest = { ...meet, pending: meet.pending.filter((one) => one !== asked) }
  const enters = act === 'start' || act === 'ring' || act === 'answer'
  const [entered, effects] = enters ? enter(rest, visit.id) : ([rest, []] satisfies Step)
  const [next, more] = take(entered, visit, at)
  return [next, [...effects, ...more]]
}

function failed(meet: Meet, id: string, code: string, again: boolean, at: number): Step {
  const asked = meet.pending.find((one) => one.id === id)
  if (!asked) return [meet, []]
  const patience = asked.wish.act === 'end' ? HANG_UP_FOR : TRY_FOR
  if (again && at - asked.since < patience) {
    const wait = TRIES[Math.min(asked.failures, TRIES.length - 1)] ?? 2500
    const later = { ...asked, failures: asked.failures + 1, tryAt: at + wait }
    return [{ ...meet, pending: meet.pending.map((one) => (one === asked ? later : one)) }, []]
  }
  const pending = meet.pending.filter((one) => one !== asked)
  const next = { ...meet, pending, refused: { wish: asked.wish, code } }
  const known = asked.wish.act === 'start' ? undefined : meet.visits.get(asked.wish.visit)
  if (asked.wish.act === 'answer' && code === 'answered_elsewhere' && known) {
    return [{ ...without(next, known.id), refused: null, gone: { visit: known, how: 'elsewhere', at } }, []]
  }
  return [next, []]
}

function tick(meet: Meet, at: number, chance: number): Step {
  const [line, effects] = stepLine(meet.line, { type: 'tick', chance }, at, PATIENCE)
  const due = meet.pending.filter((one) => one.tryAt !== null && at >= one.tryAt)
  if (due.length === 0) return [line === meet.line ? meet : { ...meet, line }, effects]
  const pending = meet.pending.map((one) => (due.includes(one) ? { ...one, tryAt: null } : one))
  const posts = due.map((one) => ({ type: 'post', id: one.id, wish: one.wish }) as const)
  return [{ ...meet, line, pending }, [...effects, ...posts]]
}

export function isRunning(visit: VisitView): boolean {
  return visit.state === 'answered' || visit.state === 'in_progress'
}
