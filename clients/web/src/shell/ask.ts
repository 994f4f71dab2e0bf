// Questions over HTTP. What goes wrong is one class with a stable code; the sentence for people is made where it is shown.
import type { Problem as ProblemMessage } from '../wire/types'

/**
 * `code` is the hub's own, or `unreachable` when nothing answered. `status` is 0 then. `detail` says what it is about:
 * ids by what they are ids of, or what is wrong by field.
 */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: Readonly<Record<string, string | null>> = {},
  ) {
    super(code)
    this.name = 'Problem'
  }
}

export interface Question {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
  /** Ms before an answer is no longer waited for. */
  patience?: number
  /** Content type of the body when it is not plain JSON. */
  type?: string
}

/** The answer as JSON, nothing for an empty one. Throws `Problem`. */
export async function ask<Answer>(path: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', body, signal, patience = 10_000, type = 'application/json' } = question
  const limits = [AbortSignal.timeout(patience)]
  if (signal) limits.push(signal)
  let response: Response
  try {
    response = await fetch(path, {
      method,
      signal: AbortSignal.any(limits),
      credentials: 'same-origin',
      cache: 'no-store',
      headers: body === undefined ? {} : { 'content-type': type },
      body: body === undefined ? null : JSON.stringify(body),
    })
  } catch {
    throw new Problem(signal?.aborted ? 'given_up' : 'unreachable', 0)
  }
  if (!response.ok) throw await problemOf(response)
  if (response.status === 204) return undefined as Answer
  try {
    return (await response.json()) as Answer
  } catch {
    throw new Problem('unreadable', response.status)
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const { status } = response
  try {
    const said = (await response.json()) as Partial<ProblemMessage>
    if (typeof said.code === 'string') return new Problem(said.code, status, said.detail ?? {})
  } catch {
    // Not from the hub, or cut off on the way.
  }
  return new Problem(`http_${status}`, status)
}
