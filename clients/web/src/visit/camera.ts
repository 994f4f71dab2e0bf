// Camera and microphone of this machine: both, or what there is, and in plain codes what there is not.
import type { Trouble } from '../wire/types'

export interface Camera {
  /** Both, or one of them; what is missing, or may not be used, is named. Never throws. */
  open(): Promise<{ stream: MediaStream | null; refused: Trouble[] }>
  close(): void
  /** The other camera, where there are two. The new track, or null when it is the same as before. */
  turn(): Promise<MediaStreamTrack | null>
}

type Kind = 'camera' | 'microphone'
export type Devices = Pick<MediaDevices, 'getUserMedia'>

const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } }
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }

/** `devices` is missing where the page did not come over a secure line. */
export function createCamera(devices: Devices | undefined): Camera {
  let stream: MediaStream | null = null
  let facing: 'user' | 'environment' = 'user'
  let turnNumber = 0

  const ask = async (constraints: MediaStreamConstraints) => {
    if (!devices) throw new DOMException('', 'NotAllowedError')
    return devices.getUserMedia(constraints)
  }
  const alone = async (kind: Kind): Promise<MediaStreamTrack | Trouble> => {
    try {
      const got = await ask(kind === 'camera' ? { video: { ...PICTURE, facingMode: facing } } : { audio: SOUND })
      return got.getTracks()[0] ?? `${kind}_missing`
    } catch (error) {
      return troubleOf(kind, error)
    }
  }

  return {
    async open() {
      turnNumber += 1
      const turn = turnNumber
      const made = await both()
      // Closed while the browser was still asking: nothing of it may stay on.
      if (turn !== turnNumber) {
        stop(made.stream)
        return { stream: null, refused: [] }
      }
      stream = made.stream
      return made
    },
    close() {
      turnNumber += 1
      stop(stream)
      stream = null
    },
    async turn() {
      const old = stream?.getVideoTracks()[0]
      if (!stream || !old) return null
      const turn = turnNumber
      facing = facing === 'user' ? 'environment' : 'user'
      // Many phones cannot have both cameras open at once.
      old.stop()
      const got = await alone('camera')
      if (typeof got === 'string') return null
      if (turn !== turnNumber || !stream) {
        got.stop()
        return null
      }
      got.enabled = old.enabled
      stream.removeTrack(old)
      stream.addTrack(got)
      return got
    },
  }

  async function both(): Promise<{ stream: MediaStream | null; refused: Trouble[] }> {
    try {
      const got = await ask({ video: { ...PICTURE, facingMode: facing }, audio: SOUND })
      return { stream: got, refused: [] }
    } catch {
      // One of them may be why: each is asked for alone, sound first, since a visit can do without a picture.
      const found = [await alone('microphone'), await alone('camera')]
      const tracks = found.filter((one) => typeof one !== 'string')
      const refused = found.filter((one) => typeof one === 'string')
      return { stream: tracks.length > 0 ? new MediaStream(tracks) : null, refused }
    }
  }
}

/** Refused when somebody or some rule said no; missing when there is none, or another program has it. */
export function troubleOf(kind: Kind, error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : ''
  return name === 'NotAllowedError' || name === 'SecurityError' ? `${kind}_refused` : `${kind}_missing`
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}
