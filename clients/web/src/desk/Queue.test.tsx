import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import type { CaseView } from '../wire/types'
import { aCase } from './examples'
import { arrange, NOTHING } from './order'
import { Queue } from './Queue'

const ME = { person: 'me', name: 'Karin Ek', role: 'operator', desk: 'west', desk_name: 'Larmcentralen' } as const

function show(cases: CaseView[], chosen: string | null = null) {
  const all = new Map(cases.map((one) => [one.id, one]))
  const choose = vi.fn()
  const queue = (views: ReadonlyMap<string, CaseView>) => (
    <Queue
      cases={views}
      layout={arrange(NOTHING, views, 'me', false)}
      me={ME}
      operators={[{ id: 'me', name: 'Karin Ek', role: 'operator' }]}
      chosen={chosen}
      technicalOpen={false}
      joined
      choose={choose}
      setTechnicalOpen={() => {}}
      moved={() => {}}
      left={() => {}}
    />
  )
  const shown = render(queue(all))
  return { choose, again: (views: CaseView[]) => shown.rerender(queue(new Map(views.map((one) => [one.id, one])))) }
}

it('says that no one is waiting, and who is on', () => {
  show([])
  expect(screen.getByText('Ingen väntar')).toBeTruthy()
  expect(screen.getByText('Vid bordet: Karin Ek')).toBeTruthy()
})

it('tells the urgency in a word, what, who and where in each row', () => {
  show([aCase('a', { priority: 1, presses: 3 })])
  const row = screen.getByRole('button', { name: /Astrid Lind, 86/ })
  for (const word of ['Fara', 'Tryckte på larmknappen', 'Hjo', '3 tryck']) expect(row.textContent).toContain(word)
})

it('chooses a row without taking the case', () => {
  const { choose } = show([aCase('a')])
  fireEvent.click(screen.getByRole('button', { name: /Astrid Lind/ }))
  expect(choose).toHaveBeenCalledWith('a')
})

it('keeps the focus on a row that moves to another group', () => {
  const { again } = show([aCase('a'), aCase('b')], 'b')
  const row = document.querySelector<HTMLElement>('[data-row="b"]')
  row?.focus()
  again([aCase('a'), aCase('b', { version: 2, handler: 'me', state: 'taken' })])
  expect(document.activeElement).toBe(row)
  expect(row?.previousElementSibling?.textContent).toContain('Mina ärenden')
})

it('never takes the focus when an alarm arrives', () => {
  const { again } = show([aCase('a')], 'a')
  const row = document.querySelector<HTMLElement>('[data-row="a"]')
  row?.focus()
  again([aCase('a'), aCase('z', { priority: 1 })])
  expect(document.activeElement).toBe(row)
})

it('folds technical alarms away behind their count', () => {
  show([aCase('t', { kind: 'technical', reason: 'battery_low' }), aCase('u', { kind: 'technical' })])
  const fold = screen.getByRole('button', { name: /Tekniska larm 2/ })
  expect(fold.getAttribute('aria-expanded')).toBe('false')
  expect(screen.queryByText('Svagt batteri')).toBeNull()
})

it('draws at most 200 waiting rows and counts the rest', () => {
  show(Array.from({ length: 230 }, (_, index) => aCase(`c${index}`)))
  expect(document.querySelectorAll('[data-row]')).toHaveLength(200)
  expect(screen.getByText('30 ärenden till, längre ner i ordningen')).toBeTruthy()
})

it('says what an incident is and how many devices are silent', () => {
  const incident = { scope: 'network', name: 'Telia 4G', silent: 38, counted: 40, watched: 60 } as const
  const what = { kind: 'technical', reason: 'many_silent', priority: 3, presses: 38, handler: 'me' } as const
  show([aCase('a', { ...what, person: null, resident: null, town: null, incident })])
  const row = screen.getByRole('button', { name: /Många enheter hörs inte/ })
  expect(row.textContent).toContain('38 av 60 enheter')
  expect(row.textContent).toContain('Nätet Telia 4G · Demokommunen')
  expect(row.textContent).not.toContain('signaler')
})

it('marks an alarm that reached us long after it happened', () => {
  show([aCase('a', { occurred_at: '2026-11-21T23:40:00.000Z' })])
  expect(screen.getByRole('button', { name: /Astrid Lind/ }).textContent).toContain('Hände 22 nov. 2026')
})
