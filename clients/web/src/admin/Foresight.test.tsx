import { fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import type { PreviewView } from '../wire/types'
import { Foresight } from './Foresight'
import { christmasEve, pathFor } from './foresee'

const VIEW: PreviewView = {
  principal: 'demo-kommun',
  kind: 'person',
  reason: 'pressed',
  at: '2026-12-24T02:10:00.000Z',
  desks: [{ id: 'west', name: 'Larmcentralen Väst' }],
  rule: 'natt',
  failed: [],
  plan: 'natt',
  plan_version: 3,
  steps: [
    { id: 'a', step: 'louder', at: '2026-12-24T02:11:00.000Z', reached: null, failed: null },
    {
      id: 'b',
      step: 'on_call',
      at: '2026-12-24T02:13:00.000Z',
      reached: { id: 'anna', name: 'Anna Holm' },
      failed: null,
    },
    { id: 'c', step: 'on_call', at: '2026-12-24T02:14:00.000Z', reached: null, failed: 'rota_gap' },
  ],
  again: 1,
}

afterEach(() => vi.unstubAllGlobals())

function answers(answer: () => Promise<Response>) {
  const fetched = vi.fn(answer)
  vi.stubGlobal('fetch', fetched)
  render(<Foresight />)
  fireEvent.click(screen.getByRole('button', { name: 'Visa' }))
  return fetched
}

it('says where the alarm goes, what then happens when, and what would fail', async () => {
  const fetched = answers(async () => Response.json(VIEW))
  expect(await screen.findByText('Det kommer först till Larmcentralen Väst.')).toBeTruthy()
  expect(fetched.mock.calls.flat()[0]).toMatch(/preview\?kind=person&reason=pressed&at=\d{4}-12-24T03%3A10$/)
  const steps = screen.getAllByRole('listitem').map((item) => item.textContent)
  expect(steps[0]).toContain('03:11:00')
  expect(steps[1]).toContain('Anna Holm')
  expect(steps[2]).toContain('Ingen har beredskap nu')
  expect(screen.getByText('Sedan igen från steg 2, tills någon har tagit det.')).toBeTruthy()
})

it('says so when it could not be looked up', async () => {
  answers(async () => Response.json({ code: 'storage_down' }, { status: 503 }))
  expect(await screen.findByText('Det gick inte att slå upp. Försök igen.')).toBeTruthy()
})

it('asks about faults with the reasons that things have', () => {
  answers(async () => Response.json(VIEW))
  fireEvent.change(screen.getByLabelText('Vilket slags larm'), { target: { value: 'technical' } })
  expect(screen.getByRole('option', { name: /batteri/i })).toBeTruthy()
  expect(pathFor({ kind: 'technical', reason: 'tamper', ...christmasEve(0) })).toContain('at=1970-12-24T03%3A10')
  expect(christmasEve(Date.parse('2026-12-28T12:00:00Z')).day).toBe('2027-12-24')
})
