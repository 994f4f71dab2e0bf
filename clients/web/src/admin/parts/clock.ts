// Times of day as people write them: `21:00`, `21.00`, `2100` and `21` are the same.

/** `21:00`; nothing for what is no time. `24:00` is the end of a day, where one may be. */
export function clockIn(written: string, endOfDay = false): string | null {
  const found = /^(\d{1,2})(?:[:.]?(\d{2}))?$/.exec(written.trim())
  if (!found) return null
  const [hours, minutes] = [Number(found[1]), Number(found[2] ?? 0)]
  const last = hours === 24 && minutes === 0 && endOfDay
  if ((hours > 23 && !last) || minutes > 59) return null
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
}
