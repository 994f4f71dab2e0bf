import { expect, it } from 'vitest'
import { within } from './examples'
import { columns, heightOf, named, pieces, ROOM } from './plot'

it('puts what was answered soonest at the bottom and what was late on top', () => {
  expect(pieces(within([20, 25], [24, 25], [24, 25]))).toEqual([
    { part: 'soon', from: 0, to: 800 },
    { part: 'middle', from: 800, to: 960 },
    { part: 'late', from: 960, to: 1000 },
  ])
})

it('draws a full column without anything late when all were in time', () => {
  expect(pieces(within([3, 3], [3, 3], [3, 3]))).toEqual([{ part: 'soon', from: 0, to: 1000 }])
})

it('draws nothing where nothing is decided, and ends a column where the longer limits are open', () => {
  expect(pieces(within([0, 0], [0, 0], [0, 0]))).toEqual([])
  expect(pieces(within([1, 2], [0, 0], [0, 0]))).toEqual([{ part: 'soon', from: 0, to: 500 }])
  expect(pieces([])).toEqual([])
})

it('is all late when nobody answered', () => {
  expect(pieces(within([0, 4], [0, 4], [0, 4]))).toEqual([{ part: 'late', from: 0, to: 1000 }])
})

it.each([1, 2, 23, 24, 25, 744])('keeps %i columns inside the room, apart and in order', (count) => {
  const found = columns(Array.from({ length: count }, () => ({ within: within([1, 2], [1, 2], [1, 1]) })))
  expect(found).toHaveLength(count)
  const first = found[0]
  const last = found.at(-1)
  if (!first || !last) throw new Error('no columns')
  expect(first.x).toBeGreaterThanOrEqual(ROOM.left)
  expect(last.x + last.width).toBeLessThanOrEqual(ROOM.width - ROOM.right + 0.02)
  found.slice(1).forEach((one, number) => {
    const before = found[number]
    if (before) expect(one.x).toBeGreaterThanOrEqual(before.x + before.width - 0.02)
  })
  for (const one of found) {
    expect(one.width).toBeGreaterThan(1)
    const total = one.pieces.reduce((sum, piece) => sum + piece.height, 0)
    expect(total).toBeCloseTo(ROOM.height - ROOM.head - ROOM.foot, 0)
  }
})

it('knows where nought, all and the goal are', () => {
  expect(heightOf(0)).toBe(ROOM.height - ROOM.foot)
  expect(heightOf(1000)).toBe(ROOM.head)
  expect(heightOf(975)).toBeCloseTo(ROOM.head + (ROOM.height - ROOM.head - ROOM.foot) * 0.025)
})

it('names columns evenly and no more than asked', () => {
  expect(named(24, 8)).toEqual([0, 3, 6, 9, 12, 15, 18, 21])
  expect(named(25, 8)).toEqual([0, 4, 8, 12, 16, 20, 24])
  expect(named(3, 8)).toEqual([0, 1, 2])
  expect(named(0, 8)).toEqual([])
})
