// Which key does what on the desk. One table, for the handling and for the list that `?` shows.

export type KeyAct =
  | 'down'
  | 'up'
  | 'take'
  | 'note'
  | 'hold'
  | 'resume'
  | 'release'
  | 'read'
  | 'take_over'
  | 'close'
  | 'see'
  | 'hang_up'
  | 'open_door'
  | 'send'
  | 'door_code'
  | 'steps'
  | 'call'
  | 'who'
  | 'offer'
  | 'accept'
  | 'tell_112'
  | 'pin_note'
  | 'shift_note'
  | 'locate'
  | 'technical'
  | 'help'
  | 'leave'

export const KEYS: readonly { key: string; act: KeyAct }[] = [
  { key: 'ArrowDown', act: 'down' },
  { key: 'ArrowUp', act: 'up' },
  { key: 'Enter', act: 'take' },
  { key: 'n', act: 'note' },
  { key: 'h', act: 'hold' },
  { key: 'u', act: 'resume' },
  { key: 's', act: 'read' },
  { key: 'c', act: 'close' },
  { key: 'v', act: 'see' },
  { key: 'x', act: 'hang_up' },
  { key: 'l', act: 'open_door' },
  { key: 'm', act: 'send' },
  { key: 'r', act: 'release' },
  { key: 'o', act: 'take_over' },
  { key: 'd', act: 'door_code' },
  { key: 'k', act: 'steps' },
  { key: 'p', act: 'call' },
  { key: 'i', act: 'who' },
  { key: 'e', act: 'offer' },
  { key: 'a', act: 'accept' },
  { key: '1', act: 'tell_112' },
  { key: 'f', act: 'pin_note' },
  { key: 'j', act: 'shift_note' },
  { key: 'w', act: 'locate' },
  { key: 't', act: 'technical' },
  { key: '?', act: 'help' },
  { key: 'Escape', act: 'leave' },
]

export interface Stroke {
  key: string
  ctrl: boolean
  meta: boolean
  alt: boolean
  repeat: boolean
  /** Where the focus is: in a field, on something with keys of its own, on a row of the queue, or nowhere in particular. */
  place: 'field' | 'control' | 'row' | 'page'
}

/** The act a stroke means, if any. Letters mean nothing while somebody writes, nor with a modifier. */
export function actOf(stroke: Stroke): KeyAct | null {
  if (stroke.ctrl || stroke.meta || stroke.alt) return null
  const found = KEYS.find((one) => one.key === (stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key))
  if (!found) return null
  if (found.act === 'leave') return 'leave'
  if (stroke.place === 'field') return null
  const walks = found.act === 'down' || found.act === 'up'
  if (stroke.place === 'control' && (walks || found.act === 'take')) return null
  if (stroke.repeat && !walks) return null
  return found.act
}

/** What sort of place the focus is in. */
export function placeOf(target: EventTarget | null): Stroke['place'] {
  if (!(target instanceof Element)) return 'page'
  if (target.closest('[data-row]')) return 'row'
  if (target.closest('textarea, select, [contenteditable]')) return 'field'
  const input = target.closest('input')
  if (input) return input.type === 'radio' || input.type === 'checkbox' ? 'control' : 'field'
  return target.closest('button, a, summary, canvas, [role="button"]') ? 'control' : 'page'
}
