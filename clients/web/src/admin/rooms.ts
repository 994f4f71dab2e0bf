// The rooms of the municipality's page, by the second word of its address.
export const ROOMS = ['try', 'plans', 'routes', 'rotas', 'steps', 'contacts', 'reserve', 'integrations'] as const
export type Room = (typeof ROOMS)[number]

/** Rooms that only a principal's administrator has. */
export const ADMINISTRATORS: ReadonlySet<Room> = new Set<Room>(['reserve', 'integrations'])

export function roomOf(path: string): Room {
  const second = path.split('/')[2]
  return ROOMS.find((room) => room === second) ?? 'try'
}
