// The relay over HTTP: WHIP to send (RFC 9725), WHEP to receive. An offer goes up, an answer comes down.
import { Problem } from '../shell/ask'
import type { LegView } from '../wire/types'

export interface Session {
  answer: string
  /** Where the session lives at the relay; none when it said nothing of it. */
  location: string | null
}

const ANSWER_WITHIN = 6000

/** Throws `Problem`. */
export async function offerTo(leg: LegView, offer: string, signal: AbortSignal): Promise<Session> {
  let response: Response
  try {
    response = await fetch(leg.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${leg.token}`, 'content-type': 'application/sdp' },
      body: offer,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    })
  } catch {
    throw new Problem(signal.aborted ? 'given_up' : 'unreachable', 0)
  }
  if (response.status !== 201) throw new Problem(`http_${response.status}`, response.status)
  const location = response.headers.get('location')
  return {
    answer: await response.text(),
    location: location === null ? null : new URL(location, new URL(leg.url, document.baseURI)).href,
  }
}

/** Tell the relay that a session is over; it would find out by itself, later. Goes through also while the page closes. */
export async function endAt(location: string, token: string): Promise<boolean> {
  try {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(location, { method: 'DELETE', headers, keepalive: true, credentials: 'same-origin' })
    return response.ok || response.status === 404
  } catch {
    return false
  }
}
