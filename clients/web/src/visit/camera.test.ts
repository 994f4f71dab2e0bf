import { beforeAll, describe, expect, it, vi } from 'vitest'
import { createCamera } from './camera'

class Track {
  enabled = true
  stopped = false
  constructor(readonly kind: string) {}
  stop() {
    this.stopped = true
  }
}

class Stream {
  constructor(private tracks: Track[] = []) {}
  getTracks = () => this.tracks
  getVideoTracks = () => this.tracks.filter((one) => one.kind === 'video')
  getAudioTracks = () => this.tracks.filter((one) => one.kind === 'audio')
  addTrack = (one: Track) => void this.tracks.push(one)
  removeTrack = (one: Track) => {
    this.tracks = this.tracks.filter((other) => other !== one)
  }
}

beforeAll(() => vi.stubGlobal('MediaStream', Stream))

/** Devices that give what they have, and say no by name to the rest. */
function devices(no: { video?: string; audio?: string }) {
  const given: Track[] = []
  const getUserMedia = async ({ video, audio }: MediaStreamConstraints) => {
    if (video && no.video) throw new DOMException('', no.video)
    if (audio && no.audio) throw new DOMException('', no.audio)
    const tracks = [...(audio ? [new Track('audio')] : []), ...(video ? [new Track('video')] : [])]
    given.push(...tracks)
    return new Stream(tracks) as unknown as MediaStream
  }
  return { getUserMedia, given }
}

const kinds = (stream: MediaStream | null) => stream?.getTracks().map((one) => one.kind)

describe('camera and microphone', () => {
  it('come together', async () => {
    const opened = await createCamera(devices({})).open()
    expect([kinds(opened.stream), opened.refused]).toEqual([['audio', 'video'], []])
  })

  it('come as far as there is any, and what is missing is named', async () => {
    const unseen = await createCamera(devices({ video: 'NotAllowedError' })).open()
    expect([kinds(unseen.stream), unseen.refused]).toEqual([['audio'], ['camera_refused']])
    const unheard = await createCamera(devices({ audio: 'NotFoundError' })).open()
    expect([kinds(unheard.stream), unheard.refused]).toEqual([['video'], ['microphone_missing']])
    const neither = await createCamera(devices({ video: 'NotReadableError', audio: 'NotAllowedError' })).open()
    expect([neither.stream, neither.refused]).toEqual([null, ['microphone_refused', 'camera_missing']])
  })

  it('are refused where the browser has none to give', async () => {
    expect((await createCamera(undefined).open()).refused).toEqual(['microphone_refused', 'camera_refused'])
  })

  it('that come when nobody wants them any more are switched off', async () => {
    const some = devices({})
    const camera = createCamera(some)
    const opening = camera.open()
    camera.close()
    expect((await opening).stream).toBeNull()
    expect(some.given.every((one) => one.stopped)).toBe(true)
  })

  it('turn: the first camera is off before the other is asked for', async () => {
    const some = devices({})
    const camera = createCamera(some)
    await camera.open()
    const turned = await camera.turn()
    expect(some.given.map((one) => [one.kind, one.stopped])).toEqual([
      ['audio', false],
      ['video', true],
      ['video', false],
    ])
    expect(turned).toBe(some.given[2])
  })
})
