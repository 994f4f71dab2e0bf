import i18next from 'i18next'
import { expect, it } from 'vitest'
import type { SubscriptionView } from '../../wire/types'
import { reachOf, whole } from './inward'
import { behind, bodyOf, EVENTS, eventsOf, eventWord, GROUPS, outcomeSentence, standingOf, urlFault } from './outgoing'
import { wanted } from './Replay'

const t = i18next.t
const VIEW: SubscriptionView = {
  id: 'subscription-1',
  tag: '0123456789abcdef',
  url: 'https://journal.example/events',
  types: [],
  resident: false,
  state: 'on',
  sequence: '000000000000000012',
  newest: '000000000000000012',
  waiting: 0,
  dead: 0,
  missed: 0,
  heard_at: '2026-11-22T13:00:00.000Z',
  paused_since: null,
  asked_again_at: null,
  outcome: 'http 503',
  rotating_until: null,
}

it('says the worst first of how a subscription goes', () => {
  const standing = (part: Partial<SubscriptionView>) => standingOf({ ...VIEW, ...part })
  expect(standing({})).toBe('delivering')
  expect(standing({ heard_at: null })).toBe('new')
  expect(standing({ newest: '000000000000000015' })).toBe('behind')
  expect(behind({ ...VIEW, newest: '000000000000000015' })).toBe(3)
  expect(standing({ waiting: 2, newest: '000000000000000015' })).toBe('retrying')
  expect(standing({ waiting: 2, state: 'paused' })).toBe('down')
  expect(standing({ waiting: 2, state: 'off' })).toBe('off')
})

it('keeps a subscription whose receiver is down turned on when it is changed', () => {
  expect(bodyOf({ ...VIEW, state: 'paused' }).on).toBe(true)
  expect(bodyOf({ ...VIEW, state: 'off' }).on).toBe(false)
})

it('takes addresses that events may go to, and leaves networks to the hub', () => {
  for (const good of ['https://a.example/x', 'https://10.0.0.1:8443/', 'http://127.0.0.1:9099/', 'http://localhost/']) {
    expect(urlFault(good), good).toBeNull()
  }
  for (const wrong of [
    '',
    'https://',
    'journal.example',
    'http://a.example/',
    'ftp://a.example/',
    'https://u:p@a.example/',
  ]) {
    expect(urlFault(wrong), wrong).toBe('subscription_url')
  }
})

it('has each event in exactly one group, and a word for it', () => {
  expect(GROUPS.flatMap(eventsOf).sort()).toEqual([...EVENTS].sort())
  expect(new Set(EVENTS.map((type) => eventWord(type, t))).size).toBe(EVENTS.length)
})

it('says in a sentence why something was not taken', () => {
  expect(outcomeSentence('http 503', t)).toBe('Mottagaren svarade 503.')
  expect(outcomeSentence('http 410', t)).toContain('finns')
  expect(outcomeSentence('http 401', t)).toContain('släppte inte in')
  expect(outcomeSentence('ReadTimeout', t)).toContain('tio sekunder')
  expect(outcomeSentence('name_unknown', t)).toContain('namn')
  expect(outcomeSentence('ConnectError', t)).toBe('Mottagaren gick inte att nå.')
})

it('asks for what came since a time in Sweden, after a number, or all of it', () => {
  expect(wanted('time', '2026-11-22T14:00', '')).toEqual({ since: '2026-11-22T13:00:00.000Z' })
  expect(wanted('place', '', ' 0012 ')).toEqual({ from: '0012' })
  expect(wanted('all', '', '')).toEqual({ from: '0' })
  expect([wanted('time', '', ''), wanted('place', '', 'x'), wanted('place', '', '')]).toEqual([null, null, null])
})

it('gives whole addresses to vendors, and says where they are heard', () => {
  expect(whole('/api/v1/device/events', '', 'https://here.example')).toBe('https://here.example/api/v1/device/events')
  expect(whole('/x', 'https://larm.example/', 'https://here.example')).toBe('https://larm.example/x')
  expect(whole('tls:sip.example:5061', 'https://larm.example', 'https://here.example')).toBe('tls:sip.example:5061')
  expect(reachOf('udp:127.0.0.1:5060', t)).toContain('egen maskin')
  expect(reachOf('http://127.0.0.1:8080/x', t)).toContain('egen maskin')
  expect(reachOf('tcp:[::1]:5060', t)).toContain('egen maskin')
  expect(reachOf('tcp:0.0.0.0:5060', t)).toContain('alla')
  expect(reachOf('tls:sip.example:5061', t)).toBeNull()
})
