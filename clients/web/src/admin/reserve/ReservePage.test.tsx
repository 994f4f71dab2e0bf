import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import type { PutReserve, ReceiverView, ReserveView } from '../../wire/types'
import { ReservePage } from './ReservePage'

const EAST: ReceiverView = {
  id: 'receiver-1',
  name: 'Larmcentralen Öst',
  address: 'tls:larm.example:5061',
  called: '',
  user: 'kommun',
  account: '77',
  own_accounts: false,
  on: true,
  password: true,
  tested_at: '2026-11-22T13:00:00.000Z',
  outcome: 'silent',
  answered_at: null,
  round_trip_ms: null,
}
const OFF: ReserveView = { on: false, since: null, by: null, receivers: [EAST], waiting: 0, tag: '0123456789abcdef' }

afterEach(() => vi.unstubAllGlobals())

/** A hub with that reserve, which refuses what was not seen; `put` is what it was asked to store. */
function hub(first: ReserveView) {
  let now = first
  const put: PutReserve[] = []
  const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })
  vi.stubGlobal('fetch', async (_: string, asked: RequestInit) => {
    if (asked.method !== 'PUT') return json(now)
    const body = JSON.parse(String(asked.body)) as PutReserve
    put.push(body)
    if (body.seen !== now.tag) return json({ code: 'changed_meanwhile' }, 409)
    now = { ...now, on: body.on, since: '2026-11-22T13:02:00.000Z', by: 'Lena Roos', tag: 'fedcba9876543210' }
    return json(now)
  })
  render(<ReservePage />)
  return {
    put,
    change: (part: Partial<ReserveView>) => {
      now = { ...now, ...part }
    },
  }
}

it('says before it is turned on who gets the alarms, and that none of them answers', async () => {
  const { put } = hub(OFF)
  const user = userEvent.setup()
  await user.click(await screen.findByText('Slå på reservrutinen'))
  expect(screen.getByText('Ingen av dem svarade vid det senaste provet.', { exact: false })).toBeTruthy()
  expect(put).toEqual([])
  await user.click(screen.getByText('Ja, slå på nu'))
  expect(await screen.findByText('Reservrutinen är PÅ')).toBeTruthy()
  expect(put.map((one) => [one.on, one.receivers.length, one.receivers[0]?.password])).toEqual([[true, 1, null]])
})

it('keeps what was written when somebody else was first, and stores it over what stands there now', async () => {
  const { put, change } = hub(OFF)
  const user = userEvent.setup()
  await user.click(await screen.findByText('Ändra'))
  const name = screen.getByLabelText('Larmcentralens namn')
  expect(document.activeElement).toBe(name)
  await user.clear(name)
  await user.type(name, 'Öst')
  change({ on: true, tag: 'aaaaaaaaaaaaaaaa' })
  await user.click(screen.getByText('Spara'))
  expect(await screen.findByText('Någon har ändrat det här under tiden.', { exact: false })).toBeTruthy()
  await screen.findByText('Reservrutinen är PÅ')
  expect(name).toHaveProperty('value', 'Öst')
  await user.click(screen.getByText('Spara'))
  await waitFor(() => expect(screen.queryByText('Spara')).toBeNull())
  expect(put.map((one) => [one.on, one.seen, one.receivers[0]?.name])).toEqual([
    [false, OFF.tag, 'Öst'],
    [true, 'aaaaaaaaaaaaaaaa', 'Öst'],
  ])
})

it('cannot be turned on without an alarm centre in use', async () => {
  hub({ ...OFF, receivers: [{ ...EAST, on: false }] })
  const button = await screen.findByText('Slå på reservrutinen')
  expect(button).toHaveProperty('disabled', true)
  expect(screen.getByText('Inte i bruk.', { exact: false })).toBeTruthy()
})
