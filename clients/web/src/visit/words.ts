// A visit in sentences, for staff: how it ended, what keeps somebody from being seen or heard, why it could not be rung.
import type { TFunction } from 'i18next'
import type { Trouble, VisitView } from '../wire/types'
import { firstName, hasNoCamera, hasNoMicrophone, meIn, otherIn, type Scene } from './scene'

/** How it went, a sentence each. */
export function outcomeOf(visit: VisitView, t: TFunction): string[] {
  const name = firstName(visit.resident_name)
  const { outcome } = visit
  if (outcome === null) return []
  const own = visit.ended_by === 'caller'
  if (own && (outcome === 'page_closed' || outcome === 'connection_lost')) {
    return [t(`visit.outcome_own.${outcome}`, { name })]
  }
  const first = t(`visit.outcome.${outcome}`, { name })
  if (visit.seconds <= 0) return [first]
  const minutes = Math.round(visit.seconds / 60)
  return [first, minutes < 1 ? t('visit.lasted_short') : t('visit.lasted', { count: minutes })]
}

/** What is wrong now on either side, one's own first; empty when both are seen and heard. */
export function troublesOf(visit: VisitView, own: readonly Trouble[], t: TFunction): string[] {
  const name = firstName(visit.resident_name)
  const others = otherIn(visit)?.trouble ?? []
  const sentences: string[] = []
  if (hasNoCamera(own) && hasNoMicrophone(own)) sentences.push(t('visit.own_nothing'))
  else if (hasNoCamera(own)) sentences.push(t('visit.own_no_camera'))
  else if (hasNoMicrophone(own)) sentences.push(t('visit.own_no_microphone'))
  if (own.includes('not_connected')) sentences.push(t('visit.own_not_connected'))
  if (hasNoCamera(others) && hasNoMicrophone(others)) sentences.push(t('visit.other_nothing', { name }))
  else if (hasNoCamera(others)) sentences.push(t('visit.other_no_camera', { name }))
  else if (hasNoMicrophone(others)) sentences.push(t('visit.other_no_microphone', { name }))
  if (others.includes('not_connected')) sentences.push(t('visit.other_not_connected', { name }))
  return sentences
}

/** Where a visit that is on screen stands, in a sentence. */
export function standing(scene: Scene, t: TFunction): string {
  switch (scene.name) {
    case 'rest':
    case 'gone':
    case 'ringing_in':
      return ''
    case 'starting':
      return t('visit.starting_plain')
    case 'ringing_out':
      return ringing(scene.visit, t)
    case 'paused':
      return t(`visit.paused.${scene.why}`, { name: firstName(scene.visit.resident_name) })
    case 'connecting':
    case 'live':
    case 'leaving':
    case 'elsewhere':
      return t(`visit.${scene.name}`, { name: firstName(scene.visit.resident_name) })
  }
}

function ringing(visit: VisitView, t: TFunction): string {
  const name = firstName(visit.resident_name)
  if (visit.seen_at !== null) return t('visit.ringing', { name })
  return visit.reached === 0 && meIn(visit) ? t('visit.reached_none', { name }) : t('visit.reaching', { name })
}

const REFUSALS = {
  busy: 'busy',
  in_visit: 'busy',
  ringing: 'busy',
  no_device: 'no_device',
  not_published: 'not_published',
  forbidden: 'forbidden',
  not_found: 'forbidden',
  wrong_role: 'forbidden',
  other_unit: 'forbidden',
  no_grant: 'forbidden',
  no_purpose: 'forbidden',
  not_handler: 'forbidden',
  unreachable: 'unreachable',
  ended: 'ended',
} as const

/** Why it could not be rung; a code nobody has words for comes along. */
export function refusalOf(code: string, name: string, t: TFunction): { sentence: string; code: string } {
  const known = Object.entries(REFUSALS).find(([one]) => one === code)?.[1]
  return known
    ? { sentence: t(`visit.refused.${known}`, { name }), code: '' }
    : { sentence: t('visit.refused.unknown'), code }
}
