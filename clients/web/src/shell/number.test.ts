import { describe, expect, it } from 'vitest'
import { spokenNumber } from './number'

describe('a number to call', () => {
  it.each([
    ['gsm:+46313900600', '031-390 06 00'],
    ['tel:+46701740605', '070-174 06 05'],
    ['tel:+4781000000', '+4781000000'],
    ['sip:larm@example.se;transport=tls', 'larm@example.se'],
    ['0771-00 00 00', '0771-00 00 00'],
    ['', ''],
  ])('%s is said as %s', (uri, said) => {
    expect(spokenNumber(uri)).toBe(said)
  })
})
