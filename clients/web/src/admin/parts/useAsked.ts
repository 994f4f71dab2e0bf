// Which alarm a page is tried with; kept while one goes from page to page, forgotten with the tab.
import { useState } from 'react'
import { machineClock } from '../../shell/clock'
import { type Asked, christmasEve, REASONS } from '../foresee'
import { wallOf } from './swedish'

const KEY = 'nattljus.tried'

function kept(): Asked | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Asked | null
    return found && REASONS[found.kind]?.includes(found.reason) && found.day && found.time ? found : null
  } catch {
    return null
  }
}

/** `now`: today at this hour, where nobody has asked about anything else; else the coming Christmas Eve. */
export function useAsked(now = false): [Asked, (part: Partial<Asked>) => void] {
  const [asked, setAsked] = useState<Asked>(() => {
    const at = machineClock.wall()
    const [day = '', time = ''] = wallOf(at).split('T')
    return kept() ?? { kind: 'person', reason: 'pressed', ...(now ? { day, time } : christmasEve(at)) }
  })
  const change = (part: Partial<Asked>) => {
    const next = { ...asked, ...part }
    if (!next.day || !next.time) return
    setAsked(next)
    try {
      sessionStorage.setItem(KEY, JSON.stringify(next))
    } catch {
      // Private windows may refuse; the page goes on.
    }
  }
  return [asked, change]
}
