import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { expect, it } from 'vitest'
import { Ordered } from './Ordered'

function List({ first }: { first: string[] }) {
  const [items, change] = useState(first)
  return (
    <Ordered
      items={items}
      keyOf={(item) => item}
      nameOf={(item) => item}
      change={change}
      add="Lägg till"
      onAdd={() => change([...items, `ny${items.length}`])}
      most={4}
    >
      {(item) => <span>{item}</span>}
    </Ordered>
  )
}

const rows = () => screen.getAllByRole('listitem').map((row) => row.querySelector('.row-body')?.textContent)
const button = (name: string) => screen.getByRole('button', { name })

it('moves by keyboard, and the focus goes along until the row can go no further', async () => {
  const user = userEvent.setup()
  render(<List first={['a', 'b', 'c']} />)
  button('Flytta upp: c').focus()
  await user.keyboard('{Enter}')
  expect(rows()).toEqual(['a', 'c', 'b'])
  expect(document.activeElement).toBe(button('Flytta upp: c'))
  expect(screen.getByRole('status').textContent).toBe('c är nu på plats 2.')
  await user.keyboard('{Enter}')
  expect(rows()).toEqual(['c', 'a', 'b'])
  expect(document.activeElement).toBe(button('Flytta ner: c'))
})

it('removes a row, says so, and leaves the focus where one can go on', async () => {
  const user = userEvent.setup()
  render(<List first={['a', 'b']} />)
  button('Ta bort a').focus()
  await user.keyboard('{Enter}')
  expect(rows()).toEqual(['b'])
  expect(document.activeElement).toBe(button('+ Lägg till'))
  await user.keyboard('{Enter}{Enter}{Enter}')
  expect(rows()).toEqual(['b', 'ny1', 'ny2', 'ny3'])
  expect(screen.queryByRole('button', { name: '+ Lägg till' })).toBeNull()
})
