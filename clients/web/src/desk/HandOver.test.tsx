import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it, vi } from 'vitest'
import { aCase } from './examples'
import { HandOver, OfferStrip, offeredTo } from './HandOver'

const ME = { person: 'me', name: 'Karin Ek', role: 'operator', desk: 'west', desk_name: 'Larmcentralen' } as const
const OTHER = { id: 'jonas', name: 'Jonas Wiberg', role: 'operator' } as const
const MINE = aCase('a', { state: 'taken', handler: 'me' })

const EAST = { id: 'east', name: 'Larmcentralen Öst', on: 2 }
beforeEach(() => {
  vi.stubGlobal('fetch', async () => Response.json({ items: [EAST, { id: 'south', name: 'Söder', on: 0 }] }))
  return () => vi.unstubAllGlobals()
})

it('offers a case to somebody else at the desk, never to oneself', async () => {
  const act = vi.fn()
  const operators = [{ id: 'me', name: 'Karin Ek', role: 'operator' } as const, OTHER]
  render(<HandOver view={MINE} me={ME} operators={operators} waiting={false} act={act} />)
  await userEvent.click(screen.getByRole('button', { name: /Lämna över/ }))
  expect(screen.queryByRole('button', { name: 'Karin Ek' })).toBeNull()
  await userEvent.click(screen.getByRole('button', { name: 'Jonas Wiberg' }))
  expect(act).toHaveBeenCalledWith({ act: 'offer', to: 'jonas' })
})

it('sends a case on to another central, saying how many sit there', async () => {
  const act = vi.fn()
  render(<HandOver view={MINE} me={ME} operators={[]} waiting={false} act={act} />)
  await userEvent.click(screen.getByRole('button', { name: /Lämna över/ }))
  expect(await screen.findByRole('button', { name: 'Söder · ingen på plats' })).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: 'Larmcentralen Öst · 2 på plats' }))
  expect(act).toHaveBeenCalledWith({ act: 'send_on', desk: 'east' })
})

it('shows a case that is offered to my central to everybody there but who has it', () => {
  const sent = aCase('b', { state: 'taken', handler: 'greta', offered_desk: 'west' })
  expect(offeredTo(ME, new Map([['b', sent]]))?.id).toBe('b')
  expect(offeredTo({ ...ME, desk: 'south' }, new Map([['b', sent]]))).toBeUndefined()
  expect(offeredTo(ME, new Map([['b', { ...sent, handler: 'me' }]]))).toBeUndefined()
})

it('says that an offered case is still mine, and takes the offer back', async () => {
  const act = vi.fn()
  const offered = { ...MINE, offered_to: 'jonas', offered_to_name: 'Jonas Wiberg' }
  render(<HandOver view={offered} me={ME} operators={[OTHER]} waiting={false} act={act} />)
  expect(screen.getByRole('status').textContent).toContain('Jonas Wiberg')
  await userEvent.click(screen.getByRole('button', { name: 'Ta tillbaka' }))
  expect(act).toHaveBeenCalledWith({ act: 'end_offer' })
})

it('shows whom a case is offered to that it is, and takes no focus', async () => {
  const answer = vi.fn()
  const offered = aCase('b', { state: 'taken', handler: 'jonas', handler_name: 'Jonas', offered_to: 'me', version: 7 })
  render(<OfferStrip cases={new Map([['b', offered]])} me={ME} answer={answer} />)
  expect(document.activeElement).toBe(document.body)
  await userEvent.click(screen.getByRole('button', { name: /Ta emot/ }))
  expect(answer).toHaveBeenCalledWith(offered, { act: 'accept_offer', seen: 7 })
})

it('answers the offer that ends first', () => {
  const late = aCase('late', { offered_to: 'me', offered_until: '2026-11-22T02:02:00.000Z' })
  const soon = aCase('soon', { offered_to: 'me', offered_until: '2026-11-22T02:01:00.000Z' })
  const cases = new Map([
    ['late', late],
    ['soon', soon],
    ['other', aCase('other', { offered_to: 'jonas' })],
  ])
  expect(offeredTo(ME, cases)?.id).toBe('soon')
  expect(offeredTo(null, cases)).toBeUndefined()
})
