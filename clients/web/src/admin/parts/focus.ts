// Where the keyboard is when something opens and closes: in its first field, and back on the button that opened it.
import { type RefObject, useEffect, useRef } from 'react'

/** For a form: its first field has the focus as soon as it is there. */
export function useFirst(): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), [])
  return form
}

/** For the button that opens something: it has the focus again when that is closed. */
export function useBack(open: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  const was = useRef(open)
  useEffect(() => {
    if (was.current && !open) button.current?.focus()
    was.current = open
  }, [open])
  return button
}
