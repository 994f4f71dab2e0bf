// One leg as the browser has it: a peer connection that only sends or only receives, VP8 and Opus and nothing else.
import type { Direction, LegView } from '../wire/types'
import { endAt, offerTo } from './whip'

export interface PeerEvents {
  /** The relay has answered the offer. */
  answered(): void
  state(state: RTCPeerConnectionState): void
  failed(): void
  /** What comes from the other, once its first track is there. */
  stream(stream: MediaStream): void
}

export interface PeerNeeds {
  direction: Direction
  /** What is sent; empty for a leg that receives. */
  stream: MediaStream | null
  /** A place at the relay. Throws when there is none. */
  order(): Promise<LegView>
  events: PeerEvents
}

/** What has come so far. It may count from anew: what matters is that it grows. */
export interface Flow {
  /** Packets; for a leg that sends, the relay's reports on what it gets. */
  packets: number
  frames: number
  /** Everything that shows the relay is there, answers to the browser's checks among it. */
  signs: number
}

export interface Peer {
  close(): void
  replace(track: MediaStreamTrack): void
  flow(): Promise<Flow>
}

const MOST = 1_700_000 // bits a second of picture: 720p at 30 frames, well seen

export function connectPeer(needs: PeerNeeds): Peer {
  const { direction, stream, order, events } = needs
  const ending = new AbortController()
  let connection: RTCPeerConnection | undefined
  let stood = false
  let place: { leg: LegView; location: string | null } | undefined

  const start = async () => {
    const leg = await order()
    if (ending.signal.aborted) return
    const made = newConnection(leg)
    connection = made
    made.onconnectionstatechange = () => {
      stood ||= made.connectionState === 'connected'
      if (!ending.signal.aborted) events.state(made.connectionState)
    }
    if (direction === 'publish' && stream) sendAll(made, stream)
    else receiveAll(made, events.stream)
    await made.setLocalDescription()
    // The relay needs no candidates of ours: the first check tells it where we are.
    const session = await offerTo(leg, made.localDescription?.sdp ?? '', ending.signal)
    place = { leg, location: session.location }
    if (ending.signal.aborted) return end()
    await made.setRemoteDescription({ type: 'answer', sdp: session.answer })
    if (!ending.signal.aborted) events.answered()
  }

  /**
   * Closing a connection that stands ends its DTLS, and so the leg at the relay. One that never came to stand is taken
   * back there; its token is still good, since no attempt lasts a minute.
   */
  const end = () => {
    ending.abort()
    connection?.close()
    if (place?.location && !stood) void endAt(place.location, place.leg.token)
    place = undefined
  }

  start().catch(() => {
    if (!ending.signal.aborted) events.failed()
  })
  return {
    close: end,
    replace(track) {
      const sender = connection?.getSenders().find((one) => one.track?.kind === track.kind)
      void sender?.replaceTrack(track).catch(() => undefined)
    },
    async flow() {
      return flowOf(connection && !ending.signal.aborted ? await connection.getStats() : [])
    },
  }
}

/**
 * Every connection of a visit is made here. Chromium passes no frame on where `encodedInsertableStreams` is asked for and
 * no transform is set (tried in 156), so it is asked for together with the first transform, and not before.
 */
function newConnection(leg: LegView): RTCPeerConnection {
  const iceServers = leg.ice_servers.map(({ urls, username, credential }) => ({
    urls,
    ...(username === null ? {} : { username }),
    ...(credential === null ? {} : { credential }),
  }))
  return new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' })
}

function sendAll(connection: RTCPeerConnection, stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    const encoding = track.kind === 'video' ? { maxBitrate: MOST, maxFramerate: 30 } : {}
    const transceiver = connection.addTransceiver(track, {
      direction: 'sendonly',
      streams: [stream],
      sendEncodings: [encoding],
    })
    preferOurs(transceiver, track.kind)
  }
}

function receiveAll(connection: RTCPeerConnection, told: (stream: MediaStream) => void): void {
  const received = new MediaStream()
  for (const kind of ['audio', 'video']) {
    preferOurs(connection.addTransceiver(kind, { direction: 'recvonly' }), kind)
  }
  connection.ontrack = ({ track }) => {
    received.addTrack(track)
    told(received)
  }
}

const OURS = ['audio/opus', 'video/vp8', 'video/rtx']

function preferOurs(transceiver: RTCRtpTransceiver, kind: string): void {
  const known = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? []
  const ours = known.filter((codec) => OURS.includes(codec.mimeType.toLowerCase()))
  if (ours.length > 0) transceiver.setCodecPreferences(ours)
}

interface Counted {
  type: string
  packetsReceived?: number
  framesDecoded?: number
  roundTripTimeMeasurements?: number
  responsesReceived?: number
}

export function flowOf(report: { forEach(each: (one: Counted) => void): void }): Flow {
  let packets = 0
  let frames = 0
  let below = 0
  report.forEach((one) => {
    if (one.type === 'inbound-rtp') packets += one.packetsReceived ?? 0
    if (one.type === 'inbound-rtp') frames += one.framesDecoded ?? 0
    if (one.type === 'remote-inbound-rtp') packets += one.roundTripTimeMeasurements ?? 0
    if (one.type === 'candidate-pair') below += (one.responsesReceived ?? 0) + (one.packetsReceived ?? 0)
  })
  return { packets, frames, signs: packets + below }
}
