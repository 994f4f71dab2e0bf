// Lists whose order means something: moved, removed and added to without changing what was there.

export function moved<T>(items: readonly T[], from: number, by: -1 | 1): T[] {
  const to = from + by
  const found = [...items]
  const [one] = found.splice(from, 1)
  if (one === undefined || to < 0 || to >= items.length) return [...items]
  found.splice(to, 0, one)
  return found
}

export function without<T>(items: readonly T[], at: number): T[] {
  return items.filter((_, number) => number !== at)
}

export function replaced<T>(items: readonly T[], at: number, one: T): T[] {
  return items.map((item, number) => (number === at ? one : item))
}

/** `word-1`, or the first number after it that nobody has. */
export function freshId(word: string, taken: readonly string[]): string {
  let number = taken.length + 1
  while (taken.includes(`${word}-${number}`)) number += 1
  return `${word}-${number}`
}
