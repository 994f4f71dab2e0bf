import { expect, it } from 'vitest'
import { AREAS } from './shell/pages'

const sources = Object.entries(
  import.meta.glob<string>(['./**/*.{ts,tsx}', '!./**/*.test.{ts,tsx}'], {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
)

it('has sources to look at', () => {
  expect(sources.length).toBeGreaterThan(30)
})

it('lets no page import another page', () => {
  const rooms = [...AREAS, 'demo', 'docs'].join('|')
  const crossing = sources.flatMap(([path, text]) => {
    const page = path.match(new RegExp(`^\\./(${rooms})/`))?.[1]
    const shared = path.startsWith('./visit/') || path.startsWith('./shell/')
    if (!page && !shared) return []
    const others = [...text.matchAll(new RegExp(`from '\\.\\./(${rooms})/`, 'g'))].map((found) => found[1])
    return others.filter((other) => other !== page).map((other) => `${path} imports ${other}`)
  })
  expect(crossing).toEqual([])
})

it('reads time in one place only', () => {
  const reading = sources
    .filter(([path]) => path !== './shell/clock.ts')
    .filter(([, text]) => /Date\.now\(|performance\.now\(|new Date\(\)/.test(text))
  expect(reading.map(([path]) => path)).toEqual([])
})

it('keeps every module under 400 lines', () => {
  const long = sources.filter(([path, text]) => !path.startsWith('./wire/') && text.split('\n').length > 400)
  expect(long.map(([path]) => path)).toEqual([])
})

it('keeps React out of what a visit is', () => {
  const reacting = sources.filter(([path, text]) => path.startsWith('./visit/') && /from '(react|react-)/.test(text))
  expect(reacting.map(([path]) => path)).toEqual([])
})
