// Listens to the keyboard for the whole desk. What a key means is decided in `keys`.
import { useEffect, useRef } from 'react'
import { actOf, type KeyAct, placeOf } from './keys'

export function useKeys(handle: (act: KeyAct, down: boolean) => boolean): void {
  const latest = useRef(handle)
  latest.current = handle
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      // An open dialog has the keyboard to itself.
      if (document.querySelector('[role="dialog"]')) return
      const { key, ctrlKey: ctrl, metaKey: meta, altKey: alt, repeat } = event
      const act = actOf({ key, ctrl, meta, alt, repeat, place: placeOf(event.target) })
      if (act && latest.current(act, true)) event.preventDefault()
    }
    const up = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'd') latest.current('door_code', false)
    }
    const away = () => latest.current('door_code', false)
    // Before the fields get it: they keep what they hear to themselves, also Esc.
    document.addEventListener('keydown', down, true)
    document.addEventListener('keyup', up, true)
    window.addEventListener('blur', away)
    return () => {
      document.removeEventListener('keydown', down, true)
      document.removeEventListener('keyup', up, true)
      window.removeEventListener('blur', away)
    }
  }, [])
}
