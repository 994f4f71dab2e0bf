// What a page shows of a visit, from what it knows of the visit and of the media.
import type { ParticipantView, VisitView } from '../wire/types'
import type { Media } from './media'
import { type Gone, isRunning, type Meet } from './meet'

export type Pause = 'own_line' | 'other_closed' | 'other_lost' | 'silent'

export type Scene =
  | { name: 'rest' }
  | { name: 'starting' }
  | { name: 'ringing_out'; visit: VisitView }
  | { name: 'ringing_in'; visit: VisitView }
  | { name: 'connecting'; visit: VisitView }
  | { name: 'live'; visit: VisitView }
  | { name: 'paused'; visit: VisitView; why: Pause }
  | { name: 'leaving'; visit: VisitView }
  | { name: 'elsewhere'; visit: VisitView }
  | { name: 'gone'; gone: Gone }

export function sceneOf(meet: Meet, media: Media): Scene {
  const wished = meet.pending.map((one) => one.wish)
  const mine = meet.mine === null ? undefined : meet.visits.get(meet.mine)
  if (mine) {
    if (meet.left.has(mine.id)) return { name: 'leaving', visit: mine }
    if (mine.state === 'ringing' || mine.state === 'planned') return { name: 'ringing_out', visit: mine }
    return running(mine, meet, media)
  }
  if (wished.some((wish) => wish.act === 'start' || wish.act === 'ring')) return { name: 'starting' }
  for (const visit of meet.visits.values()) {
    if (meet.left.has(visit.id)) continue
    const answering = wished.some((wish) => wish.act === 'answer' && wish.visit === visit.id)
    if (meet.side === 'home' && answering) return { name: 'connecting', visit }
    if (meet.side === 'home' && visit.state === 'ringing') return { name: 'ringing_in', visit }
    if (visit.me !== null && (isRunning(visit) || visit.state === 'ringing')) return { name: 'elsewhere', visit }
  }
  return meet.gone ? { name: 'gone', gone: meet.gone } : { name: 'rest' }
}

function running(visit: VisitView, meet: Meet, media: Media): Scene {
  if (media.flowing) return { name: 'live', visit }
  const other = otherIn(visit)
  if (other?.away) return { name: 'paused', visit, why: other.away === 'page_closed' ? 'other_closed' : 'other_lost' }
  if (meet.line.heardAt !== null && !meet.line.live) return { name: 'paused', visit, why: 'own_line' }
  if (media.everFlowed) return { name: 'paused', visit, why: 'silent' }
  // Somebody who may use neither camera nor microphone sends nothing, and that is no pause.
  return other && sendsNothing(other) ? { name: 'live', visit } : { name: 'connecting', visit }
}

export function otherIn(visit: VisitView): ParticipantView | undefined {
  return visit.participants.find((one) => one.id !== visit.me)
}

export function meIn(visit: VisitView): ParticipantView | undefined {
  return visit.participants.find((one) => one.id === visit.me)
}

export function hasNoCamera(trouble: readonly string[]): boolean {
  return trouble.includes('camera_refused') || trouble.includes('camera_missing')
}

export function hasNoMicrophone(trouble: readonly string[]): boolean {
  return trouble.includes('microphone_refused') || trouble.includes('microphone_missing')
}

function sendsNothing(one: ParticipantView): boolean {
  return hasNoCamera(one.trouble) && hasNoMicrophone(one.trouble)
}

/** `Anna` of `Anna Holm`. */
export function firstName(name: string): string {
  return name.split(' ')[0] ?? name
}

/** `AH` of `Anna Holm`. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? '').join('')
}
