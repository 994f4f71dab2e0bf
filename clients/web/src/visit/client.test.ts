import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Clock } from '../shell/clock'
import type { Now } from '../shell/now'
import type { SocketEvents } from '../shell/socket'
import type { VisitView } from '../wire/types'
import type { Camera } from './camera'
import { openVisits, type Ports, type Visits } from './client'
import { ELSA, ended, participant, running, visit } from './examples'
import type { Peer, PeerNeeds } from './peer'

const AT = '2026-11-22T13:00:00.000Z'

/** A browser of our own making: what the page says and makes is on record, and what it hears is ours to say. */
function browser(refused: Awaited<ReturnType<Camera['open']>>['refused'] = []) {
  const said: unknown[] = []
  const made: (PeerNeeds & { closed: boolean })[] = []
  const camera = { opened: 0, closed: 0 }
  let events: SocketEvents | undefined
  const stream = { getAudioTracks: () => [], getVideoTracks: () => [] } as unknown as MediaStream
  const ports: Ports = {
    socket: (_path, _clock, given) => {
      events = given
      return { open() {}, drop() {}, end() {}, send: (message) => said.push(message) }
    },
    camera: {
      open: async () => {
        camera.opened += 1
        return { stream: refused.length > 1 ? null : stream, refused }
      },
      close: () => {
        camera.closed += 1
      },
      turn: async () => null,
    },
    peer: (needs): Peer => {
      const one = { ...needs, closed: false }
      made.push(one)
      return {
        close: () => {
          one.closed = true
        },
        replace() {},
        flow: async () => ({ packets: 0, frames: 0, signs: 0 }),
      }
    },
  }
  const hear = (message: unknown) => events?.heard(message, 100)
  const tell = (one: VisitView) => hear({ type: 'visit', at: AT, visit: one })
  const state = (...visits: VisitView[]) => hear({ type: 'meet_state', version: 1, at: AT, visits })
  return { ports, said, made, camera, tell, state }
}

const clock: Clock = { mono: () => 100, wall: () => Date.parse(AT) }
const now: Now = { get: () => Date.parse(AT), correct() {}, subscribe: () => () => undefined }

const asked: { path: string; body: unknown }[] = []
let answer: (path: string) => unknown
let opened: Visits | undefined

beforeEach(() => {
  asked.length = 0
  sessionStorage.clear()
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, body: JSON.parse(String(init.body)) })
    return new Response(JSON.stringify(answer(path)), { status: 200 })
  })
})

afterEach(() => {
  opened?.end()
  vi.unstubAllGlobals()
})

const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
const both = (part: Partial<VisitView> = {}) =>
  running({ participants: [participant({ publishes: 1, publishing: true }), ELSA], ...part })

describe('a resident’s page', () => {
  it('keeps the camera off while it rings, and opens it with the answer', async () => {
    const { ports, camera, made, state } = browser()
    answer = () => both({ me: ELSA.id })
    opened = openVisits('home', clock, now, ports)
    state(visit())
    expect(camera.opened).toBe(0)
    opened.answer('v1')
    await settled()
    expect(asked[0]?.path).toBe('/api/v1/visits/v1/answer')
    expect(camera.opened).toBe(1)
    expect(made.map((one) => one.direction).sort()).toEqual(['publish', 'subscribe'])
  })

  it('lets camera and connections go at once when somebody leaves, whatever the line does', async () => {
    const { ports, camera, made, state } = browser()
    answer = () => both({ me: ELSA.id })
    opened = openVisits('home', clock, now, ports)
    state(both({ me: ELSA.id }))
    await settled()
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no line')))
    opened.hangUp('v1')
    expect(made.every((one) => one.closed)).toBe(true)
    expect(camera.closed).toBe(1)
  })

  it('reports what may not be used, once, and never for a visit that is over', async () => {
    const { ports, said, state, tell } = browser(['microphone_refused', 'camera_refused'])
    opened = openVisits('home', clock, now, ports)
    state(both({ me: ELSA.id }))
    await settled()
    tell(both({ me: ELSA.id, version: 3 }))
    tell(ended({ me: ELSA.id }))
    await settled()
    const reports = said.filter((one) => (one as { type: string }).type === 'trouble')
    expect(reports).toEqual([{ type: 'trouble', visit: 'v1', trouble: ['microphone_refused', 'camera_refused'] }])
  })
})

describe('staff’s page', () => {
  it('starts a visit under an id of its own and opens the camera while it rings', async () => {
    const { ports, camera, made, state } = browser()
    answer = () => visit({ me: 'p-anna' })
    opened = openVisits('staff', clock, now, ports)
    state()
    opened.start({ resident: 'elsa', kind: 'home', legal_basis: 'SoL', decision: 'SoL-1', case: null })
    await settled()
    expect(asked[0]).toMatchObject({ path: '/api/v1/visits', body: { resident: 'elsa', decision: 'SoL-1' } })
    expect(asked[0]?.body).toHaveProperty('command_id', expect.stringMatching(/^[0-9a-f-]{36}$/))
    expect([camera.opened, made.length]).toEqual([1, 0])
  })

  it('frees everything when the page goes away', async () => {
    const { ports, camera, made, state } = browser()
    sessionStorage.setItem('nattljus.visit.staff', 'v1')
    opened = openVisits('staff', clock, now, ports)
    state(both({ me: 'p-anna' }))
    await settled()
    window.dispatchEvent(new Event('pagehide'))
    expect(made.length).toBeGreaterThan(0)
    expect(made.every((one) => one.closed)).toBe(true)
    expect(camera.closed).toBe(1)
  })
})
