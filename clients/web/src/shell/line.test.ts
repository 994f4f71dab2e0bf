import { expect, it } from 'vitest'
import { type Line, newLine, type Patience, stepLine, wait } from './line'

const PATIENCE: Patience = { old: 2500, dead: 5000, first: 250, longest: 2000 }

it('waits 0.25 s at first, doubles, and never more than 2 s', () => {
  const waits = [0, 1, 2, 3, 4, 40].map((attempts) => wait(attempts, 1, PATIENCE))
  expect(waits).toEqual([250, 500, 1000, 2000, 2000, 2000])
})

it('spreads many pages over half of the wait', () => {
  expect(wait(3, 0, PATIENCE)).toBe(1000)
  expect(wait(3, 0.5, PATIENCE)).toBe(1500)
})

it('opens again when the wait is over, and starts anew with short waits once something is heard', () => {
  let line: Line = newLine(0)
  ;[line] = stepLine(line, { type: 'closed', chance: 1 }, 10, PATIENCE)
  expect(stepLine(line, { type: 'tick', chance: 0 }, 200, PATIENCE)[1]).toEqual([])
  const [opening, effects] = stepLine(line, { type: 'tick', chance: 0 }, 260, PATIENCE)
  expect(effects).toEqual([{ type: 'open' }])
  const [open] = stepLine(opening, { type: 'heard' }, 300, PATIENCE)
  expect(open.attempts).toBe(0)
})

it('gives up an opening that never ends', () => {
  const [line, effects] = stepLine(newLine(0), { type: 'tick', chance: 0 }, 5000, PATIENCE)
  expect(line.phase).toBe('waiting')
  expect(effects).toEqual([{ type: 'drop' }])
})

it('counts one cut once, though the tick and the socket both notice it', () => {
  const [first] = stepLine(newLine(0), { type: 'tick', chance: 0 }, 5000, PATIENCE)
  const [second] = stepLine(first, { type: 'closed', chance: 0 }, 5001, PATIENCE)
  expect(second).toBe(first)
})
