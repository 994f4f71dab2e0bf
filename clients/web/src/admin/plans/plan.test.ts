import i18next from 'i18next'
import { expect, it } from 'vitest'
import { NOTHING } from '../parts/useChoices'
import { casesWith, doing, draftOf, forEver, sentenceOf, stopOf, telling, toldOf, withStep } from './plan'

const t = i18next.t
const choices = {
  ...NOTHING,
  units: [{ id: 'norr', name: 'Hemtjänst Norr' }],
  rotas: [{ id: 'natt', name: 'Nattberedskap' }],
  running: [
    { plan: 'p', version: 1, cases: 2 },
    { plan: 'p', version: 2, cases: 1 },
    { plan: 'q', version: 1, cases: 5 },
  ],
}
const { steps } = draftOf(null)

it('begins with a plan that never ends, and says it in sentences', () => {
  expect(steps.map((step) => sentenceOf(step, steps, choices, t))).toEqual([
    'Efter 60 sekunder: det låter högre hos alla som har larmet.',
    'Efter 120 sekunder: gruppledaren tillkallas.',
    'Efter 60 sekunder: börja om från steg 2, tills någon har tagit larmet.',
  ])
  expect(stopOf(draftOf(null))).toBe('name_missing')
})

it('puts a new step before the repeat that goes on for ever', () => {
  const more = withStep(steps)
  expect(more.map((step) => step.act)).toEqual(['louder', 'notify_role', 'louder', 'repeat'])
  expect(new Set(more.map((step) => step.id)).size).toBe(4)
  expect(more.map(forEver)).toEqual([false, false, false, true])
})

it('leaves behind what another act does not know, and keeps the wait', () => {
  const [first, second] = steps
  if (!first || !second) throw new Error('no steps')
  const asks = doing({ ...second, urgent_wait: 30 }, 'on_call', [first], choices.rotas)
  expect([asks.role, asks.rota, asks.wait, asks.urgent_wait]).toEqual([null, 'natt', 120, 30])
  const again = doing({ ...second, urgent_wait: 30 }, 'repeat', [first], [])
  expect([again.again, again.times, again.urgent_wait]).toEqual(['step-1', null, null])
})

it('tells either the supervisor or a unit as one choice', () => {
  const [, second] = steps
  if (!second) throw new Error('no step')
  expect(toldOf(second)).toBe('supervisor')
  const team = telling(second, 'norr')
  expect([team.role, team.unit, toldOf(team)]).toEqual(['worker', 'norr', 'norr'])
  expect(sentenceOf({ ...team, wait: 0 }, steps, choices, t)).toBe('Genast: Hemtjänst Norr får frågan om att åka.')
})

it('counts the open cases that carry a plan, in whichever version', () => {
  expect([casesWith('p', choices), casesWith('x', choices)]).toEqual([3, 0])
})
