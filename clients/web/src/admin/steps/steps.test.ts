import { expect, it } from 'vitest'
import type { ActionSteps } from '../../wire/types'
import { faultsOf } from '../contacts/contacts'
import { freshKey, hasEmpty, instead, listFor, reasonOf, rowsOf, wordOf } from './steps'

const list = (reason: ActionSteps['items'][number]['reason'], ...texts: string[]) => ({ reason, texts, tag: 'a' })
const ALL: ActionSteps = {
  items: [list(null), list('fell'), list('pressed', 'Tala.'), list('battery_low')],
  usual: [
    { kind: 'person', reason: null, codes: ['speak'] },
    { kind: 'technical', reason: null, codes: ['check_device'] },
    { kind: 'person', reason: 'fell', codes: ['stay_still'] },
  ],
}

it('shows what holds where there is no own list: the one for every alarm, or else the usual one', () => {
  expect(instead(ALL, 'fell')).toEqual({ codes: ['stay_still'] })
  expect(instead(ALL, 'pressed')).toEqual({ codes: ['speak'] })
  expect(instead(ALL, 'battery_low')).toEqual({ codes: ['check_device'] })
  expect(instead(ALL, null)).toEqual({ codes: ['speak'] })
  const own = { ...ALL, items: [list(null, 'Ring.'), ...ALL.items.slice(1)] }
  expect(instead(own, 'fell')).toEqual({ texts: ['Ring.'] })
})

it('keeps rows that say the same apart', () => {
  const rows = rowsOf(['x', 'x'])
  expect(rows.map((row) => row.key)).toEqual(['row-1', 'row-2'])
  expect(freshKey(rows)).toBe('row-3')
  expect([hasEmpty(rows), hasEmpty([...rows, { key: 'c', text: ' ' }])]).toEqual([false, true])
})

it('goes from a reason to an address and back', () => {
  expect([wordOf(null), reasonOf('every'), reasonOf(wordOf('fell'))]).toEqual(['every', null, 'fell'])
  expect(listFor(ALL, 'pressed').texts).toEqual(['Tala.'])
})

it('sees what is wrong with a contact before it is sent', () => {
  expect(faultsOf({ name: ' ', email: '', webhook: '' })).toEqual({ name: 'name_missing', email: 'contact_means' })
  expect(faultsOf({ name: 'A', email: 'a', webhook: 'http://x.se' })).toEqual({
    email: 'contact_email',
    webhook: 'contact_webhook',
  })
  expect(faultsOf({ name: 'A', email: ' larm@kommun.se ', webhook: 'https://kommun.se/larm' })).toEqual({})
})
