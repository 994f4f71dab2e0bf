// Swedish wall time, as it is written in fields, and the moments it stands for.
const PLACE = 'Europe/Stockholm'
const MINUTE = 60_000

const shown = new Intl.DateTimeFormat('sv-SE', {
  timeZone: PLACE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** `2026-12-24T03:10`, what clocks in Sweden show then. */
export function wallOf(moment: string | number): string {
  const at = typeof moment === 'number' ? moment : Date.parse(moment)
  return shown.format(at).replace(' ', 'T')
}

/** The first moment at which clocks in Sweden show this or later, as the hub reckons; nothing for what is no time. */
export function momentOf(wall: string): string | null {
  const naive = Date.parse(`${wall}Z`)
  if (Number.isNaN(naive)) return null
  // Sweden is one or two hours ahead: the earlier moment is the one in summer time.
  for (const ahead of [120, 60]) {
    const at = naive - ahead * MINUTE
    if (wallOf(at) === wall.slice(0, 16)) return new Date(at).toISOString()
  }
  // The hour that a spring night lacks: clocks go from two to three.
  const skipped = new Date(naive - 60 * MINUTE)
  skipped.setUTCMinutes(0, 0, 0)
  return skipped.toISOString()
}

/** That day and hour, so many days later, without caring for clocks that change. */
export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** `07:00` from minutes past midnight; the end of a day is `24:00`. */
export function clockOf(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
