// Routes while they are edited: rules as sentences, and new ones to begin from.
import type { TFunction } from 'i18next'
import type { OverflowBody, PlanningChoices, PutRouting, RoutingView, RuleBody } from '../../wire/types'
import { allHours } from '../parts/hours'
import { freshId } from '../parts/rows'
import { daysLater, momentOf, wallOf } from '../parts/swedish'
import { nameOf } from '../parts/words'

export type RoutingDraft = Omit<PutRouting, 'version'>

export function draftOf(view: RoutingView | null): RoutingDraft {
  return { rules: view?.rules ?? [], overflows: view?.overflows ?? [], holidays: view?.holidays ?? null }
}

type Meant = Pick<RuleBody, 'kinds' | 'reasons' | 'desks' | 'plan'>

function idsOf(draft: RoutingDraft): string[] {
  return [...draft.rules, ...draft.overflows].map((one) => one.id)
}

/** A rule for everything at all hours, last: what no other is meant for. */
export function withRule(draft: RoutingDraft, choices: PlanningChoices): RoutingDraft {
  const id = freshId('rule', idsOf(draft))
  const desks = choices.desks.slice(0, 1).map((desk) => desk.id)
  return { ...draft, rules: [...draft.rules, { id, kinds: [], reasons: [], hours: [], desks, plan: null }] }
}

/** An overflow from the coming whole hour until the same hour tomorrow. */
export function withOverflow(draft: RoutingDraft, now: number): RoutingDraft {
  const id = freshId('overflow', idsOf(draft))
  const [day = '', hour = ''] = wallOf(now + 3_600_000).split(/[T:]/)
  const starts_at = momentOf(`${day}T${hour}:00`) ?? ''
  const ends_at = momentOf(`${daysLater(day, 1)}T${hour}:00`) ?? ''
  return {
    ...draft,
    overflows: [...draft.overflows, { id, starts_at, ends_at, kinds: [], reasons: [], desks: [], plan: null }],
  }
}

/** `All alarms: Larmcentralen Väst, by the plan Natt.` */
function meantSentence(rule: Meant, choices: PlanningChoices, t: TFunction): string {
  const [kind] = rule.kinds
  const reasons = rule.reasons.map((reason) => t(`reason.${reason}`)).join(', ')
  const what = reasons || (rule.kinds.length === 1 && kind ? t(`planning.kinds.${kind}`) : t('planning.all_alarms'))
  const desks = rule.desks.map((desk) => nameOf(desk, choices.desks))
  const to = desks.length > 0 ? desks.join(` ${t('planning.then')} `) : t('planning.everybody')
  const plan = rule.plan === null ? t('planning.usual_plan') : nameOf(rule.plan, choices.plans)
  return t('planning.leads', { what, to, plan })
}

export function ruleSentence(rule: RuleBody, choices: PlanningChoices, t: TFunction): string {
  const when = allHours(rule.hours, t)
  return `${when.charAt(0).toUpperCase()}${when.slice(1)}. ${meantSentence(rule, choices, t)}`
}

export function overflowSentence(one: OverflowBody, choices: PlanningChoices, t: TFunction): string {
  return meantSentence(one, choices, t)
}
