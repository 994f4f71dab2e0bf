import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import type { CallView, CaseDetail } from '../wire/types'
import { Calls } from './Calls'
import { aCase } from './examples'

function detail(...calls: CallView[]): CaseDetail {
  return { ...aCase('a', { handler: 'me' }), signals: [], timeline: [], maybe: [], steps: [], calls }
}

function aCall(part: Partial<CallView>): CallView {
  const at = '2026-11-22T02:00:00.000Z'
  const plain = { id: 'call', operator: 'me', to: 'contact', contact: 'c1', to_name: 'Ingrid' } as const
  return { ...plain, state: 'started', result: null, started_at: at, ended_at: null, ...part }
}

it('asks what came of an open call, with what can be true of it', async () => {
  const act = vi.fn()
  const { rerender } = render(<Calls detail={detail(aCall({}))} card={null} me="me" waiting={false} act={act} />)
  expect(screen.getByText('Ringer Ingrid')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Inget svar' }))
  expect(act).toHaveBeenCalledWith({ act: 'call_ended', result: 'no_answer', call: 'call' })
  rerender(<Calls detail={detail(aCall({ state: 'connected' }))} card={null} me="me" waiting={false} act={act} />)
  expect(screen.queryByRole('button', { name: 'Inget svar' })).toBeNull()
  expect(screen.getByRole('button', { name: 'Svarade' })).toBeTruthy()
})

it("lets the new handler say what came of a colleague's call, and call meanwhile", async () => {
  const act = vi.fn()
  render(<Calls detail={detail(aCall({ operator: 'jonas' }))} card={null} me="me" waiting={false} act={act} />)
  expect(screen.getByText('Ett samtal till Ingrid saknar resultat')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: /Ring/ }))
  expect(act).toHaveBeenCalledWith({ act: 'call', to: 'other', contact: null, result: null })
})
