// What an escalation plan or a route has done with a case, as a sentence for its timeline.
import type { TFunction } from 'i18next'
import type sv from '../text/sv.json'
import type { TimelineView } from '../wire/types'

type Words = (typeof sv)['planned']
export type Planned = 'escalated' | 'step_failed' | 'route_failed' | 'forwarded'

export function planSentence(kind: Planned, data: TimelineView['data'], t: TFunction): string {
  const name = String(data.name ?? data.reached ?? data.to ?? '')
  switch (kind) {
    case 'escalated':
      if (data.step === 'louder') return t('timeline.escalated_louder')
      return name ? t('planned.asked', { name }) : t('timeline.escalated_supervisor')
    case 'step_failed':
      return t(`planned.step_failed.${String(data.code) as keyof Words['step_failed']}`, { name })
    case 'route_failed':
      return t(`planned.route_failed.${String(data.code) as keyof Words['route_failed']}`)
    case 'forwarded':
      return t('planned.forwarded', { name })
  }
}
