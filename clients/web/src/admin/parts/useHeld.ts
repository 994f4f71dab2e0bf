// Fetches a document, keeps what is written, saves it over what was seen, and asks before what is not saved is left.
import { useCallback, useEffect, useReducer, useState } from 'react'
import { ask, Problem } from '../../shell/ask'
import { begin, type Fault, type Held, type HoldEvent, hold, isDirty } from './hold'

export interface Source<View, Draft> {
  /** Where it is read; nothing for what is new. */
  read: string | null
  /** What is edited of it; of nothing for what is new. */
  draftOf: (view: View | null) => Draft
  /** Saves it over what was seen. */
  put: (draft: Draft, seen: View | null) => Promise<View>
}

/** `status` is what the hub answered instead, 0 when it did not. */
export type Unread = { state: 'waiting' } | { state: 'failed'; status: number }
export type Holding<View, Draft> = Unread | { state: 'here'; held: Held<View, Draft> }

export interface Editing<View, Draft> {
  holding: Holding<View, Draft>
  edit: (draft: Draft) => void
  undo: () => void
  save: () => Promise<View | null>
  keepMine: () => void
  takeTheirs: () => void
}

type Told<View, Draft> =
  | HoldEvent<View, Draft>
  | { type: 'read'; view: View | null; clean: Draft }
  | { type: 'failed'; status: number }

function reduce<View, Draft>(now: Holding<View, Draft>, event: Told<View, Draft>): Holding<View, Draft> {
  if (event.type === 'read') return { state: 'here', held: begin(event.view, event.clean) }
  if (event.type === 'failed') return { state: 'failed', status: event.status }
  return now.state === 'here' ? { state: 'here', held: hold(now.held, event) } : now
}

/** What a refusal is about, from the ids that complete it. */
export function faultOf(problem: Problem): Fault {
  const { step, rule, what, person, plan } = problem.detail
  return { code: problem.code, about: step ?? rule ?? what ?? person ?? plan ?? null }
}

/** `source` must stay the same object for as long as it is the same document. */
export function useHeld<View, Draft>(source: Source<View, Draft>): Editing<View, Draft> {
  const [holding, tell] = useReducer(reduce<View, Draft>, { state: 'waiting' })
  useEffect(() => {
    const { read, draftOf } = source
    if (read === null) {
      tell({ type: 'read', view: null, clean: draftOf(null) })
      return
    }
    const leaving = new AbortController()
    ask<View>(read, { signal: leaving.signal }).then(
      (view) => tell({ type: 'read', view, clean: draftOf(view) }),
      (error) => {
        if (!leaving.signal.aborted) tell({ type: 'failed', status: error instanceof Problem ? error.status : 0 })
      },
    )
    return () => leaving.abort()
  }, [source])
  const held = holding.state === 'here' ? holding.held : null
  useUnsaved(held !== null && isDirty(held))

  const save = useCallback(async () => {
    if (!held || held.saving.is === 'sending') return null
    const { draft, view } = held
    tell({ type: 'send' })
    try {
      const stored = await source.put(draft, view)
      tell({ type: 'saved', sent: draft, view: stored, clean: source.draftOf(stored) })
      return stored
    } catch (error) {
      tell(await refusal(error, source))
      return null
    }
  }, [held, source])

  const theirs = held?.saving.is === 'changed' ? held.saving.theirs : null
  return {
    holding,
    edit: useCallback((draft: Draft) => tell({ type: 'edit', draft }), []),
    undo: useCallback(() => tell({ type: 'undo' }), []),
    save,
    keepMine: () => tell({ type: 'keep_mine', clean: source.draftOf(theirs) }),
    takeTheirs: () => tell({ type: 'take_theirs', clean: source.draftOf(theirs) }),
  }
}

async function refusal<View, Draft>(error: unknown, source: Source<View, Draft>): Promise<HoldEvent<View, Draft>> {
  if (!(error instanceof Problem) || error.status === 0 || error.status >= 500) return { type: 'unreachable' }
  if (error.code !== 'changed_meanwhile') return { type: 'refused', fault: faultOf(error) }
  if (source.read === null) return { type: 'refused', fault: faultOf(error) }
  try {
    return { type: 'changed', theirs: await ask<View>(source.read) }
  } catch (again) {
    const gone = again instanceof Problem && again.status === 404
    return gone ? { type: 'changed', theirs: null } : { type: 'unreachable' }
  }
}

let letting = false

/** Leave without asking: what was written is gone on purpose. */
export function leaveFor(address: string): void {
  letting = true
  location.assign(address)
}

/** The browser asks before a page with something unsaved is left. */
export function useUnsaved(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return
    const asks = (event: BeforeUnloadEvent) => {
      if (!letting) event.preventDefault()
    }
    addEventListener('beforeunload', asks)
    return () => removeEventListener('beforeunload', asks)
  }, [dirty])
}

/** Something that is only read, and asked for again when `again` grows. */
export function useRead<View>(path: string, again = 0): Unread | { state: 'read'; view: View } {
  const [read, setRead] = useState<Unread | { state: 'read'; view: View }>({ state: 'waiting' })
  // biome-ignore lint/correctness/useExhaustiveDependencies: `again` is there to ask again
  useEffect(() => {
    const leaving = new AbortController()
    ask<View>(path, { signal: leaving.signal }).then(
      (view) => setRead({ state: 'read', view }),
      (error) => {
        if (!leaving.signal.aborted) setRead({ state: 'failed', status: error instanceof Problem ? error.status : 0 })
      },
    )
    return () => leaving.abort()
  }, [path, again])
  return read
}
