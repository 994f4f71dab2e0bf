import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import type { CasePosition } from '../wire/types'
import { aCase, aPosition } from './examples'
import { Position } from './Position'

const AT = '2026-01-10T09:30:00.000Z'
const CONSENT = {
  id: 'consent',
  given_by: 'resident',
  giver: '',
  given_at: AT,
  written_by: 'eva',
  written_by_name: 'Eva Strand',
  written_at: AT,
  withdrawn_at: null,
  withdrawn_by_name: null,
} as const

const asked: { path: string; body: unknown }[] = []

function answering(part: Partial<CasePosition>) {
  const known: CasePosition = {
    position: aPosition(),
    hidden: false,
    consent: CONSENT,
    devices: ['phone'],
    ask: null,
    zones: [],
    map: null,
    ...part,
  }
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    if (init?.method === 'POST') {
      asked.push({ path, body: JSON.parse(String(init.body)) })
      return Response.json({})
    }
    return Response.json(known)
  })
}

afterEach(() => {
  vi.unstubAllGlobals()
  asked.length = 0
})

const shown = (mine = true) => render(<Position view={aCase('a')} mine={mine} name="Åke Persson" />)

it('says in words where somebody was and that an old position is old, and links open only by a click', async () => {
  answering({})
  shown()
  expect(await screen.findByText(/inom ungefär 20 meter/)).toBeTruthy()
  expect(screen.getByText('Platsen är gammal. Ingen vet om Åke Persson är där nu.')).toBeTruthy()
  expect(screen.getByText('58.38660, 13.43910')).toBeTruthy()
  expect(screen.getByText('N 6474308 E 408765')).toBeTruthy()
  const outside = screen.getByRole('link', { name: /OpenStreetMap/ })
  expect(outside.getAttribute('rel')).toBe('noopener noreferrer')
})

it('asks the device for who has the case, on the ground of the consent that stands', async () => {
  answering({})
  shown()
  expect(await screen.findByText(/skrivet av Eva Strand/)).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: /Fråga var larmet är/ }))
  expect(asked).toEqual([{ path: '/api/v1/cases/a/locate', body: {} }])
})

it('asks without consent only when it is stated why', async () => {
  answering({ consent: null })
  shown()
  const button = await screen.findByRole<HTMLButtonElement>('button', { name: /Fråga var larmet är/ })
  expect(button.disabled).toBe(true)
  await userEvent.type(screen.getByLabelText('Varför är det fara för liv eller hälsa?'), 'Svarar inte.')
  await userEvent.click(button)
  expect(asked).toEqual([{ path: '/api/v1/cases/a/locate', body: { urgent: 'Svarar inte.' } }])
})

it('shows whoever does not have the case where, but not the asking', async () => {
  answering({})
  shown(false)
  expect(await screen.findByText('58.38660, 13.43910')).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

it('says nothing where there is nothing to say', async () => {
  answering({ position: null, devices: [] })
  const { container } = shown()
  await new Promise((done) => setTimeout(done, 800))
  expect(container.textContent).toBe('')
})
