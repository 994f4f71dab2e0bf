import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it, vi } from 'vitest'
import { CloseForm } from './CloseForm'
import { type Draft, EMPTY } from './drafts'
import { aCase } from './examples'

function Form({ close, resident }: { close: (act: unknown) => void; resident: string | null }) {
  const [draft, setDraft] = useState<Draft>(EMPTY)
  return (
    <CloseForm
      view={aCase('a', { resident, unread: 0, handler: 'me', state: 'taken' })}
      draft={draft}
      me="me"
      maybe={[{ id: 'demo-resident-9', name: 'Nils Ström', age: 86 }]}
      callOpen={false}
      waiting={false}
      change={(part) => setDraft({ ...draft, ...part })}
      close={close}
    />
  )
}

it('says what is missing until nothing is, and only then can be sent', async () => {
  const user = userEvent.setup()
  const close = vi.fn()
  render(<Form close={close} resident="demo-resident-1" />)
  const act = screen.getByRole('button', { name: 'Avsluta ärendet' })
  expect(screen.getByText('Välj en orsak.')).toBeTruthy()
  await user.click(screen.getByText('Fall'))
  expect(screen.getByText('Välj en åtgärd.')).toBeTruthy()
  await user.click(act)
  expect(close).not.toHaveBeenCalled()
  await user.click(screen.getByText('Ambulans'))
  await user.click(act)
  expect(close).toHaveBeenCalledWith({
    act: 'close',
    cause: 'fall',
    measure: 'ambulance',
    note: '',
    resident: null,
    nobody: null,
  })
})

it('asks whom it concerned when the case does not say, and sends the answer', async () => {
  const user = userEvent.setup()
  const close = vi.fn()
  render(<Form close={close} resident={null} />)
  await user.click(screen.getByText('Oro'))
  await user.click(screen.getByText('Talade med personen'))
  expect(screen.getByText('Ange vem det gällde, eller varför det inte går.')).toBeTruthy()
  await user.click(screen.getByText('Nils Ström, 86'))
  await user.click(screen.getByRole('button', { name: 'Avsluta ärendet' }))
  expect(close).toHaveBeenCalledWith(expect.objectContaining({ resident: 'demo-resident-9', nobody: null }))
})
