import { expect, it } from 'vitest'
import en from './en.json'
import sv from './sv.json'
import { firstLanguage } from './text'

type Words = { [key: string]: string | Words }

function keys(words: Words, before = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [before + key] : keys(value, `${before}${key}.`),
  )
}

function at(words: Words, key: string): string {
  let here: string | Words | undefined = words
  for (const part of key.split('.')) here = typeof here === 'object' ? here[part] : undefined
  return typeof here === 'string' ? here : ''
}

const sources = Object.entries(
  import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
)
  .filter(([path]) => !path.includes('.test.') && !path.includes('/wire/'))
  .map(([, text]) => text)
  .join('\n')

/** `a.b` as written, and `a.` for what is put together from a word of the wire. */
const written = new Set([...sources.matchAll(/\bt\(\s*'([^']+)'/g)].map((found) => found[1]))
const composed = [...sources.matchAll(/\bt\(\s*`([^$`]+)\$\{[^}]*\}([^`]*)`/g)].map(
  (found) => [found[1], found[2]] as const,
)

const plain = (key: string) => key.replace(/_(one|other)$/, '')

it('has the same words in both languages', () => {
  expect(keys(en).sort()).toEqual(keys(sv).sort())
})

it('leaves no word unwritten, and puts the same things into each sentence', () => {
  const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).sort()
  for (const key of keys(sv)) {
    expect(at(sv, key), key).not.toBe('')
    expect(holes(at(en, key)), key).toEqual(holes(at(sv, key)))
  }
})

it('has a word for every key the pages use', () => {
  const known = new Set(keys(sv).flatMap((key) => [key, plain(key)]))
  expect([...written].filter((key) => key !== undefined && !known.has(key))).toEqual([])
})

it('has no word that no page uses', () => {
  const used = (key: string) =>
    written.has(key) ||
    written.has(plain(key)) ||
    composed.some(([before, after]) => key.startsWith(before ?? '') && plain(key).endsWith(after ?? ''))
  expect(keys(sv).filter((key) => !used(key))).toEqual([])
})

it('speaks Swedish unless somebody chose or reads something else it knows', () => {
  expect(firstLanguage(null, ['de-DE', 'fr'])).toBe('sv')
  expect(firstLanguage(null, ['en-GB', 'sv'])).toBe('en')
  expect(firstLanguage('sv', ['en'])).toBe('sv')
})
