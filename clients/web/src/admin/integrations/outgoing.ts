// A subscription: how it goes, what can be seen wrong with it before it is sent, and what came of a sending in words.
import type { TFunction } from 'i18next'
import type sv from '../../text/sv.json'
import type { EventType, SubscriptionBody, SubscriptionView } from '../../wire/types'

/** Every kind of event, in the order in which an alarm goes. */
export const EVENTS = [
  'nattljus.case.raised',
  'nattljus.case.signal',
  'nattljus.case.taken',
  'nattljus.case.released',
  'nattljus.case.escalated',
  'nattljus.case.handed_over',
  'nattljus.case.named',
  'nattljus.case.merged',
  'nattljus.case.closed',
  'nattljus.mission.sent',
  'nattljus.mission.accepted',
  'nattljus.mission.declined',
  'nattljus.mission.on_the_way',
  'nattljus.mission.arrived',
  'nattljus.mission.no_answer',
  'nattljus.mission.got_in',
  'nattljus.mission.done',
  'nattljus.mission.cancelled',
  'nattljus.mission.urgent',
  'nattljus.door.told',
  'nattljus.door.opened',
  'nattljus.door.failed',
  'nattljus.device.silent',
  'nattljus.device.heard',
] as const satisfies readonly EventType[]

type Missing = Exclude<EventType, (typeof EVENTS)[number]>
const none: Missing[] = []
export const GROUPS = ['case', 'mission', 'door', 'device'] as const

export function eventsOf(group: (typeof GROUPS)[number]): EventType[] {
  return [...EVENTS, ...none].filter((type) => type.startsWith(`nattljus.${group}.`))
}

type EventWord = keyof (typeof sv)['integrations']['event']

export function eventWord(type: EventType, t: TFunction): string {
  const word = type.replace('nattljus.', '').replace('.', '_') as EventWord
  return t(`integrations.event.${word}`)
}

export type Standing = 'off' | 'down' | 'retrying' | 'behind' | 'delivering' | 'new'

/** How it goes, the worst first. `new`: nothing has been taken yet. */
export function standingOf(view: SubscriptionView): Standing {
  if (view.state === 'off') return 'off'
  if (view.state === 'paused') return 'down'
  if (view.waiting > 0) return 'retrying'
  if (behind(view) > 0) return 'behind'
  return view.heard_at === null ? 'new' : 'delivering'
}

/** How many places of the order it has not come to yet. */
export function behind(view: SubscriptionView): number {
  return Math.max(0, Number(view.newest) - Number(view.sequence))
}

/** What a subscription is called: its address, without what all have in common. */
export function nameOf(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '')
}

export function bodyOf(view: SubscriptionView | null): SubscriptionBody {
  if (!view) return { url: 'https://', types: [], resident: false, on: true }
  return { url: view.url, types: view.types, resident: view.resident, on: view.state !== 'off' }
}

/** Whether the address can be right as far as the page can tell; the hub knows which networks are allowed. */
export function urlFault(url: string): string | null {
  if (!URL.canParse(url)) return 'subscription_url'
  const { protocol, hostname, username } = new URL(url)
  const plain = protocol === 'http:' && (hostname === 'localhost' || hostname.startsWith('127.'))
  return (protocol === 'https:' || plain) && hostname !== '' && username === '' ? null : 'subscription_url'
}

const SLOW = new Set(['TimeoutError', 'ReadTimeout', 'ConnectTimeout', 'WriteTimeout', 'PoolTimeout'])

/** What an attempt came to, from the hub's word for it. */
export function outcomeSentence(outcome: string, t: TFunction): string {
  const status = /^http (\d{3})$/.exec(outcome)?.[1]
  if (status === '410') return t('integrations.outcome.gone')
  if (status === '401' || status === '403') return t('integrations.outcome.not_let_in', { status })
  if (status) return t('integrations.outcome.status', { status })
  if (SLOW.has(outcome)) return t('integrations.outcome.slow')
  if (outcome === 'name_unknown' || outcome === 'address_refused' || outcome === 'secret_unreadable') {
    return t(`integrations.outcome.${outcome}`)
  }
  return t('integrations.outcome.no_way')
}
