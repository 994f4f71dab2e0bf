import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'
import { Problem } from '../../shell/ask'
import { Sure } from './Sure'

function shown(act: () => Promise<void>) {
  render(
    <Sure label="Slå på" yes="Ja" no="Nej" act={act} refused={(code) => `Nekat: ${code}`}>
      <p>Det här händer.</p>
    </Sure>,
  )
  return userEvent.setup()
}

it('says what will happen before it happens, and does nothing on no', async () => {
  const act = vi.fn(async () => {})
  const user = shown(act)
  expect(screen.queryByText('Det här händer.')).toBeNull()
  await user.click(screen.getByText('Slå på'))
  expect(screen.getByText('Det här händer.')).toBeTruthy()
  await user.click(screen.getByText('Nej'))
  expect(screen.queryByText('Det här händer.')).toBeNull()
  expect(act).not.toHaveBeenCalled()
})

it('acts once on yes, and gives the focus back', async () => {
  const act = vi.fn(async () => {})
  const user = shown(act)
  await user.click(screen.getByText('Slå på'))
  await user.click(screen.getByText('Ja'))
  expect(act).toHaveBeenCalledTimes(1)
  expect(document.activeElement).toBe(screen.getByText('Slå på'))
})

it('says why it was refused', async () => {
  const user = shown(async () => {
    throw new Problem('changed_meanwhile', 409)
  })
  await user.click(screen.getByText('Slå på'))
  await user.click(screen.getByText('Ja'))
  expect(screen.getByText('Nekat: changed_meanwhile')).toBeTruthy()
})
