// Hours of the week as sentences: on which days, from when until when.
import type { TFunction } from 'i18next'
import type { Day, HoursBody } from '../../wire/types'

export const DAYS: readonly Day[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
  'holiday',
]

export const ALL_HOURS: HoursBody = { days: [], starts: '00:00', ends: '24:00' }

/** Days next to each other as a span: `monday–friday`, `saturday`. */
export function spansOf(days: readonly Day[]): [Day, Day][] {
  const spans: [Day, Day][] = []
  let from: Day | null = null
  let last: Day | null = null
  for (const day of DAYS) {
    if (!days.includes(day)) continue
    const next = last !== null && DAYS.indexOf(last) + 1 === DAYS.indexOf(day) && day !== 'holiday'
    if (!next) {
      if (from && last) spans.push([from, last])
      from = day
    }
    last = day
  }
  if (from && last) spans.push([from, last])
  return spans
}

/** `måndag–fredag 21:00–07:00`. */
export function hoursSentence(hours: HoursBody, t: TFunction): string {
  const days = spansOf(hours.days).map(([from, to]) =>
    from === to ? t(`planning.day.${from}`) : `${t(`planning.day.${from}`)}–${t(`planning.day.${to}`)}`,
  )
  const when = days.length > 0 ? days.join(', ') : t('planning.every_day')
  const whole = hours.starts === '00:00' && hours.ends === '24:00'
  return whole ? when : `${when} ${hours.starts}–${hours.ends}`
}

/** All of them, or every hour where there are none. */
export function allHours(some: readonly HoursBody[], t: TFunction): string {
  return some.length === 0 ? t('planning.always') : some.map((one) => hoursSentence(one, t)).join('; ')
}
