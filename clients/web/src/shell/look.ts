// Light or dark: as the system says, dark by default on the desk at night, or as somebody has chosen here.
import { isNight } from './clock'
import { remember, remembered } from './memory'
import type { Page } from './pages'

export type Look = 'light' | 'dark' | 'system'

export function chosenLook(): Look | null {
  const kept = remembered('look')
  return kept === 'light' || kept === 'dark' || kept === 'system' ? kept : null
}

export function lookFor(page: Page, chosen: Look | null, now: number): Look {
  if (chosen) return chosen
  return (page === 'desk' || page === 'board') && isNight(now) ? 'dark' : 'system'
}

export function showLook(look: Look): void {
  document.documentElement.dataset.look = look
}

/** Whether dark is what is on screen now. */
export function isDark(): boolean {
  const look = document.documentElement.dataset.look
  if (look === 'dark' || look === 'light') return look === 'dark'
  return matchMedia('(prefers-color-scheme: dark)').matches
}

export function chooseLook(look: Look): void {
  remember('look', look)
  showLook(look)
}
