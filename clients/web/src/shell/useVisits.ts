// A page's visits while the page is open, and what of them is on screen.
import { useContext, useEffect, useState } from 'react'
import { openVisits, type Visits } from '../visit/client'
import type { Side } from '../visit/meet'
import { type Scene, sceneOf } from '../visit/scene'
import { machineClock } from './clock'
import { NowContext } from './now'
import { useStore } from './store'

export function useVisits(side: Side): Visits | null {
  const now = useContext(NowContext)
  const [visits, setVisits] = useState<Visits | null>(null)
  useEffect(() => {
    const opened = openVisits(side, machineClock, now)
    setVisits(opened)
    return () => opened.end()
  }, [side, now])
  return visits
}

export function useScene(visits: Visits): Scene {
  const meet = useStore(visits.meet, (state) => state)
  const media = useStore(visits.media, (state) => state)
  return sceneOf(meet, media)
}
