// Where devices reach us, as it is told to a vendor.
import type { TFunction } from 'i18next'

const LOOPBACK = /^(127\.|localhost$|\[::1\]$)/
const EVERYWHERE = new Set(['0.0.0.0', '[::]'])

/** The whole address; what begins with a slash comes after the platform's own. */
export function whole(address: string, publicUrl: string, origin: string): string {
  return address.startsWith('/') ? `${publicUrl.replace(/\/$/, '') || origin}${address}` : address
}

/** What must be said about an address besides: only this machine hears it, or every network of the machine does. */
export function reachOf(address: string, t: TFunction): string | null {
  const host = /^[a-z]+:(?:\/\/)?(\[[^\]]*\]|[^:/]*)/.exec(address)?.[1] ?? ''
  if (LOOPBACK.test(host)) return t('integrations.loopback')
  return EVERYWHERE.has(host) ? t('integrations.everywhere') : null
}
