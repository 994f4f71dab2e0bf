// The areas of this one application, by the first word of a page's address.
export const AREAS = ['desk', 'home', 'staff', 'board', 'admin', 'devices'] as const

export type Page = (typeof AREAS)[number] | 'demo'

export function pageOf(path: string): Page {
  const first = path.split('/')[1]
  return AREAS.find((area) => area === first) ?? 'demo'
}
