// Which document a page is about: `?id=…`, `?new`, or none of them.

export type Chosen = { is: 'none' } | { is: 'new' } | { is: 'one'; id: string }

export function chosenIn(search: string): Chosen {
  const said = new URLSearchParams(search)
  const id = said.get('id')
  if (id) return { is: 'one', id }
  return said.has('new') ? { is: 'new' } : { is: 'none' }
}

/** An id for what is new; nobody else's, so that it needs no asking. */
export function newId(word: string): string {
  return `${word}-${crypto.randomUUID()}`
}
