import { expect, it } from 'vitest'
import { begin, type Held, hold, isDirty } from './hold'

interface View {
  version: number
  text: string
}

const HERE: Held<View, string> = begin({ version: 1, text: 'a' }, 'a')
const written = hold(HERE, { type: 'edit', draft: 'b' })

it('has something unsaved from the first change until it is saved or undone', () => {
  expect(isDirty(HERE)).toBe(false)
  expect(isDirty(written)).toBe(true)
  expect(isDirty(hold(written, { type: 'edit', draft: 'a' }))).toBe(false)
  expect(hold(written, { type: 'undo' }).draft).toBe('a')
  const saved = hold(written, { type: 'saved', sent: 'b', view: { version: 2, text: 'b' }, clean: 'b' })
  expect([isDirty(saved), saved.saving.is, saved.view?.version]).toEqual([false, 'saved', 2])
})

it('keeps what was written while something else was on its way, as not saved', () => {
  const sending = hold(hold(written, { type: 'send' }), { type: 'edit', draft: 'bc' })
  expect(sending.saving.is).toBe('sending')
  const saved = hold(sending, { type: 'saved', sent: 'b', view: { version: 2, text: 'b' }, clean: 'b' })
  expect([saved.draft, isDirty(saved)]).toEqual(['bc', true])
})

it('tells who was late, loses nothing of theirs, and saves over what stands there only when they choose so', () => {
  const theirs = { version: 7, text: 'x' }
  const late = hold(written, { type: 'changed', theirs })
  expect([late.draft, late.view?.version]).toEqual(['b', 1])
  expect(hold(late, { type: 'edit', draft: 'bb' }).saving.is).toBe('changed')
  const mine = hold(late, { type: 'keep_mine', clean: 'x' })
  expect([mine.draft, mine.view?.version, isDirty(mine)]).toEqual(['b', 7, true])
  const read = hold(late, { type: 'take_theirs', clean: 'x' })
  expect([read.draft, read.view?.version, isDirty(read)]).toEqual(['x', 7, false])
})

it('begins anew over what somebody has removed', () => {
  const mine = hold(hold(written, { type: 'changed', theirs: null }), { type: 'keep_mine', clean: '' })
  expect([mine.draft, mine.view]).toEqual(['b', null])
})

it('keeps what was written when saving is refused or nobody answers', () => {
  for (const event of [
    { type: 'refused', fault: { code: 'plan_ends', about: 'a' } },
    { type: 'unreachable' },
  ] as const) {
    const after = hold(written, event)
    expect([after.draft, isDirty(after)]).toEqual(['b', true])
  }
})
