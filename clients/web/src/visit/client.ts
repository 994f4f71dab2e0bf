// A page's visits, put together: the line to signaling, camera and microphone, the legs to the relay. All effects are here.
import { ask, Problem } from '../shell/ask'
import type { Clock } from '../shell/clock'
import { assertNever } from '../shell/never'
import type { Now } from '../shell/now'
import { createSocket, type Socket, type SocketEvents } from '../shell/socket'
import { createStore, type Store } from '../shell/store'
import type { LegOrder, LegView, VisitView } from '../wire/types'
import { type Camera, createCamera } from './camera'
import { keepVisit, keptVisit } from './keep'
import {
  type Media,
  type MediaEffect,
  type MediaEvent,
  NOTHING,
  newMedia,
  stepMedia,
  troubleOf,
  type Want,
} from './media'
import {
  isRunning,
  type Meet,
  type MeetEffect,
  type MeetEvent,
  type MeetOut,
  newMeet,
  type Order,
  type Side,
  stepMeet,
  type Wish,
} from './meet'
import { connectPeer, type Peer, type PeerNeeds } from './peer'
import { meIn, otherIn } from './scene'

/** What is seen and heard now. A new object each time something in it changes. */
export interface Pictures {
  own: MediaStream | null
  other: MediaStream | null
  microphone: boolean
  camera: boolean
}

export interface Visits {
  meet: Store<Meet, MeetEvent>
  media: Store<Media, MediaEvent>
  pictures: Store<Pictures, Partial<Pictures>>
  start(order: Order): void
  ring(visit: string): void
  answer(visit: string): void
  decline(visit: string): void
  hangUp(visit: string): void
  seen(visit: string): void
  claim(visit: string): void
  dismiss(): void
  switchOn(what: 'microphone' | 'camera', on: boolean): void
  turnCamera(): void
  end(): void
}

/** What there is one of in a browser, and another in a test. */
export interface Ports {
  socket(path: string, clock: Clock, events: SocketEvents): Socket
  camera: Camera
  peer(needs: PeerNeeds): Peer
}

export const browserPorts = (): Ports => ({
  socket: createSocket,
  camera: createCamera(navigator.mediaDevices),
  peer: connectPeer,
})

const LOOK_EVERY = 400
const ANSWER_WITHIN = 5000

export function openVisits(side: Side, clock: Clock, now: Now, ports: Ports = browserPorts()): Visits {
  const { camera } = ports
  const peers = new Map<number, Peer>()
  let wanted = JSON.stringify(NOTHING)
  let told = ''
  /** The models as they are now; a store publishes once a frame. */
  const latest = { meet: newMeet(side, keptVisit(side), clock.mono()), media: newMedia() }
  let own: MediaStream | null = null

  const meet = createStore<Meet, MeetEvent, MeetEffect>(
    latest.meet,
    (state, event) => {
      const step = stepMeet(state, event)
      latest.meet = step[0]
      return step
    },
    (effect) => runMeet(effect),
  )
  const media = createStore<Media, MediaEvent, MediaEffect>(
    latest.media,
    (state, event) => {
      const step = stepMedia(state, event)
      latest.media = step[0]
      return step
    },
    (effect) => runMedia(effect),
  )
  const pictures = createStore<Pictures, Partial<Pictures>, never>(
    { own: null, other: null, microphone: true, camera: true },
    (state, change) => [{ ...state, ...change }, []],
    () => undefined,
  )

  const runMeet = (effect: MeetEffect) => {
    switch (effect.type) {
      case 'open':
        return socket.open()
      case 'drop':
        return socket.drop()
      case 'say':
        return socket.send(effect.message)
      case 'post':
        return void post(effect.id, effect.wish)
      case 'keep':
        return keepVisit(side, effect.visit)
      case 'time':
        return now.correct(Date.parse(effect.hubTime))
      case 'back':
        told = ''
        return queueMicrotask(() => toMedia({ type: 'back', at: clock.mono() }))
      default:
        return assertNever(effect)
    }
  }

  const runMedia = (effect: MediaEffect) => {
    switch (effect.type) {
      case 'open_camera':
        return void openCamera()
      case 'close_camera':
        camera.close()
        own = null
        return pictures.send({ own: null, other: null, microphone: true, camera: true })
      case 'connect':
        return connect(effect.visit, effect.serial, { direction: effect.direction, of: effect.of })
      case 'close':
        peers.get(effect.serial)?.close()
        peers.delete(effect.serial)
        return
      case 'moved':
        return queueMicrotask(() => toMeet({ type: 'moved' }))
      default:
        return assertNever(effect)
    }
  }

  function toMeet(event: MeetEvent): void {
    meet.send(event)
    const want = wantOf(latest.meet)
    const key = JSON.stringify(want)
    if (key !== wanted) {
      wanted = key
      toMedia({ type: 'want', at: clock.mono(), want })
    } else tellTrouble()
  }

  function toMedia(event: MediaEvent): void {
    media.send(event)
    tellTrouble()
  }

  /** Signaling hears what is wrong here when it differs from what it last said of us. */
  function tellTrouble(): void {
    const { meet: here, media: now } = latest
    const visit = here.mine === null ? undefined : here.visits.get(here.mine)
    const me = visit && meIn(visit)
    if (!visit || !me || !here.line.live || now.want.visit !== visit.id || now.camera === 'asking') return
    const trouble = troubleOf(now)
    const key = [visit.id, ...trouble].join(' ')
    const same = [...trouble].sort().join() === [...me.trouble].sort().join()
    if (key === told || (same && told === '')) return
    told = key
    socket.send({ type: 'trouble', visit: visit.id, trouble })
  }

  async function openCamera(): Promise<void> {
    const { stream, refused } = await camera.open()
    own = stream
    if (stream) pictures.send({ own: stream })
    toMedia({ type: 'camera', at: clock.mono(), sending: stream !== null, refused })
  }

  function connect(visit: string, serial: number, which: Pick<LegOrder, 'direction' | 'of'>): void {
    const path = `/api/v1/visits/${encodeURIComponent(visit)}/legs`
    const peer = ports.peer({
      direction: which.direction,
      stream: which.direction === 'publish' ? own : null,
      order: () => ask<LegView>(path, { method: 'POST', body: which, patience: ANSWER_WITHIN }),
      events: {
        answered: () => toMedia({ type: 'answered', at: clock.mono(), serial }),
        state: (state) => toMedia({ type: 'peer', at: clock.mono(), serial, state }),
        failed: () => toMedia({ type: 'failed', at: clock.mono(), serial }),
        stream: (stream) => pictures.send({ other: stream }),
      },
    })
    peers.set(serial, peer)
  }

  async function post(id: string, wish: Wish): Promise<void> {
    const [path, body] =
      wish.act === 'start'
        ? ['/api/v1/visits', { ...wish.order, command_id: id }]
        : [`/api/v1/visits/${encodeURIComponent(wish.visit)}/${wish.act}`, { command_id: id }]
    try {
      const visit = await ask<VisitView>(path, { method: 'POST', body, patience: ANSWER_WITHIN })
      toMeet({ type: 'granted', at: clock.mono(), id, visit })
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('unknown', 0)
      const again = problem.status === 0 || problem.status >= 500
      toMeet({ type: 'failed', at: clock.mono(), id, code: problem.code, again })
    }
  }

  async function look(): Promise<void> {
    for (const [serial, peer] of [...peers]) {
      const flow = await peer.flow()
      if (peers.has(serial)) toMedia({ type: 'flow', at: clock.mono(), serial, ...flow })
    }
    toMedia({ type: 'tick', at: clock.mono() })
  }

  const socket = ports.socket('/api/v1/meet', clock, {
    opened: (at) => toMeet({ type: 'opened', at }),
    heard: (message, at) => toMeet({ type: 'heard', at, message: message as MeetOut }),
    closed: (at, chance) => toMeet({ type: 'closed', at, chance }),
    tick: (at, chance) => toMeet({ type: 'tick', at, chance }),
  })
  const looking = setInterval(() => void look(), LOOK_EVERY)
  const wish = (wanted: Wish) => toMeet({ type: 'wish', at: clock.mono(), id: crypto.randomUUID(), wish: wanted })

  /** The page goes away. The browser closes its socket and says why (1001); the relay is told by each leg. */
  const left = () => {
    for (const peer of peers.values()) peer.close()
    peers.clear()
    camera.close()
  }
  window.addEventListener('pagehide', left)
  socket.open()

  return {
    meet,
    media,
    pictures,
    start: (order) => wish({ act: 'start', order }),
    ring: (visit) => wish({ act: 'ring', visit }),
    answer: (visit) => wish({ act: 'answer', visit }),
    decline: (visit) => wish({ act: 'decline', visit }),
    hangUp: (visit) => wish({ act: 'end', visit }),
    seen: (visit) => toMeet({ type: 'seen', visit }),
    claim: (visit) => toMeet({ type: 'claim', visit }),
    dismiss: () => toMeet({ type: 'dismiss' }),
    switchOn(what, on) {
      for (const track of (what === 'camera' ? own?.getVideoTracks() : own?.getAudioTracks()) ?? []) track.enabled = on
      pictures.send({ [what]: on })
    },
    turnCamera() {
      void camera.turn().then((track) => {
        if (!track) return
        for (const peer of peers.values()) peer.replace(track)
      })
    },
    end() {
      clearInterval(looking)
      window.removeEventListener('pagehide', left)
      left()
      socket.end()
    },
  }
}

/** What a visit asks of camera, microphone and relay. A resident's camera is off until the ring is answered. */
export function wantOf(meet: Meet): Want {
  const visit = meet.mine === null ? undefined : meet.visits.get(meet.mine)
  const answering = meet.pending.find((one) => one.wish.act === 'answer')?.wish
  if (!visit) {
    const early = answering && answering.act !== 'start' && meet.visits.has(answering.visit) ? answering.visit : null
    return early === null ? NOTHING : { ...NOTHING, visit: early, camera: true }
  }
  if (meet.left.has(visit.id)) return NOTHING
  const other = otherIn(visit)
  return {
    visit: visit.id,
    camera: visit.state !== 'planned',
    legs: isRunning(visit) && visit.me !== null,
    own: meIn(visit)?.publishes ?? 0,
    others: other ? [{ id: other.id, publishes: other.publishes, away: other.away !== null }] : [],
  }
}
