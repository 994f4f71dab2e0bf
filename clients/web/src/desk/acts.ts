// What somebody may do with a case as it stands. The hub decides; this only keeps away what it would refuse anyway.
import type { CaseView, Role } from '../wire/types'

export interface May {
  take: boolean
  takeOver: boolean
  hold: boolean
  resume: boolean
  release: boolean
  read: boolean
  note: boolean
  close: boolean
}

export function may(view: CaseView, me: string | undefined, role: Role | undefined): May {
  const open = view.state !== 'closed'
  const mine = open && me !== undefined && view.handler === me
  return {
    take: open && view.handler === null,
    takeOver: open && view.handler !== null && !mine && role === 'supervisor',
    hold: mine && view.held_until === null && view.unread === 0,
    resume: mine && view.held_until !== null,
    release: mine,
    read: mine && view.unread > 0,
    note: open,
    close: mine,
  }
}
