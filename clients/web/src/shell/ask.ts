// Questions over HTTP. What goes wrong is one class with a stable code; the sentence for people is made where it is shown.
import type { Problem as ProblemMessage } from '../wire/types'

/** `code` is the hub's own, or `unreachable` when nothing answered. `status` is 0 then. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code)
    this.name = 'Problem'
  }
}

export interface Question {
  method?: 'GET' | 'POST' | 'DELETE'
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
  if (!response.ok) throw new Problem(await codeOf(response), response.status)
  if (response.status === 204) return undefined as Answer
  try {
    return (await response.json()) as Answer
  } catch {
    throw new Problem('unreadable', response.status)
  }
}

async function codeOf(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as Partial<ProblemMessage>
    return typeof problem.code === 'string' ? problem.code : `http_${response.status}`
  } catch {
    return `http_${response.status}`
  }
}
