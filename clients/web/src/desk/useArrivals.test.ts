import { act, renderHook } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { aCase } from './examples'
import { useArrivals } from './useArrivals'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function listen() {
  const { result } = renderHook(() => useArrivals())
  return {
    said: () => result.current[0],
    arrive: (...ids: string[]) => act(() => result.current[1](ids.map((id) => aCase(id)))),
    wait: (ms: number) => act(() => vi.advanceTimersByTime(ms)),
  }
}

it('says one arrival with who, what and where', () => {
  const { said, arrive, wait } = listen()
  arrive('a')
  wait(400)
  expect(said()).toBe('Nytt larm. Astrid Lind, 86. Tryckte på larmknappen. Hjo · Norr.')
})

it('says many at once in one sentence, and lets it be heard out before the next', () => {
  const { said, arrive, wait } = listen()
  arrive('a', 'b')
  arrive('c')
  wait(400)
  expect(said()).toBe('3 nya larm.')
  arrive('d', 'e')
  wait(1000)
  expect(said()).toBe('3 nya larm.')
  wait(2000)
  expect(said()).toBe('2 nya larm.')
})

it('takes the sentence away, so that the same can be said again', () => {
  const { said, arrive, wait } = listen()
  arrive('a')
  wait(400)
  wait(3000)
  expect(said()).toBe('')
  arrive('a')
  wait(400)
  expect(said()).not.toBe('')
})
