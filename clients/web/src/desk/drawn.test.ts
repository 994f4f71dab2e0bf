import { expect, it } from 'vitest'
import type { ZoneView } from '../wire/types'
import { drawn, zoomFor } from './drawn'
import { aPosition } from './examples'

const HOME = { latitude: 58.3866, longitude: 13.4391 }
const ZONE: ZoneView = {
  id: 'zone',
  name: 'Hemma',
  area: { shape: 'circle', centre: HOME, radius_m: 500 },
  watch: 'leave',
  hours: [],
  makes: 'alarm',
  standing: 'right',
  standing_at: null,
}

it('draws where, how exactly, and every zone, each ring closed', () => {
  const corners = [HOME, { latitude: 58.39, longitude: 13.44 }, { latitude: 58.38, longitude: 13.45 }] as [
    typeof HOME,
    typeof HOME,
    typeof HOME,
  ]
  const shown = drawn(aPosition(), [ZONE, { ...ZONE, area: { shape: 'polygon', corners } }], true)
  expect(shown.here.properties).toEqual({ old: true })
  expect(shown.here.geometry).toEqual({ type: 'Point', coordinates: [13.4391, 58.3866] })
  const rings = [...shown.zones.features, ...shown.about.features].map((one) => one.geometry.coordinates[0] ?? [])
  expect(rings.map((ring) => ring.length)).toEqual([65, 4, 65])
  for (const ring of rings) expect(ring.at(-1)).toEqual(ring[0])
})

it('draws a circle as wide as it is high on the ground', () => {
  const [ring] = drawn(aPosition({ accuracy_m: 1000 }), [], false).about.features[0]?.geometry.coordinates ?? []
  const highest = Math.max(...(ring ?? []).map(([, latitude]) => latitude ?? 0))
  const widest = Math.max(...(ring ?? []).map(([longitude]) => longitude ?? 0))
  expect((highest - 58.3866) * 111_195).toBeCloseTo(1000, 0)
  expect((widest - 13.4391) * 111_195 * Math.cos((58.3866 * Math.PI) / 180)).toBeCloseTo(1000, 0)
})

it('draws no circle where nobody knows how exact it is', () => {
  expect(drawn(aPosition({ accuracy_m: null }), [], false).about.features).toEqual([])
})

it('stands farther off the less exact it is, within bounds', () => {
  expect(zoomFor(5)).toBe(17)
  expect(zoomFor(null)).toBeLessThan(zoomFor(20))
  expect(zoomFor(5000)).toBeLessThan(zoomFor(null))
  expect(zoomFor(10_000_000)).toBe(6)
})
