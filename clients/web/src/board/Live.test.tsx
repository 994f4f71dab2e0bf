import { act, within as inside, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Board } from '../wire/types'
import { aBoard } from './examples'
import { Live } from './Live'
import { OLD, PACE } from './useBoard'

let mono = 0
const clock = { mono: () => mono, wall: () => Date.parse('2026-01-15T03:10:00.000Z') + mono }
const asked = vi.fn<(path: string) => Promise<Response>>()

beforeEach(() => {
  mono = 0
  vi.useFakeTimers()
  vi.stubGlobal('fetch', asked)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  asked.mockReset()
})

const answer = (board: Board) => () => Promise.resolve(new Response(JSON.stringify(board)))
const refusal = (code: string, status: number) => () =>
  Promise.resolve(new Response(JSON.stringify({ code }), { status }))

async function pass(ms: number) {
  for (let passed = 0; passed < ms; passed += 500) {
    mono += 500
    await act(() => vi.advanceTimersByTimeAsync(500))
  }
}

it('shows who waits, who has what, and who has a case without a desk', async () => {
  asked.mockImplementation(answer(aBoard()))
  render(<Live clock={clock} />)
  await pass(500)
  expect(screen.getByRole('heading', { name: 'Väntar' }).parentElement?.textContent).toContain('2')
  const people = screen.getByRole('region', { name: 'Vid bordet' })
  expect(inside(people).getByText('har inget bord öppet')).toBeTruthy()
  expect(inside(people).getByText(/2 ärenden/)).toBeTruthy()
  const rows = inside(screen.getByRole('region', { name: 'Tabell: Kommuner' })).getAllByRole('rowheader')
  expect(rows.map((row) => row.textContent)).toEqual(['Härryda', 'Alingsås'])
})

it('says of a few cases how many they are, and not that a goal is missed', async () => {
  asked.mockImplementation(answer(aBoard()))
  render(<Live clock={clock} />)
  await pass(500)
  expect(screen.getAllByText('5 larm, för få för ett mål')).toHaveLength(2)
  expect(screen.queryByText('under målet')).toBeNull()
})

it('asks again by itself, keeps what it has when the hub is away, and says that it may be old', async () => {
  asked.mockImplementation(answer(aBoard()))
  render(<Live clock={clock} />)
  await pass(PACE + 500)
  expect(asked.mock.calls.length).toBe(2)
  asked.mockImplementation(() => Promise.reject(new TypeError('away')))
  await pass(OLD + PACE)
  expect(screen.getByRole('status').textContent).toContain('kan vara gamla')
  expect(screen.getByRole('heading', { name: 'Väntar' })).toBeTruthy()
  asked.mockImplementation(answer(aBoard()))
  await pass(PACE + 500)
  expect(screen.getByRole('status').textContent).toBe('')
})

it('stops asking when it is refused', async () => {
  asked.mockImplementation(refusal('unauthenticated', 401))
  render(<Live clock={clock} />)
  await pass(6 * PACE)
  expect(asked).toHaveBeenCalledTimes(1)
  expect(screen.getByRole('status').textContent).toContain('Logga in')
})
