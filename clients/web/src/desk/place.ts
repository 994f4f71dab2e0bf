// Where somebody is said to be, in words: how long ago, how exactly, and how to open it elsewhere.
import type { TFunction } from 'i18next'
import type { PositionView } from '../wire/types'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago the position was taken; where the device did not say, how long ago it came. */
export function agoOf(position: PositionView, now: number, t: TFunction): string {
  const words = ago(now - Date.parse(position.taken_at ?? position.received_at), t)
  return position.taken_at === null ? t('position.came', { ago: words }) : t('position.taken', { ago: words })
}

function ago(ms: number, t: TFunction): string {
  if (ms < MINUTE) return t('position.ago_now')
  if (ms < HOUR) return t('position.ago_minutes', { count: Math.floor(ms / MINUTE) })
  if (ms < DAY) return t('position.ago_hours', { count: Math.floor(ms / HOUR) })
  return t('position.ago_days', { count: Math.floor(ms / DAY) })
}

/** Whether nobody is known to be there any more. */
export function isOld(position: PositionView, now: number): boolean {
  return now >= Date.parse(position.old_at)
}

/** How exactly, rounded as people speak: never better than the device says. */
export function exactly(metres: number | null, t: TFunction): string {
  if (metres === null) return t('position.accuracy_unknown')
  if (metres >= 1000) return t('position.accuracy_km', { count: Math.ceil(metres / 1000) })
  const step = metres <= 20 ? 5 : metres <= 100 ? 10 : 50
  return t('position.accuracy', { count: Math.max(5, Math.ceil(metres / step) * step) })
}

/** `58.38660, 13.43910`, as it is read aloud and pasted. */
export function degrees(position: PositionView): string {
  return `${position.latitude.toFixed(5)}, ${position.longitude.toFixed(5)}`
}

/** For whatever map this machine has (RFC 5870); `u` is how many metres it may be off. */
export function geoLink(position: PositionView): string {
  const off = position.accuracy_m === null ? '' : `;u=${position.accuracy_m}`
  return `geo:${position.latitude.toFixed(6)},${position.longitude.toFixed(6)}${off}`
}

/** A map at others', which is asked only when somebody clicks. */
export function outsideLink(position: PositionView): string {
  const [north, east] = [position.latitude.toFixed(6), position.longitude.toFixed(6)]
  return `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=17/${north}/${east}`
}
