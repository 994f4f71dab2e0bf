// Where one's own small picture stands: in one of four corners, so that it never hides a face for long.

export type Corner = 'top_left' | 'top_right' | 'bottom_left' | 'bottom_right'

const ROUND: readonly Corner[] = ['top_right', 'bottom_right', 'bottom_left', 'top_left']

/** A tap moves it on to the next. */
export function nextCorner(corner: Corner): Corner {
  return ROUND[(ROUND.indexOf(corner) + 1) % ROUND.length] ?? 'top_right'
}

export function cornerBeside(corner: Corner, key: string): Corner {
  const [vertical, horizontal] = corner.split('_') as ['top' | 'bottom', 'left' | 'right']
  switch (key) {
    case 'ArrowUp':
      return `top_${horizontal}`
    case 'ArrowDown':
      return `bottom_${horizontal}`
    case 'ArrowLeft':
      return `${vertical}_left`
    case 'ArrowRight':
      return `${vertical}_right`
    default:
      return corner
  }
}

/** Where it is let go, as parts of the room's width and height. */
export function cornerAt(x: number, y: number): Corner {
  return `${y < 0.5 ? 'top' : 'bottom'}_${x < 0.5 ? 'left' : 'right'}`
}
