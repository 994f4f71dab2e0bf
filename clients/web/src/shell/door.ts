// Opening a door for a case or a mission: asked, open or not, and never taken for open before the lock has said so.

import type { LockOpened, LockView } from '../wire/types'
import { ask, Problem } from './ask'

/** The hub answers within ten seconds; what takes longer is the line's own trouble. */
export const ANSWER_WITHIN = 13_000

export type Opening =
  | { state: 'asking'; lock: string; command: string }
  | { state: 'opened'; lock: string; at: string }
  | { state: 'failed'; lock: string; code: string; command: string }

/** The same press sent again under the same id opens nothing twice. A new press is a new command. */
export function commandFor(before: Opening | null, lock: string, fresh: string): string {
  const unanswered = before?.state === 'failed' && before.lock === lock && before.code === 'unreachable'
  return unanswered ? before.command : fresh
}

/** What a door is opened for. */
export type Purpose = { case: string } | { mission: string }

export async function openDoor(lock: string, purpose: Purpose, command: string): Promise<Opening> {
  const body = { purpose, command_id: command }
  try {
    const path = `/api/v1/locks/${encodeURIComponent(lock)}/open`
    const opened = await ask<LockOpened>(path, { method: 'POST', body, patience: ANSWER_WITHIN })
    return { state: 'opened', lock, at: opened.at }
  } catch (error) {
    return { state: 'failed', lock, code: error instanceof Problem ? error.code : 'unknown', command }
  }
}

/** Those that take commands: a lock that only tells how it stands has no button. */
export function openable(locks: readonly LockView[]): LockView[] {
  return locks.filter((lock) => lock.can_open)
}

const KNOWN = [
  'lock_jammed',
  'lock_refused',
  'lock_unreachable',
  'lock_no_answer',
  'unreachable',
  'not_handler',
] as const

export function failureOf(code: string): (typeof KNOWN)[number] | 'unknown' {
  return KNOWN.find((one) => one === code) ?? 'unknown'
}
