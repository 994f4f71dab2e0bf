// Text that is being written, one draft a case: it outlives every change of row, every cut and a reload of the tab.
import type { CaseView, Cause, Measure, NobodyReason } from '../wire/types'

/** What somebody has begun to fill in on a case. `note` is the note field, the rest is the closing. */
export interface Draft {
  note: string
  closing: boolean
  cause: Cause | null
  measure: Measure | null
  said: string
  resident: string | null
  nobody: NobodyReason | null
}

export const EMPTY: Draft = {
  note: '',
  closing: false,
  cause: null,
  measure: null,
  said: '',
  resident: null,
  nobody: null,
}

export interface Drafts {
  get(id: string): Draft
  change(id: string, part: Partial<Draft>): void
  clear(id: string): void
  subscribe(listener: () => void): () => void
}

/** `keep` and `kept` are the tab's own storage; never one that outlives the tab, for this is about people. */
export function createDrafts(
  kept: () => string | null = () => read(),
  keep: (text: string) => void = (text) => write(text),
): Drafts {
  const drafts = new Map<string, Draft>(parse(kept()))
  const listeners = new Set<() => void>()
  const changed = () => {
    keep(JSON.stringify([...drafts]))
    for (const listener of listeners) listener()
  }
  return {
    get: (id) => drafts.get(id) ?? EMPTY,
    change(id, part) {
      drafts.set(id, { ...(drafts.get(id) ?? EMPTY), ...part })
      changed()
    },
    clear(id) {
      if (drafts.delete(id)) changed()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const KEY = 'nattljus.desk.drafts'

function read(): string | null {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null
  }
}

function write(text: string): void {
  try {
    sessionStorage.setItem(KEY, text)
  } catch {
    // The draft is still on the page; only a reload would lose it.
  }
}

function parse(text: string | null): [string, Draft][] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    if (!Array.isArray(found)) return []
    return found.map(([id, draft]: [string, Partial<Draft>]) => [id, { ...EMPTY, ...draft }])
  } catch {
    return []
  }
}

/** What a closing still lacks; the first of them is what the page asks for. */
export type Missing = 'mission' | 'cause' | 'measure' | 'person' | 'unread' | 'not_yours' | 'call'

export function missingToClose(
  draft: Draft,
  view: Pick<CaseView, 'handler' | 'unread' | 'resident' | 'kind'> & { missions?: number },
  me: string | undefined,
  callOpen = false,
): Missing[] {
  const missing: Missing[] = []
  if (view.handler === null || view.handler !== me) missing.push('not_yours')
  if (view.unread > 0) missing.push('unread')
  if (view.missions) missing.push('mission')
  if (callOpen) missing.push('call')
  if (!draft.cause) missing.push('cause')
  if (!draft.measure) missing.push('measure')
  const named = view.resident !== null || draft.resident !== null || draft.nobody !== null
  if (view.kind === 'person' && !named) missing.push('person')
  return missing
}
