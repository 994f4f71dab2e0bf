// The map: fetched only when a server of map pictures is set, drawn by our own copy of MapLibre with a worker of ours.
// What it shows is said in words beside it, so that a page without it loses nothing.
import 'maplibre-gl/dist/maplibre-gl.css'
import { Map as Chart, type GeoJSONSource, NavigationControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isDark } from '../shell/look'
import type { MapSource, PositionView, ZoneView } from '../wire/types'
import { drawn, zoomFor } from './drawn'
import { exactly } from './place'

setWorkerUrl(workerUrl)

interface Props {
  source: MapSource
  position: PositionView
  zones: readonly ZoneView[]
  old: boolean
  name: string
}

type Trouble = 'no_webgl' | 'no_tiles' | null

export default function PositionMap({ source, position, zones, old, name }: Props) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart | null>(null)
  const [trouble, setTrouble] = useState<Trouble>(null)
  const words = t('position.map', { name, accuracy: exactly(position.accuracy_m, t) })
  const { tiles } = source

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new position moves the map that stands
  useEffect(() => {
    const container = frame.current
    if (!container) return
    let map: Chart
    try {
      map = new Chart({
        container,
        style: style(tiles, ink(container)),
        center: [position.longitude, position.latitude],
        zoom: zoomFor(position.accuracy_m),
        attributionControl: false,
        maxZoom: 19,
        pitchWithRotate: false,
        dragRotate: false,
        cooperativeGestures: false,
        fadeDuration: 0,
        locale: {
          'Map.Title': words,
          'NavigationControl.ZoomIn': t('position.zoom_in'),
          'NavigationControl.ZoomOut': t('position.zoom_out'),
        },
      })
    } catch {
      setTrouble('no_webgl')
      return
    }
    setTrouble(null)
    chart.current = map
    map.addControl(new NavigationControl({ showCompass: false }))
    map.touchZoomRotate.disableRotation()
    map.keyboard.disableRotation()
    let seen = false
    map.on('sourcedata', (event) => {
      if (event.sourceId === 'tiles' && event.tile) seen = true
      if (seen) setTrouble((before) => (before === 'no_tiles' ? null : before))
    })
    map.on('error', () => {
      if (!seen) setTrouble('no_tiles')
    })
    map.on('webglcontextlost', () => setTrouble('no_webgl'))
    map.on('load', () => {
      draw(map, position, zones, old)
      container.dataset.drawn = 'yes'
    })
    const repaint = () => paint(map, ink(container))
    const watching = new MutationObserver(repaint)
    watching.observe(document.documentElement, { attributes: true, attributeFilter: ['data-look'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', repaint)
    return () => {
      watching.disconnect()
      system.removeEventListener('change', repaint)
      chart.current = null
      map.remove()
    }
  }, [tiles])

  useEffect(() => {
    const map = chart.current
    if (!map) return
    if (map.isStyleLoaded()) draw(map, position, zones, old)
    map.easeTo({ center: [position.longitude, position.latitude], duration: 0 })
  }, [position, zones, old])

  return (
    <figure className="position-map">
      <div className="position-frame" ref={frame} hidden={trouble === 'no_webgl'} data-old={old} />
      {trouble && <p role="status">{t(`position.${trouble}`)}</p>}
      <figcaption className="calm">
        {words}
        {source.attribution && <span> {source.attribution}</span>}
      </figcaption>
    </figure>
  )
}

interface Ink {
  line: string
  dark: boolean
}

/** Colours as the page has them: a drawing on a canvas knows no style sheet. */
function ink(container: HTMLElement): Ink {
  return { line: getComputedStyle(container).color, dark: isDark() }
}

const EMPTY = { type: 'FeatureCollection', features: [] } as const

function style(tiles: string, { line, dark }: Ink) {
  return {
    version: 8,
    sources: {
      tiles: { type: 'raster', tiles: [tiles], tileSize: 256, maxzoom: 19 },
      zones: { type: 'geojson', data: EMPTY },
      about: { type: 'geojson', data: EMPTY },
      here: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'tiles', type: 'raster', source: 'tiles', paint: night(dark) },
      {
        id: 'zones',
        type: 'line',
        source: 'zones',
        paint: { 'line-color': line, 'line-width': 2, 'line-dasharray': [3, 2] },
      },
      { id: 'about', type: 'fill', source: 'about', paint: { 'fill-color': line, 'fill-opacity': 0.18 } },
      { id: 'about-line', type: 'line', source: 'about', paint: { 'line-color': line, 'line-width': 2 } },
      {
        id: 'here',
        type: 'circle',
        source: 'here',
        paint: {
          'circle-radius': 7,
          'circle-color': line,
          // Hollow when it is old: where somebody was, not where they are.
          'circle-opacity': ['case', ['get', 'old'], 0, 1],
          'circle-stroke-width': 3,
          'circle-stroke-color': line,
        },
      },
    ],
  } as const satisfies Record<string, unknown> as never
}

/** Most maps are drawn for day; at night their light is turned around, and their colours kept. */
function night(dark: boolean) {
  return {
    'raster-brightness-min': dark ? 1 : 0,
    'raster-brightness-max': dark ? 0 : 1,
    'raster-hue-rotate': dark ? 180 : 0,
    'raster-saturation': dark ? -0.4 : -0.2,
  }
}

function paint(map: Chart, { line, dark }: Ink): void {
  if (!map.isStyleLoaded()) return
  for (const [name, value] of Object.entries(night(dark))) {
    map.setPaintProperty('tiles', name as 'raster-saturation', value)
  }
  map.setPaintProperty('zones', 'line-color', line)
  map.setPaintProperty('about', 'fill-color', line)
  map.setPaintProperty('about-line', 'line-color', line)
  map.setPaintProperty('here', 'circle-color', line)
  map.setPaintProperty('here', 'circle-stroke-color', line)
}

function draw(map: Chart, position: PositionView, zones: readonly ZoneView[], old: boolean): void {
  const shown = drawn(position, zones, old)
  map.getSource<GeoJSONSource>('zones')?.setData(shown.zones)
  map.getSource<GeoJSONSource>('about')?.setData(shown.about)
  map.getSource<GeoJSONSource>('here')?.setData(shown.here)
}
