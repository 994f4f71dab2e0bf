// What is asked of the list of devices; everything left open is not asked about.
import type { DeviceHealth, DeviceState } from '../wire/types'

export const STATES: readonly DeviceState[] = ['stock', 'paired', 'tested', 'live', 'returned']
export const HEALTHS: readonly DeviceHealth[] = ['ok', 'late', 'lost', 'unwatched']

export interface Filters {
  state: DeviceState | ''
  health: DeviceHealth | ''
  /** As typed: days, and a day such as 2027-12-31. */
  untested: string
  radio: string
}

export const ALL: Filters = { state: '', health: '', untested: '', radio: '' }

/** The query for these filters, with what is no number or no day left out: it is still being typed. */
export function queryOf(filters: Filters, more: Record<string, string> = {}): string {
  const query = new URLSearchParams()
  if (filters.state) query.set('state', filters.state)
  if (filters.health) query.set('health', filters.health)
  const days = filters.untested.trim()
  if (/^\d{1,4}$/.test(days) && Number(days) <= 3650) query.set('untested_days', String(Number(days)))
  if (/^\d{4}-\d{2}-\d{2}$/.test(filters.radio)) query.set('radio_ends_before', filters.radio)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  const said = query.toString()
  return said ? `?${said}` : ''
}
