// What the desk knows: cases as the hub has said them, and commands until the hub has answered. Nothing is taken in advance.
import { type Line, type LineEffect, newLine, type Patience, stepLine } from '../shell/line'
import { assertNever } from '../shell/never'
import type {
  Beat,
  CaseView,
  Change,
  Command,
  Done,
  Figures,
  Hello,
  Me,
  OperatorOn,
  Refused,
  Snapshot,
} from '../wire/types'

export type DeskOut = Snapshot | Change | Beat | Done | Refused
export type Act = Command['act']

/** Old after 2.5 s so that the strip is up within 3 s of a cut; connected anew after 5. */
export const PATIENCE: Patience = { old: 2500, dead: 5000, first: 250, longest: 2000 }
/** A command unanswered for so long is no longer sent: what was meant then may be wrong now. */
const GIVE_UP = 120_000
/** Beats in a row from before our position: the hub has gone back in time, and we must begin afresh. */
const BEATS_BEHIND = 3
/** How long a closed case stays for whoever was looking at it. */
const CLOSED_STAYS = 60_000

/** A command on its way. `waiting` has not left the page, `sent` has left and is unanswered. */
export interface Pending {
  id: string
  case: string
  act: Act
  madeAt: number
  state: 'waiting' | 'sent'
}

/** The answer to the last command on a case, until the next one. */
export interface Answer {
  id: string
  act: Act['act']
  at: number
  /** None when it was done. */
  code: string | null
  handlerName: string | null
}

export interface Feed {
  line: Line
  position: number | null
  behind: number
  me: Me | null
  callNumber: string
  /** Stands for what we may see; only with the same one is a resume worth anything. */
  sight: string | null
  cases: ReadonlyMap<string, CaseView>
  closedAt: ReadonlyMap<string, number>
  operators: readonly OperatorOn[]
  figures: Figures | null
  pending: ReadonlyMap<string, Pending>
  answers: ReadonlyMap<string, Answer>
}

export type FeedEvent =
  | { type: 'opened'; at: number }
  | { type: 'heard'; at: number; message: DeskOut }
  | { type: 'closed'; at: number; chance: number }
  | { type: 'tick'; at: number; chance: number }
  | { type: 'act'; at: number; id: string; case: string; act: Act }

export type FeedEffect =
  | LineEffect
  | { type: 'send'; message: Hello | Command }
  | { type: 'time'; hubTime: string }
  | { type: 'arrived'; cases: CaseView[] }
  | { type: 'ask_session' }
  /** Back after a cut, perhaps with somebody else's session: what is shown belongs to this person only. */
  | { type: 'check_person'; person: string }
  /** The hub has carried it out: what was written for it may be forgotten. */
  | { type: 'done'; pending: Pending }

type Step = [Feed, FeedEffect[]]

export function newFeed(at: number): Feed {
  return {
    line: newLine(at),
    position: null,
    behind: 0,
    me: null,
    callNumber: '',
    sight: null,
    cases: new Map(),
    closedAt: new Map(),
    operators: [],
    figures: null,
    pending: new Map(),
    answers: new Map(),
  }
}

export function stepFeed(feed: Feed, event: FeedEvent): Step {
  switch (event.type) {
    case 'opened':
      return greet(withLine(feed, stepLine(feed.line, { type: 'opened' }, event.at, PATIENCE)[0]))
    case 'heard':
      return heard(feed, event.message, event.at)
    case 'closed':
      return closed(feed, event.at, event.chance)
    case 'tick':
      return tick(feed, event.at, event.chance)
    case 'act':
      return act(feed, event.id, event.case, event.act, event.at)
  }
}

function withLine(feed: Feed, line: Line): Feed {
  return line === feed.line ? feed : { ...feed, line }
}

function command(pending: Pending): Command {
  return { type: 'command', id: pending.id, case: pending.case, act: pending.act }
}

/** First word on a new connection, and every command that is still unanswered, under its old id. */
function greet(feed: Feed): Step {
  const hello: Hello = { type: 'hello', version: 1, resume_from: feed.position, sight: feed.sight }
  const again = [...feed.pending.values()]
  const pending = new Map(again.map((one) => [one.id, { ...one, state: 'sent' as const }]))
  const check: FeedEffect[] = feed.me ? [{ type: 'check_person', person: feed.me.person }] : []
  return [
    { ...feed, pending, behind: 0 },
    [
      ...check,
      { type: 'send', message: hello },
      ...again.map((one): FeedEffect => ({ type: 'send', message: command(one) })),
    ],
  ]
}

function closed(feed: Feed, at: number, chance: number): Step {
  const [line, effects] = stepLine(feed.line, { type: 'closed', chance }, at, PATIENCE)
  // Refused before a word was said: perhaps the session is over.
  const unheard = feed.line.heardAt === null || feed.line.heardAt < feed.line.since
  const asks: FeedEffect[] = unheard && feed.line.phase !== 'waiting' ? [{ type: 'ask_session' }] : []
  return [withLine(feed, line), [...effects, ...asks]]
}

function tick(feed: Feed, at: number, chance: number): Step {
  const [line, effects] = stepLine(feed.line, { type: 'tick', chance }, at, PATIENCE)
  return [forgetClosed(giveUp(withLine(feed, line), at), at), effects]
}

function giveUp(feed: Feed, at: number): Feed {
  const late = [...feed.pending.values()].filter((one) => at - one.madeAt >= GIVE_UP)
  return late.reduce((left, one) => answer(left, one, { code: 'no_answer', handlerName: null, at }), feed)
}

function forgetClosed(feed: Feed, at: number): Feed {
  const gone = [...feed.closedAt].filter(([, when]) => at - when >= CLOSED_STAYS).map(([id]) => id)
  if (gone.length === 0) return feed
  const cases = new Map(feed.cases)
  const closedAt = new Map(feed.closedAt)
  for (const id of gone) {
    cases.delete(id)
    closedAt.delete(id)
  }
  return { ...feed, cases, closedAt }
}

function act(feed: Feed, id: string, on: string, what: Act, at: number): Step {
  // The same act twice on one case is one: a key that was held down, a button pressed again while it waits.
  // Two steps ticked one after the other are two.
  const alike = (one: Act) =>
    one.act === what.act && (what.act !== 'tick' || JSON.stringify(one) === JSON.stringify(what))
  const same = [...feed.pending.values()].some((one) => one.case === on && alike(one.act))
  if (same && what.act !== 'note') return [feed, []]
  const open = feed.line.phase === 'open'
  const made: Pending = { id, case: on, act: what, madeAt: at, state: open ? 'sent' : 'waiting' }
  const answers = new Map(feed.answers)
  answers.delete(on)
  const next = { ...feed, answers, pending: new Map(feed.pending).set(id, made) }
  return [next, open ? [{ type: 'send', message: command(made) }] : []]
}

function heard(feed: Feed, message: DeskOut, at: number): Step {
  const listening = withLine(feed, stepLine(feed.line, { type: 'heard' }, at, PATIENCE)[0])
  switch (message.type) {
    case 'snapshot':
      return snapshot(listening, message, at)
    case 'change':
      return change(listening, message, at)
    case 'beat':
      return beat(listening, message, at)
    case 'done':
      return done(listening, message, at)
    case 'refused':
      return refused(listening, message, at)
    default:
      return assertNever(message)
  }
}

function snapshot(feed: Feed, message: Snapshot, at: number): Step {
  const first = feed.me === null
  // The whole truth as the hub holds it, also where it is older than ours.
  const emptied = { ...feed, cases: new Map(), closedAt: new Map() }
  const [merged, arrived] = merge(emptied, feed.cases, message.cases, at, true)
  const { position, sight, me, call_number: callNumber, operators, figures } = message
  const next = { ...merged, position, behind: 0, sight, me, callNumber, operators, figures }
  return [next, [{ type: 'time', hubTime: message.at }, ...told(first ? [] : arrived)]]
}

function change(feed: Feed, message: Change, at: number): Step {
  const [merged, arrived] = merge(feed, feed.cases, message.cases, at, false)
  const position = Math.max(message.position, feed.position ?? 0)
  return [
    { ...without(merged, message.gone), position, behind: 0, answers: stillTrue(feed, message.cases) },
    [{ type: 'time', hubTime: message.at }, ...told(arrived)],
  ]
}

/** What has gone to another desk is no longer shown here. */
function without(feed: Feed, gone: readonly string[]): Feed {
  if (gone.length === 0) return feed
  const cases = new Map(feed.cases)
  for (const id of gone) cases.delete(id)
  return { ...feed, cases }
}

/** `Done` is no longer the news once the case has moved on; a refusal stays until the next act. */
function stillTrue(feed: Feed, views: readonly CaseView[]): Feed['answers'] {
  const moved = views.filter(
    (view) => feed.answers.get(view.id)?.code === null && view.version > (feed.cases.get(view.id)?.version ?? 0),
  )
  if (moved.length === 0) return feed.answers
  const answers = new Map(feed.answers)
  for (const view of moved) answers.delete(view.id)
  return answers
}

function beat(feed: Feed, message: Beat, at: number): Step {
  const { operators, figures } = message
  const time: FeedEffect = { type: 'time', hubTime: message.at }
  if (feed.position !== null && message.position < feed.position) {
    const behind = feed.behind + 1
    if (behind < BEATS_BEHIND) return [{ ...feed, behind, operators, figures }, [time]]
    // What we hold is not what the hub holds. A snapshot puts it right; commands on their way keep their ids.
    const [line] = stepLine(feed.line, { type: 'closed', chance: 0 }, at, PATIENCE)
    return [{ ...feed, line, position: null, behind: 0 }, [{ type: 'drop' }, time]]
  }
  return [{ ...feed, position: message.position, behind: 0, operators, figures }, [time]]
}

function done(feed: Feed, message: Done, at: number): Step {
  const [merged] = merge(feed, feed.cases, [message.case], at, false)
  const pending = feed.pending.get(message.id)
  if (!pending) return [merged, []]
  return [answer(merged, pending, { code: null, handlerName: null, at }), [{ type: 'done', pending }]]
}

function refused(feed: Feed, message: Refused, at: number): Step {
  const pending = feed.pending.get(message.id)
  if (!pending) return [feed, []]
  return [answer(feed, pending, { code: message.code, handlerName: message.handler_name, at }), []]
}

function answer(feed: Feed, to: Pending, said: { code: string | null; handlerName: string | null; at: number }): Feed {
  const pending = new Map(feed.pending)
  pending.delete(to.id)
  const answers = new Map(feed.answers).set(to.case, { id: to.id, act: to.act.act, ...said })
  return { ...feed, pending, answers }
}

/** Puts newer versions in; an older one never overwrites what is known. Also gives the cases that ask for a human anew. */
function merge(
  feed: Feed,
  known: ReadonlyMap<string, CaseView>,
  views: readonly CaseView[],
  at: number,
  whole: boolean,
): [Feed, CaseView[]] {
  if (views.length === 0) return [feed, []]
  const cases = new Map(feed.cases)
  const closedAt = new Map(feed.closedAt)
  const arrived: CaseView[] = []
  for (const view of views) {
    const before = known.get(view.id)
    if (!whole && before && before.version >= view.version) continue
    // A case that closed while this page was away, and that it never showed, is nobody's news.
    if (view.state === 'closed' && !before) continue
    cases.set(view.id, view)
    if (view.state === 'closed') closedAt.set(view.id, closedAt.get(view.id) ?? at)
    else if (view.kind === 'person' && (!before || view.presses > before.presses)) arrived.push(view)
  }
  return [{ ...feed, cases, closedAt }, arrived]
}

function told(cases: CaseView[]): FeedEffect[] {
  return cases.length > 0 ? [{ type: 'arrived', cases }] : []
}
