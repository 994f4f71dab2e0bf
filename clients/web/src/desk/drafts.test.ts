import { expect, it } from 'vitest'
import { createDrafts, EMPTY, missingToClose } from './drafts'
import { aCase } from './examples'

it('keeps a draft for each case, also over a reload of the tab', () => {
  let kept: string | null = null
  const keep = (text: string) => {
    kept = text
  }
  const drafts = createDrafts(() => null, keep)
  drafts.change('a', { note: 'ringer dottern' })
  drafts.change('b', { note: 'annat', cause: 'fall' })
  const reloaded = createDrafts(
    () => kept,
    () => {},
  )
  expect(reloaded.get('a').note).toBe('ringer dottern')
  expect(reloaded.get('b')).toMatchObject({ note: 'annat', cause: 'fall' })
})

it('starts empty when what was kept cannot be read', () => {
  const drafts = createDrafts(
    () => '{broken',
    () => {},
  )
  expect(drafts.get('a')).toBe(EMPTY)
})

it('says what a closing lacks, in the order somebody would fill it in', () => {
  const nobody = aCase('a', { resident: null, unread: 1, handler: 'me', state: 'taken' })
  expect(missingToClose(EMPTY, nobody, 'me')).toEqual(['unread', 'cause', 'measure', 'person'])
  const full = { ...EMPTY, cause: 'fall', measure: 'spoke', nobody: 'nobody_home' } as const
  expect(missingToClose(full, { ...nobody, unread: 0 }, 'me')).toEqual([])
  expect(missingToClose(full, { ...nobody, unread: 0 }, 'you')).toEqual(['not_yours'])
})

it('does not ask whom a technical case concerned', () => {
  const thing = aCase('t', { kind: 'technical', resident: null, unread: 0, handler: 'me', state: 'taken' })
  expect(missingToClose({ ...EMPTY, cause: 'other', measure: 'other' }, thing, 'me')).toEqual([])
})
