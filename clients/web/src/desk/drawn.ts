// What is drawn on the map, as GeoJSON: the person, how exactly that is known, and the safe zones.
import type { Feature, FeatureCollection, Position as Point, Polygon } from 'geojson'
import type { PlaceBody, PositionView, ZoneView } from '../wire/types'

const METRES_A_DEGREE = 111_195
const CORNERS = 64
const NEAREST = 17
const FARTHEST = 6

/** The zoom at which the circle of accuracy is in view: one step less shows twice as much. */
export function zoomFor(accuracy: number | null): number {
  const radius = Math.max(accuracy ?? 100, 25)
  return Math.min(NEAREST, Math.max(FARTHEST, Math.round(16 - Math.log2(radius / 50))))
}

export function drawn(position: PositionView, zones: readonly ZoneView[], old: boolean) {
  const about = position.accuracy_m === null ? [] : [polygon(circle(position, position.accuracy_m))]
  const here = { type: 'Point', coordinates: [position.longitude, position.latitude] } as const
  return {
    zones: collection(zones.map((zone) => polygon(outline(zone)))),
    about: collection(about),
    here: {
      type: 'Feature',
      properties: { old },
      geometry: { ...here, coordinates: [...here.coordinates] },
    } as Feature,
  }
}

function outline({ area }: ZoneView): Point[] {
  if (area.shape === 'circle') return circle(area.centre, area.radius_m)
  return area.corners.map((corner) => [corner.longitude, corner.latitude])
}

function circle(centre: PlaceBody, radius: number): Point[] {
  const wide = METRES_A_DEGREE * Math.cos((centre.latitude * Math.PI) / 180)
  return Array.from({ length: CORNERS }, (_, corner) => {
    const turned = (2 * Math.PI * corner) / CORNERS
    return [
      centre.longitude + (radius * Math.sin(turned)) / wide,
      centre.latitude + (radius * Math.cos(turned)) / METRES_A_DEGREE,
    ]
  })
}

function polygon(ring: Point[]): Feature<Polygon> {
  const [first] = ring
  const closed = first ? [...ring, first] : ring
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [closed] } }
}

function collection(features: Feature<Polygon>[]): FeatureCollection<Polygon> {
  return { type: 'FeatureCollection', features }
}
