// What the page remembers in this browser. A browser that refuses storage only forgets; it never breaks the page.

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`nattljus.${key}`)
  } catch {
    return null
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`nattljus.${key}`)
    else localStorage.setItem(`nattljus.${key}`, value)
  } catch {
    // Private windows may refuse; what was asked still holds until the page is left.
  }
}
