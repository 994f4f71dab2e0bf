// The only place in the pages that reads time. Models get it as an argument; tests give their own.

/** `mono` never jumps and counts ms from some start; `wall` is ms since 1970 as this machine believes it. */
export interface Clock {
  mono(): number
  wall(): number
}

export const machineClock: Clock = {
  mono: () => performance.now(),
  wall: () => Date.now(),
}

const STOCKHOLM = 'Europe/Stockholm'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  let made = formats.get(key)
  if (!made) {
    made = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', { timeZone: STOCKHOLM, ...options })
    formats.set(key, made)
  }
  return made
}

/** `14:02`, in Stockholm wherever the page is. */
export function timeOfDay(at: number, language: string): string {
  return format(language, 'minute', { hour: '2-digit', minute: '2-digit' }).format(at)
}

/** `14:02:31`, for logs of what happened. */
export function timeWithSeconds(at: number, language: string): string {
  return format(language, 'second', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at)
}

/** `söndag`. */
export function weekday(at: number, language: string): string {
  return format(language, 'weekday', { weekday: 'long' }).format(at)
}

/** `sön`. */
export function weekdayShort(at: number, language: string): string {
  return format(language, 'weekday_short', { weekday: 'short' }).format(at)
}

/** `22`. */
export function dayOfMonth(at: number, language: string): string {
  return format(language, 'day_number', { day: 'numeric' }).format(at)
}

/** `22 november`. */
export function dayAndMonth(at: number, language: string): string {
  return format(language, 'day', { day: 'numeric', month: 'long' }).format(at)
}

/** `22 nov. 2026 14:02`, for what lies further back. */
export function dayAndTime(at: number, language: string): string {
  return format(language, 'both', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at)
}

/** `2026-01-15`: the day in Stockholm, as questions about days are asked. */
export function dayOf(at: number): string {
  return format('sv', 'date', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

/** `0:07`, `4:31`, `1:02:09`: how long something has waited, from ms. Never below zero. */
export function running(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** Which part of the day it is in Stockholm: the desk is dark by default from 20 to 07. */
export function isNight(at: number): boolean {
  const hour = Number(format('sv', 'hour', { hour: '2-digit', hourCycle: 'h23' }).format(at))
  return hour >= 20 || hour < 7
}
