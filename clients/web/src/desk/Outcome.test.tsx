import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Outcome } from './Outcome'

const answer = { id: 'k', act: 'take', at: 0, code: null, handlerName: null } as const

it('says sent, then done', () => {
  const pending = { id: 'k', case: 'a', act: { act: 'take' }, madeAt: 0, state: 'sent' } as const
  const shown = render(<Outcome pending={pending} answer={undefined} />)
  expect(screen.getByRole('status').textContent).toBe('Skickat …')
  shown.rerender(<Outcome pending={undefined} answer={answer} />)
  expect(screen.getByRole('status').textContent).toBe('Klart. Du har ärendet.')
})

it('says who was first', () => {
  render(<Outcome pending={undefined} answer={{ ...answer, code: 'taken', handlerName: 'Johan Berg' }} />)
  expect(screen.getByRole('status').textContent?.trim()).toBe('Johan Berg hann före och har ärendet.')
})

it('gives a general sentence for an unknown code, with the code last', () => {
  render(<Outcome pending={undefined} answer={{ ...answer, code: 'odd' }} />)
  expect(screen.getByRole('status').textContent).toBe('Det gick inte. Inget ändrades. (odd)')
})
