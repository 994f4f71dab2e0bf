// Camera, microphone and the legs to the relay, as decisions: what to open, connect, try again and close, and when.
import { assertNever } from '../shell/never'
import type { Direction, Trouble } from '../wire/types'

/** An attempt that has not connected by then is made anew. */
export const CONNECT_WITHIN = 8000
/**
 * So long after the relay's last sign a path is dead, and the leg is made anew. Packets or reports on them come at least
 * each second, so that a pause of two seconds in a wireless network is borne.
 */
export const DEAD_AFTER = 3200
/** The same where signs are rare: mere answers to the browser's own checks, which come every few seconds. */
export const DEAD_AFTER_CHECKS = 6500
const RARE = 2000
/** A connection that says it is disconnected often heals by itself; not after this, where nothing tells of signs. */
export const HEALS_WITHIN = 3500
/** Silence after which picture and sound are said to be paused, and after which the leg is made anew on a living path. */
export const PAUSED_AFTER = 2500
export const SILENT_AFTER = 6000
/** Between two looks there may be so long. A page that slept longer has not listened meanwhile. */
export const SLEPT_AFTER = 3000
/** So long may it take before the page reports that it does not get through. */
export const REPORT_AFTER = 10_000
const TRIES = [200, 500, 1000, 2000, 4000]

/** Somebody else in the visit. `publishes` grows with each new leg of theirs into the relay. */
export interface Other {
  id: string
  publishes: number
  away: boolean
}

/** What the visit asks of the media now. `visit` none: nothing, and everything is let go. */
export interface Want {
  visit: string | null
  /** Camera and microphone, also before there is anybody to send to. */
  camera: boolean
  /** Legs may be had: the visit is answered. `own` is how many legs into the relay signaling has counted for us. */
  legs: boolean
  own: number
  others: readonly Other[]
}

export type LegPhase = 'asking' | 'connecting' | 'up' | 'shaky' | 'waiting'

export interface Leg {
  direction: Direction
  of: string | null
  /** Names this attempt; what is said about an earlier one is not about this. */
  serial: number
  phase: LegPhase
  since: number
  /** When the last packet came, or, for one that publishes, the relay's last report on what it gets. */
  heardAt: number | null
  packets: number
  /** When the relay was last heard at all, with answers to the browser's checks; none while nothing tells of it. */
  signAt: number | null
  signs: number
  /** Between its last two signs. */
  lull: number
  frames: number
  frameAt: number | null
  attempts: number
  retryAt: number
  /** The other's leg that this one subscribes to. */
  publishes: number
}

export interface Media {
  want: Want
  wantedAt: number
  camera: 'off' | 'asking' | 'sending' | 'nothing'
  /** What the camera or microphone said. */
  refused: readonly Trouble[]
  legs: ReadonlyMap<string, Leg>
  serial: number
  lookedAt: number
  /** Own legs counted by signaling before this page's first, and how many this page has asked for. */
  before: number
  ordered: number
  /** Packets come now; a picture comes now; they have come at some time in this visit. */
  flowing: boolean
  picture: boolean
  everFlowed: boolean
  notConnected: boolean
}

export type MediaEvent =
  | { type: 'want'; at: number; want: Want }
  | { type: 'camera'; at: number; sending: boolean; refused: readonly Trouble[] }
  | { type: 'answered'; at: number; serial: number }
  | { type: 'peer'; at: number; serial: number; state: RTCPeerConnectionState }
  | { type: 'failed'; at: number; serial: number }
  | { type: 'flow'; at: number; serial: number; packets: number; frames: number; signs: number }
  | { type: 'back'; at: number }
  | { type: 'tick'; at: number }

export type MediaEffect =
  | { type: 'open_camera' }
  | { type: 'close_camera' }
  | { type: 'connect'; visit: string; serial: number; direction: Direction; of: string | null }
  | { type: 'close'; serial: number }
  /** Another page of the same person publishes in our place. */
  | { type: 'moved' }

type Step = [Media, MediaEffect[]]

export const NOTHING: Want = { visit: null, camera: false, legs: false, own: 0, others: [] }

export function newMedia(): Media {
  return {
    want: NOTHING,
    wantedAt: 0,
    camera: 'off',
    refused: [],
    legs: new Map(),
    serial: 0,
    lookedAt: 0,
    before: 0,
    ordered: 0,
    flowing: false,
    picture: false,
    everFlowed: false,
    notConnected: false,
  }
}

export function stepMedia(media: Media, event: MediaEvent): Step {
  switch (event.type) {
    case 'want':
      return want(media, event.want, event.at)
    case 'camera': {
      if (media.camera !== 'asking') return [media, []]
      const camera = event.sending ? 'sending' : 'nothing'
      return settle({ ...media, camera, refused: event.refused }, event.at)
    }
    case 'answered':
      return [change(media, event.serial, (leg) => ({ ...leg, phase: 'connecting', since: event.at })), []]
    case 'peer':
      return peer(media, event.serial, event.state, event.at)
    case 'failed':
      return again(media, event.serial, event.at)
    case 'flow':
      return [flow(media, event), []]
    case 'back':
      return settle(hurried(media, event.at), event.at)
    case 'tick':
      return tick(media, event.at)
    default:
      return assertNever(event)
  }
}

/** What this page has to report about itself. */
export function troubleOf(media: Media): Trouble[] {
  return [...media.refused, ...(media.notConnected ? (['not_connected'] as const) : [])]
}

function want(media: Media, wanted: Want, at: number): Step {
  if (wanted.visit === null || (!wanted.camera && !wanted.legs)) {
    if (media.want.visit === null) return [media, []]
    const closes = [...media.legs.values()]
      .filter(isMade)
      .map((leg) => ({ type: 'close', serial: leg.serial }) as const)
    const camera: MediaEffect[] = media.camera === 'off' ? [] : [{ type: 'close_camera' }]
    return [{ ...newMedia(), serial: media.serial }, [...closes, ...camera]]
  }
  if (media.want.visit !== null && media.want.visit !== wanted.visit) {
    const [cleared, first] = want(media, NOTHING, at)
    const [next, then] = want(cleared, wanted, at)
    return [next, [...first, ...then]]
  }
  const begins = wanted.legs && !media.want.legs
  const next = { ...media, want: wanted, ...(begins ? { wantedAt: at, before: wanted.own, ordered: 0 } : {}) }
  if (wanted.legs && !begins && wanted.own > next.before + next.ordered) return [next, [{ type: 'moved' }]]
  return settle(next, at)
}

/** Open what is wanted and not there; let go of what is no longer wanted. */
function settle(media: Media, at: number): Step {
  const effects: MediaEffect[] = []
  let next = media
  if (next.want.camera && next.camera === 'off') {
    next = { ...next, camera: 'asking' }
    effects.push({ type: 'open_camera' })
  }
  const wanted = wantedLegs(next)
  for (const [key, leg] of next.legs) {
    const now = wanted.get(key)
    const stale = now !== undefined && now.publishes > leg.publishes
    if (now && !stale) continue
    if (now && isMade(leg) && leg.packets === 0) {
      // Nothing has come yet, so it was asked for about when the other's was: the relay joins the two.
      next = change(next, leg.serial, (one) => ({ ...one, publishes: now.publishes }))
      continue
    }
    if (isMade(leg)) effects.push({ type: 'close', serial: leg.serial })
    const legs = new Map(next.legs)
    legs.delete(key)
    next = { ...next, legs }
  }
  for (const [key, one] of wanted) {
    if (next.legs.has(key)) continue
    const [after, effect] = connect(next, key, { ...one, attempts: 0 }, at)
    next = after
    effects.push(effect)
  }
  return [next, effects]
}

type Wanted = Pick<Leg, 'direction' | 'of' | 'publishes'>

function wantedLegs(media: Media): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  if (!media.want.legs) return wanted
  if (media.camera === 'sending') wanted.set('publish', { direction: 'publish', of: null, publishes: 0 })
  for (const other of media.want.others) {
    // The first leg of somebody who sends nothing is ours: signaling counts who has joined by legs.
    const { id, publishes } = other
    if (publishes > 0 || media.camera === 'nothing') wanted.set(id, { direction: 'subscribe', of: id, publishes })
  }
  return wanted
}

function connect(media: Media, key: string, one: Wanted & { attempts: number }, at: number): [Media, MediaEffect] {
  const serial = media.serial + 1
  const { direction, of, publishes, attempts } = one
  const before = media.legs.get(key)
  const leg: Leg = {
    direction,
    of,
    publishes,
    attempts,
    serial,
    phase: 'asking',
    since: at,
    heardAt: before?.heardAt ?? null,
    packets: 0,
    signAt: null,
    signs: 0,
    lull: 0,
    frames: 0,
    frameAt: before?.frameAt ?? null,
    retryAt: 0,
  }
  const ordered = media.ordered + (direction === 'publish' ? 1 : 0)
  const visit = media.want.visit ?? ''
  const next = { ...media, serial, ordered, legs: new Map(media.legs).set(key, leg) }
  return [next, { type: 'connect', visit, serial, direction, of }]
}

function isMade(leg: Leg): boolean {
  return leg.phase !== 'waiting'
}

function keyOf(media: Media, serial: number): string | undefined {
  return [...media.legs].find(([, leg]) => leg.serial === serial)?.[0]
}

function change(media: Media, serial: number, make: (leg: Leg) => Leg): Media {
  const key = keyOf(media, serial)
  const leg = key === undefined ? undefined : media.legs.get(key)
  return key === undefined || !leg ? media : { ...media, legs: new Map(media.legs).set(key, make(leg)) }
}

function peer(media: Media, serial: number, state: RTCPeerConnectionState, at: number): Step {
  switch (state) {
    case 'connected': {
      const up = (leg: Leg): Leg => ({
        ...leg,
        phase: 'up',
        since: at,
        heardAt: leg.heardAt ?? at,
        signAt: null,
        signs: 0,
      })
      return [change(media, serial, up), []]
    }
    case 'disconnected':
      return [change(media, serial, (leg) => ({ ...leg, phase: 'shaky', since: at })), []]
    case 'failed':
    case 'closed':
      return again(media, serial, at)
    default:
      return [media, []]
  }
}

/** Close this attempt, and try again after a while that grows. */
function again(media: Media, serial: number, at: number): Step {
  const key = keyOf(media, serial)
  if (key === undefined || media.legs.get(key)?.phase === 'waiting') return [media, []]
  const next = change(media, serial, (leg) => {
    const wait = TRIES[Math.min(leg.attempts, TRIES.length - 1)] ?? 4000
    return { ...leg, phase: 'waiting', since: at, attempts: leg.attempts + 1, retryAt: at + wait }
  })
  return [next, [{ type: 'close', serial }]]
}

/** The line is back after a cut: what did not survive it is tried at once. */
function hurried(media: Media, at: number): Media {
  const legs = new Map([...media.legs].map(([key, leg]) => [key, isMade(leg) ? leg : { ...leg, retryAt: at }]))
  return { ...media, legs }
}

function flow(media: Media, event: Extract<MediaEvent, { type: 'flow' }>): Media {
  const { at, serial, packets, frames, signs } = event
  return change(media, serial, (leg) => ({
    ...leg,
    packets,
    frames,
    signs,
    attempts: packets > leg.packets ? 0 : leg.attempts,
    heardAt: packets > leg.packets ? at : leg.heardAt,
    ...(signs > leg.signs ? { signAt: at, lull: at - (leg.signAt ?? leg.since) } : {}),
    frameAt: frames > leg.frames ? at : leg.frameAt,
  }))
}

function tick(media: Media, at: number): Step {
  let next = media.legs.size > 0 ? { ...media, lookedAt: at } : media
  const effects: MediaEffect[] = []
  const slept = at - media.lookedAt > SLEPT_AFTER
  // What was not listened to is not counted as silence.
  const later = (time: number | null) => (time === null ? null : Math.min(at, time + at - media.lookedAt))
  for (const [key, leg] of media.legs) {
    if (leg.phase === 'waiting') {
      if (at < leg.retryAt) continue
      const [after, effect] = connect(next, key, leg, at)
      next = after
      effects.push(effect)
    } else if (slept && leg.signAt !== null) {
      next = change(next, leg.serial, (one) => ({ ...one, signAt: later(one.signAt), heardAt: later(one.heardAt) }))
    } else if (isDead(leg, at)) {
      // It was well until now, and the other waits: the first try does not.
      const [after, effect] = connect(next, key, { ...leg, attempts: leg.attempts + 1 }, at)
      next = after
      effects.push({ type: 'close', serial: leg.serial }, effect)
    } else if (isLost(leg, media, at)) {
      const [after, more] = again(next, leg.serial, at)
      next = after
      effects.push(...more)
    }
  }
  return [noticed(next, at), effects]
}

/**
 * Whether nothing at all comes from the relay any more on a path that stood. Who has switched camera and microphone off,
 * or sends nothing, is silent on a living path: its checks are answered.
 */
export function isDead(leg: Leg, at: number): boolean {
  if ((leg.phase !== 'up' && leg.phase !== 'shaky') || leg.signAt === null) return false
  return at - leg.signAt >= (leg.lull < RARE ? DEAD_AFTER : DEAD_AFTER_CHECKS)
}

function isLost(leg: Leg, media: Media, at: number): boolean {
  const asleep = at - leg.since
  switch (leg.phase) {
    case 'asking':
    case 'connecting':
      return asleep >= CONNECT_WITHIN
    case 'shaky':
      return leg.signAt === null && asleep >= HEALS_WITHIN
    case 'up': {
      if (leg.of === null) return false
      const other = media.want.others.find((one) => one.id === leg.of)
      if (!other || other.away || other.publishes === 0) return false
      // Counted from the connection too: the first picture needs a moment after a new try.
      return at - Math.max(leg.heardAt ?? leg.since, leg.since) >= SILENT_AFTER * Math.min(leg.attempts + 1, 4)
    }
    default:
      return false
  }
}

/** What somebody looking at the page would say: it comes, it stands still, it never came. */
function noticed(media: Media, at: number): Media {
  const subscribed = [...media.legs.values()].filter((leg) => leg.of !== null)
  const recent = (time: number | null) => time !== null && at - time < PAUSED_AFTER
  const flowing = subscribed.some((leg) => leg.packets > 0 && recent(leg.heardAt))
  const picture = subscribed.some((leg) => recent(leg.frameAt))
  const everFlowed = media.everFlowed || flowing
  const reach = media.camera !== 'sending' || media.legs.get('publish')?.phase === 'up'
  const expected = media.want.others.some((other) => other.publishes > 0 && !other.away)
  const well = reach && (!expected || flowing)
  const heardAt = Math.max(media.wantedAt, ...subscribed.map((leg) => leg.heardAt ?? 0))
  const waited = at - heardAt >= REPORT_AFTER
  const notConnected = media.want.legs && !well && (media.notConnected || waited)
  const same =
    flowing === media.flowing &&
    picture === media.picture &&
    everFlowed === media.everFlowed &&
    notConnected === media.notConnected
  return same ? media : { ...media, flowing, picture, everFlowed, notConnected }
}
