// A moment as it is said on a page that is read today: the time, and the day where it is another.
import { dayAndTime, dayOf, timeOfDay } from '../../shell/clock'

export function when(at: string, now: number, language: string): string {
  const moment = Date.parse(at)
  return dayOf(moment) === dayOf(now) ? timeOfDay(moment, language) : dayAndTime(moment, language)
}
