// Whether a hand is among the rows: the pointer has moved there, or arrows have been used, in the last few seconds.
import { useCallback, useEffect, useRef, useState } from 'react'

const RESTS = 4000

export function useHand(): { hand: boolean; moved: () => void; left: () => void } {
  const [hand, setHand] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const left = useCallback(() => {
    clearTimeout(timer.current)
    setHand(false)
  }, [])
  const moved = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(left, RESTS)
    setHand(true)
  }, [left])
  useEffect(() => () => clearTimeout(timer.current), [])
  return { hand, moved, left }
}
