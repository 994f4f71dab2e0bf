import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import type { DeviceView } from '../wire/types'
import { DeviceRow } from './DeviceRow'
import { ALL, queryOf } from './filters'

const DEVICE: DeviceView = {
  id: 'scaip-777',
  kind: 'alarm',
  model: 'Trygghetslarm 4G',
  protocol: 'scaip',
  account: '777',
  state: 'live',
  principal: 'demo-kommun',
  unit: 'demo-norr',
  home: 'demo-home-1',
  resident: 'demo-resident-1',
  last_seen_at: '2026-11-22T02:00:00.000Z',
  last_test_at: null,
  health: 'ok',
  silent_since: null,
  faults: [],
  heartbeat_s: 300,
  radio: '4g',
  radio_ends_on: null,
  network: '',
  paired_at: null,
  tested_at: null,
  live_at: null,
}

function show(part: Partial<DeviceView>, fits = true) {
  render(
    <table>
      <tbody>
        <DeviceRow device={{ ...DEVICE, ...part }} fits={fits} changed={() => {}} />
      </tbody>
    </table>,
  )
  return screen.getByRole('row')
}

it('asks only about what is said, and not about what is still being typed', () => {
  expect(queryOf(ALL)).toBe('')
  expect(queryOf({ state: 'live', health: 'lost', untested: ' 30 ', radio: '2027-12-31' })).toBe(
    '?state=live&health=lost&untested_days=30&radio_ends_before=2027-12-31',
  )
  expect(queryOf({ ...ALL, untested: '3x', radio: '2027-1' }, { limit: '100' })).toBe('?limit=100')
  expect(queryOf({ ...ALL, untested: '9999' })).toBe('')
})

it('says in words how a device is, what is wrong with it and when its radio ends', () => {
  const row = show({
    health: 'lost',
    silent_since: '2026-11-22T02:00:00.000Z',
    faults: [{ reason: 'mains_failure', since: '2026-11-22T01:00:00.000Z' }],
    radio: '2g',
    radio_ends_on: '2027-12-31',
  })
  expect(row.textContent).toContain('Tyst')
  expect(row.textContent).toContain('tyst sedan 22 nov. 2026')
  expect(row.textContent).toContain('Strömmen är borta')
  expect(row.textContent).toContain('2Gstängs 2027-12-31')
  expect(row.textContent).toContain('Aldrig')
})

it('lets who installs set live what has been tested, and nobody else and nothing else', () => {
  show({ state: 'tested' })
  expect(screen.getByRole('button', { name: 'Ta i drift scaip-777' })).toBeTruthy()
})

it('lets nobody set live what waits for its test', () => {
  expect(show({ state: 'paired' }).textContent).toContain('Tryck på enhetens egen knapp')
  expect(screen.queryByRole('button')).toBeNull()
})

it('lets nobody else set live', () => {
  show({ state: 'tested' }, false)
  expect(screen.queryByRole('button')).toBeNull()
})
