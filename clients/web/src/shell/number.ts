// A telephone number as people write it, from the URI that devices are given (RFC 3966 `tel:`, SCAIP's `gsm:`).

/** `gsm:+46313900600` is "031-390 06 00". Other URIs are shown without their scheme, other text as it is. */
export function spokenNumber(uri: string): string {
  const number = uri.replace(/^(tel|gsm|sips?):/, '').replace(/;.*$/, '')
  const swedish = /^\+46(\d{9})$/.exec(number)
  if (!swedish) return number
  return `0${swedish[1]}`.replace(/^(\d{3})(\d{3})(\d{2})(\d{2})$/, '$1-$2 $3 $4')
}
