// Which visit this tab is in: remembered by the tab itself, so that a page that is loaded again goes on with it.

const key = (side: string) => `nattljus.visit.${side}`

export function keptVisit(side: string): string | null {
  try {
    return sessionStorage.getItem(key(side))
  } catch {
    return null
  }
}

export function keepVisit(side: string, visit: string | null): void {
  try {
    if (visit === null) sessionStorage.removeItem(key(side))
    else sessionStorage.setItem(key(side), visit)
  } catch {
    // A browser that refuses storage only forgets.
  }
}
