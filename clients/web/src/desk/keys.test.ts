import { describe, expect, it } from 'vitest'
import { actOf, KEYS, placeOf, type Stroke } from './keys'

const stroke = (key: string, part: Partial<Stroke> = {}): Stroke => ({
  key,
  ctrl: false,
  meta: false,
  alt: false,
  repeat: false,
  place: 'page',
  ...part,
})

describe('keys', () => {
  it('mean their act on the page and on a row, in both cases', () => {
    expect(actOf(stroke('n'))).toBe('note')
    expect(actOf(stroke('N', { place: 'row' }))).toBe('note')
    expect(actOf(stroke('Enter', { place: 'row' }))).toBe('take')
  })

  it('mean nothing while somebody writes, except Esc', () => {
    for (const { key, act } of KEYS) {
      expect(actOf(stroke(key, { place: 'field' }))).toBe(act === 'leave' ? 'leave' : null)
    }
  })

  it('leave arrows and Enter to a button or a choice', () => {
    expect(actOf(stroke('Enter', { place: 'control' }))).toBeNull()
    expect(actOf(stroke('ArrowDown', { place: 'control' }))).toBeNull()
    expect(actOf(stroke('n', { place: 'control' }))).toBe('note')
  })

  it('mean nothing with a modifier, and letters do not repeat', () => {
    expect(actOf(stroke('c', { ctrl: true }))).toBeNull()
    expect(actOf(stroke('c', { repeat: true }))).toBeNull()
    expect(actOf(stroke('ArrowDown', { repeat: true }))).toBe('down')
  })

  it('are one act each', () => {
    expect(new Set(KEYS.map((one) => one.key)).size).toBe(KEYS.length)
  })

  it('know a field from a choice from a row', () => {
    document.body.innerHTML = '<textarea></textarea><input type="radio"><button data-row="a"><i></i></button><input>'
    const place = (selector: string) => placeOf(document.querySelector(selector))
    expect(place('textarea')).toBe('field')
    expect(place('[type=radio]')).toBe('control')
    expect(place('i')).toBe('row')
    expect(place('input:not([type])')).toBe('field')
    expect(place('body')).toBe('page')
  })
})
