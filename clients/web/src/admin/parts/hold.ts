// A document that somebody edits: what is stored, what is written, and what came of saving it. Events in, state out.

/** Why something cannot be stored: a stable code, and the id of what it is about. */
export interface Fault {
  code: string
  about: string | null
}

/** `changed`: somebody else was first; `theirs` is what stands there now, nothing when it is gone. */
export type Saving<View> =
  | { is: 'rest' }
  | { is: 'sending' }
  | { is: 'saved' }
  | { is: 'refused'; fault: Fault }
  | { is: 'changed'; theirs: View | null }
  | { is: 'unreachable' }

export interface Held<View, Draft> {
  view: View | null
  /** What the page began with; what is not like it is not saved. */
  clean: Draft
  draft: Draft
  saving: Saving<View>
}

export type HoldEvent<View, Draft> =
  | { type: 'edit'; draft: Draft }
  | { type: 'undo' }
  | { type: 'send' }
  | { type: 'saved'; sent: Draft; view: View; clean: Draft }
  | { type: 'refused'; fault: Fault }
  | { type: 'changed'; theirs: View | null }
  | { type: 'unreachable' }
  | { type: 'keep_mine'; clean: Draft }
  | { type: 'take_theirs'; clean: Draft }

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

export function isDirty<View, Draft>(held: Held<View, Draft>): boolean {
  return !same(held.clean, held.draft)
}

export function begin<View, Draft>(view: View | null, clean: Draft): Held<View, Draft> {
  return { view, clean, draft: clean, saving: { is: 'rest' } }
}

export function hold<View, Draft>(held: Held<View, Draft>, event: HoldEvent<View, Draft>): Held<View, Draft> {
  const rest: Saving<View> = { is: 'rest' }
  switch (event.type) {
    case 'edit': {
      // Somebody else's change stays said until one has chosen what to do with it.
      const stays = held.saving.is === 'sending' || held.saving.is === 'changed'
      return { ...held, draft: event.draft, saving: stays ? held.saving : rest }
    }
    case 'undo':
      return { ...held, draft: held.clean, saving: held.saving.is === 'changed' ? held.saving : rest }
    case 'send':
      return { ...held, saving: { is: 'sending' } }
    case 'saved':
      // What was written while it was on its way is not saved yet.
      return {
        view: event.view,
        clean: event.clean,
        draft: same(held.draft, event.sent) ? event.clean : held.draft,
        saving: { is: 'saved' },
      }
    case 'refused':
      return { ...held, saving: { is: 'refused', fault: event.fault } }
    case 'changed':
      return { ...held, saving: { is: 'changed', theirs: event.theirs } }
    case 'unreachable':
      return { ...held, saving: { is: 'unreachable' } }
    case 'keep_mine':
    case 'take_theirs': {
      if (held.saving.is !== 'changed') return held
      const draft = event.type === 'keep_mine' ? held.draft : event.clean
      return { view: held.saving.theirs, clean: event.clean, draft, saving: rest }
    }
  }
}
