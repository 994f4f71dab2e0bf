// What a resident's page keeps in the device itself: presses not yet confirmed, and whom to call when nothing answers.
import { remember, remembered } from '../shell/memory'
import type { Unsent } from './press'

/** Each device has its own: another resident's screen must never send this one's alarm. */
export function keepUnsent(device: string, unsent: readonly Unsent[]): void {
  remember(`home.unsent.${device}`, unsent.length > 0 ? JSON.stringify(unsent) : null)
}

export function keptUnsent(device: string): Unsent[] {
  return readUnsent(remembered(`home.unsent.${device}`))
}

/** Whatever can be read of what was kept; a broken part never costs the rest. */
export function readUnsent(text: string | null): Unsent[] {
  try {
    const found: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(found) ? found.filter(isUnsent) : []
  } catch {
    return []
  }
}

function isUnsent(value: unknown): value is Unsent {
  if (typeof value !== 'object' || value === null) return false
  const { id, time } = value as Partial<Unsent>
  return typeof id === 'string' && typeof time === 'string'
}

/** Which device this screen is, for a start while the hub is away. */
export function keepDevice(device: string): void {
  remember('home.device', device)
}

export function keptDevice(): string | null {
  return remembered('home.device')
}

export function keepNumber(number: string): void {
  if (number) remember('home.number', number)
}

export function keptNumber(): string {
  return remembered('home.number') ?? ''
}
