import { expect, it } from 'vitest'
import type { ReceiverView, ReserveView } from '../../wire/types'
import { addressOf, draftOf, faultsOf, put, reserveWith, testedOf } from './receiver'

const VIEW: ReceiverView = {
  id: 'receiver-1',
  name: 'Larmcentralen Öst',
  address: 'tls:larm.example:5061',
  called: 'larm',
  user: 'kommun',
  account: '77',
  own_accounts: false,
  on: true,
  password: true,
  tested_at: '2026-11-22T13:00:00.000Z',
  outcome: 'taken',
  answered_at: '2026-11-22T13:00:00.000Z',
  round_trip_ms: 12,
}
const RESERVE: ReserveView = {
  on: false,
  since: null,
  by: null,
  receivers: [VIEW],
  waiting: 0,
  tag: '0123456789abcdef',
}

it('puts a receiver that was not changed as it stands, and keeps its password', () => {
  const { password, tested_at, outcome, answered_at, round_trip_ms, ...said } = VIEW
  expect(put(draftOf(VIEW), VIEW.id)).toEqual({ ...said, password: null })
  expect(reserveWith(RESERVE, { on: true })).toEqual({
    on: true,
    receivers: [{ ...said, password: null }],
    seen: RESERVE.tag,
  })
})

it('takes an address apart and puts it together again', () => {
  for (const address of ['tls:larm.example:5061', 'udp:192.0.2.1:5060', 'tcp:[2001:db8::1]:5060']) {
    expect(addressOf(draftOf({ ...VIEW, address }))).toBe(address)
  }
  expect(addressOf({ ...draftOf(null), host: ' 2001:db8::1 ', port: '5061 ' })).toBe('tls:[2001:db8::1]:5061')
})

it('says what cannot be stored, field by field', () => {
  expect(faultsOf(draftOf(VIEW), true)).toEqual({})
  expect(faultsOf(draftOf(null), false)).toEqual({ name: 'name', host: 'host', account: 'account' })
  const wrong = { ...draftOf(VIEW), host: 'larm example', port: '70000', account: 'Elsa', called: 'å', user: 'å b' }
  expect(Object.keys(faultsOf(wrong, false)).sort()).toEqual(['account', 'called', 'host', 'port', 'user'])
  const nobody = { ...draftOf(VIEW), user: '' }
  expect(faultsOf(nobody, true).user).toBe('user_missing')
  expect(faultsOf({ ...nobody, password: 'x' }, false).user).toBe('user_missing')
  expect(faultsOf(nobody, false)).toEqual({})
})

it('knows a centre that answers from one that does not, is new, or is not in use', () => {
  const tested = (part: Partial<ReceiverView>) => testedOf({ ...VIEW, ...part })
  expect(tested({})).toBe('answered')
  expect(tested({ outcome: 'silent' })).toBe('failed')
  expect(tested({ outcome: null, tested_at: null })).toBe('untested')
  expect(tested({ on: false, outcome: 'silent' })).toBe('out_of_use')
})
