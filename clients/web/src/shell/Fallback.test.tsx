import { render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { Fallback } from './Fallback'

function Broken(): never {
  throw new Error('broken')
}

it('puts a sentence in the place of what breaks, and leaves the rest', () => {
  const quiet = vi.spyOn(console, 'error').mockImplementation(() => {})
  render(
    <>
      <p>The rest</p>
      <Fallback instead={<p>Use the coordinates.</p>}>
        <Broken />
      </Fallback>
    </>,
  )
  expect(screen.getByText('The rest')).toBeTruthy()
  expect(screen.getByText('Use the coordinates.')).toBeTruthy()
  quiet.mockRestore()
})
