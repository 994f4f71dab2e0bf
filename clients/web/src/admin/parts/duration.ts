// Seconds as people say them: in the largest unit that they are a whole number of.

export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const
export type Unit = keyof typeof UNITS
const LARGEST_FIRST = ['days', 'hours', 'minutes', 'seconds'] as const
const PLAIN = 120

/** `90` is 90 seconds, `120` is 120 seconds, `180` is 3 minutes. */
export function inUnits(seconds: number): { count: number; unit: Unit } {
  const unit = seconds <= PLAIN ? 'seconds' : (LARGEST_FIRST.find((one) => seconds % UNITS[one] === 0) ?? 'seconds')
  return { count: seconds / UNITS[unit], unit }
}

/** What is written in a field; nothing when it is no whole number of such units. */
export function seconds(written: string, unit: Unit): number | null {
  if (!/^\d{1,6}$/.test(written.trim())) return null
  return Number(written.trim()) * UNITS[unit]
}
