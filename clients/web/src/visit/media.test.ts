import { describe, expect, it } from 'vitest'
import {
  CONNECT_WITHIN,
  DEAD_AFTER,
  DEAD_AFTER_CHECKS,
  HEALS_WITHIN,
  type Media,
  type MediaEffect,
  type MediaEvent,
  NOTHING,
  newMedia,
  PAUSED_AFTER,
  REPORT_AFTER,
  SILENT_AFTER,
  SLEPT_AFTER,
  stepMedia,
  troubleOf,
  type Want,
} from './media'

function play(events: MediaEvent[], from: Media = newMedia()): [Media, MediaEffect[]] {
  let media = from
  const effects: MediaEffect[] = []
  for (const event of events) {
    const [next, more] = stepMedia(media, event)
    media = next
    effects.push(...more)
  }
  return [media, effects]
}

const RINGING: Want = { visit: 'v1', camera: true, legs: false, own: 0, others: [] }
const wanted = (publishes = 0, part: Partial<Want> = {}, away = false): Want => ({
  ...RINGING,
  legs: true,
  others: [{ id: 'elsa', publishes, away }],
  ...part,
})
const want = (one: Want, at = 0): MediaEvent => ({ type: 'want', at, want: one })
const camera = (at = 10): MediaEvent => ({ type: 'camera', at, sending: true, refused: [] })
const peer = (serial: number, state: RTCPeerConnectionState, at: number): MediaEvent => ({
  type: 'peer',
  at,
  serial,
  state,
})
const flow = (serial: number, packets: number, at: number, signs = packets): MediaEvent => ({
  type: 'flow',
  at,
  serial,
  packets,
  frames: packets,
  signs,
})
const tick = (at: number): MediaEvent => ({ type: 'tick', at })
const closed = (effects: MediaEffect[]) => effects.flatMap((one) => (one.type === 'close' ? [one.serial] : []))
const kinds = (effects: MediaEffect[]) => effects.map((one) => (one.type === 'connect' ? one.direction : one.type))

/** Both legs up and packets coming: publish is 1, subscribe is 2. */
const UP: MediaEvent[] = [
  want(wanted()),
  camera(),
  want(wanted(1, { own: 1 }), 20),
  peer(1, 'connected', 50),
  peer(2, 'connected', 60),
  flow(2, 10, 500),
  tick(500),
]

describe('camera and microphone', () => {
  it('are opened while it rings out, and nothing is sent before an answer', () => {
    const [media, effects] = play([want(RINGING), camera()])
    expect(kinds(effects)).toEqual(['open_camera'])
    expect(media.legs.size).toBe(0)
  })

  it('are sent as soon as there is an answer', () => {
    expect(kinds(play([want(RINGING), camera(), want(wanted(), 100)])[1])).toEqual(['open_camera', 'publish'])
  })

  it('that are refused are reported, and one still sees and hears the other', () => {
    const refused: MediaEvent = {
      type: 'camera',
      at: 10,
      sending: false,
      refused: ['microphone_refused', 'camera_refused'],
    }
    const [media, effects] = play([want(wanted()), refused])
    expect(troubleOf(media)).toEqual(['microphone_refused', 'camera_refused'])
    expect(kinds(effects)).toEqual(['open_camera', 'subscribe'])
  })

  it('of which one is refused: the rest is sent', () => {
    const half: MediaEvent = { type: 'camera', at: 10, sending: true, refused: ['camera_refused'] }
    expect(kinds(play([want(wanted()), half])[1])).toEqual(['open_camera', 'publish'])
  })

  it('are let go with every leg when the visit is over', () => {
    const [media, effects] = play([want(NOTHING, 900)], play(UP)[0])
    expect(effects).toEqual([{ type: 'close', serial: 1 }, { type: 'close', serial: 2 }, { type: 'close_camera' }])
    expect(media).toEqual({ ...newMedia(), serial: 2 })
  })

  it('that come after the visit is over are not sent', () => {
    expect(play([want(wanted()), want(NOTHING, 5), camera()])[0].legs.size).toBe(0)
  })
})

describe('a leg', () => {
  it('to the other is had once the other sends, and anew for each new one of theirs', () => {
    const [media] = play(UP)
    const [, effects] = play([want(wanted(2, { own: 1 }), 900)], media)
    expect(effects).toEqual([
      { type: 'close', serial: 2 },
      { type: 'connect', visit: 'v1', serial: 3, direction: 'subscribe', of: 'elsa' },
    ])
  })

  it('to the other that has brought nothing yet is kept when theirs is new', () => {
    const [media] = play([want(wanted(1)), camera(), peer(2, 'connected', 60)])
    const subscribed = [...media.legs.values()].find((leg) => leg.of === 'elsa')?.serial ?? 0
    const [, effects] = play([want(wanted(2), 900), tick(1000)], media)
    expect(effects).toEqual([])
    const [flowing] = play([want(wanted(2), 900), flow(subscribed, 5, 1000), tick(1000)], media)
    expect(closed(play([want(wanted(3), 1100)], flowing)[1])).toEqual([subscribed])
  })

  it('that fails is closed and tried again, later each time', () => {
    const [once, first] = play([{ type: 'failed', at: 100, serial: 1 }], play([want(wanted()), camera()])[0])
    expect(kinds(first)).toEqual(['close'])
    expect(kinds(play([tick(250)], once)[1])).toEqual([])
    const [again, second] = play([tick(320)], once)
    expect(kinds(second)).toEqual(['publish'])
    const [twice] = play([{ type: 'failed', at: 400, serial: 2 }], again)
    expect(kinds(play([tick(620)], twice)[1])).toEqual([])
    expect(kinds(play([tick(920)], twice)[1])).toEqual(['publish'])
  })

  it('that does not connect in time is made anew', () => {
    const [media] = play([want(wanted()), camera()])
    expect(kinds(play([tick(10 + CONNECT_WITHIN)], media)[1])).toEqual(['close'])
  })

  it('that is shaky may heal, and is made anew when it does not and nothing tells of signs', () => {
    const [shaky] = play([peer(1, 'disconnected', 1000)], play(UP)[0])
    expect(
      play([peer(1, 'connected', 2000), tick(9000)], shaky)[1].some((one) => one.type === 'close' && one.serial === 1),
    ).toBe(false)
    expect(play([tick(1000 + HEALS_WITHIN)], shaky)[1]).toContainEqual({ type: 'close', serial: 1 })
  })

  it('that has gone silent on a living path is made anew, but not while the other is away', () => {
    const checked = looks(500, 500 + SILENT_AFTER, (at) => [flow(2, 10, at, at)])
    expect(play(checked, play(UP)[0])[1]).toContainEqual({ type: 'close', serial: 2 })
    const [away] = play([want(wanted(1, { own: 1 }, true), 900)], play(UP)[0])
    expect(play(checked, away)[1]).toEqual([])
  })

  it('is tried at once when the line is back', () => {
    const [media] = play([{ type: 'failed', at: 600, serial: 1 }], play(UP)[0])
    const [back] = play([{ type: 'back', at: 650 }], media)
    expect(kinds(play([tick(660)], back)[1])).toEqual(['publish'])
  })

  it('of an attempt given up changes nothing any more', () => {
    const [media] = play(UP)
    expect(play([peer(77, 'failed', 900), { type: 'failed', at: 900, serial: 78 }], media)).toEqual([media, []])
  })
})

/** A look every 400 ms after `from`, and what is seen at each. */
const looks = (from: number, to: number, seen: (at: number) => MediaEvent[] = () => []): MediaEvent[] => {
  const events: MediaEvent[] = []
  for (let at = from + 400; at <= to + 400; at += 400) events.push(...seen(at), tick(at))
  return events
}

/** As `UP`, with reports on what is published too. */
const heard = (): Media => play([flow(1, 1, 500), flow(2, 20, 600), tick(600)], play(UP)[0])[0]

describe('a path', () => {
  it('from which nothing comes any more is dead soon after the last packet, whatever the browser says of it', () => {
    const [early, none] = play(looks(600, DEAD_AFTER), heard())
    expect(none).toEqual([])
    const [, effects] = play(looks(4200, 4600), early)
    expect(effects).toEqual([
      { type: 'close', serial: 1 },
      { type: 'connect', visit: 'v1', serial: 3, direction: 'publish', of: null },
      { type: 'close', serial: 2 },
      { type: 'connect', visit: 'v1', serial: 4, direction: 'subscribe', of: 'elsa' },
    ])
    const shaky = play([peer(1, 'disconnected', 3000), peer(2, 'disconnected', 3000)], heard())[0]
    expect(closed(play(looks(600, 4200), shaky)[1])).toEqual([1, 2])
  })

  it('that pauses for two seconds is kept', () => {
    const reports = (at: number) => Math.floor((at < 1600 ? at : Math.max(1600, at - 2000)) / 1000)
    const seen = (at: number) => [flow(1, 1 + reports(at), at), flow(2, at > 1600 && at < 3600 ? 70 : 20 + at / 20, at)]
    expect(play(looks(600, 12_000, seen), heard())[1]).toEqual([])
  })

  it('on which the other is silent lives as long as checks are answered', () => {
    const away = play([want(wanted(1, { own: 1 }, true), 700)], heard())[0]
    const seen = (at: number) => [flow(1, at, at), flow(2, 20, at, 20 + Math.floor(at / 2650))]
    const [media, effects] = play(looks(600, 30_000, seen), away)
    expect(effects).toEqual([])
    const [, late] = play(
      looks(30_400, 30_400 + DEAD_AFTER_CHECKS, (at) => [flow(1, at, at)]),
      media,
    )
    expect(closed(late)).toEqual([2])
  })

  it('into the relay has reports for its signs, and is healed alone', () => {
    const seen = (at: number) => [flow(2, at, at)]
    expect(closed(play(looks(600, 4800, seen), heard())[1])).toEqual([1])
  })

  it('is not dead to a page that slept and has only now begun to listen again', () => {
    const [woken, effects] = play([tick(62_600 + SLEPT_AFTER)], heard())
    expect(effects).toEqual([])
    expect(closed(play(looks(62_600 + SLEPT_AFTER, 62_600 + SLEPT_AFTER + DEAD_AFTER), woken)[1])).toEqual([1, 2])
  })

  it('made anew has its time to connect and to bring something', () => {
    const [media] = play(looks(600, 4600), heard())
    const [up] = play([peer(3, 'connected', 5000), peer(4, 'connected', 5000)], media)
    expect(play(looks(5000, 9000), up)[1]).toEqual([])
  })
})

describe('a path made anew', () => {
  it('that dies before the relay has reported on it is healed as soon', () => {
    const [media] = play([want(wanted()), camera(), peer(1, 'connected', 50), flow(1, 0, 100, 4), tick(100)])
    expect(closed(play(looks(100, 100 + DEAD_AFTER), media)[1])).toEqual([1])
  })
})

describe('what is seen', () => {
  it('flows, pauses, and flows again', () => {
    const [media] = play(UP)
    expect([media.flowing, media.picture]).toEqual([true, true])
    const [paused] = play([tick(500 + PAUSED_AFTER)], media)
    expect([paused.flowing, paused.everFlowed]).toEqual([false, true])
    expect(play([flow(2, 20, 3400), tick(3400)], paused)[0].flowing).toBe(true)
  })

  it('that never comes is reported, and taken back when it does', () => {
    const [media] = play([want(wanted(1)), camera(), peer(2, 'connected', 50)])
    expect(troubleOf(play([tick(REPORT_AFTER - 1)], media)[0])).toEqual([])
    const [late] = play([tick(REPORT_AFTER)], media)
    expect(troubleOf(late)).toEqual(['not_connected'])
    const serial = [...late.legs.values()].find((leg) => leg.of)?.serial ?? 0
    expect(
      troubleOf(play([peer(serial, 'connected', 11_000), flow(serial, 5, 11_500), tick(11_500)], late)[0]),
    ).toEqual([])
  })
})

describe('another page of the same person', () => {
  it('that sends in our place makes this one stand back', () => {
    expect(play([want(wanted(1, { own: 2 }), 900)], play(UP)[0])[1]).toEqual([{ type: 'moved' }])
  })

  it('is not suspected for what this page has asked for itself', () => {
    const [media] = play([{ type: 'failed', at: 600, serial: 1 }, tick(900)], play(UP)[0])
    expect(play([want(wanted(1, { own: 2 }), 1000)], media)[1]).toEqual([])
  })
})
