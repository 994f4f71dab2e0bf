// A form for something new: what is missing is said when it is sent, and what the hub refuses when it has.
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import { Foot } from '../parts/Foot'
import { useFirst } from '../parts/focus'
import { faultSentence } from '../parts/refusals'
import { useUnsaved } from '../parts/useHeld'

interface Props<Made> {
  label: string
  enter: string
  path: string
  /** What is sent; nothing as long as something is missing. */
  body: object | null
  /** Whether anything has been written that must not be lost. */
  written: boolean
  entered: (made: Made) => void
  close: () => void
  /** The fields; `tried` once it has been sent, so that what is missing is said. */
  children: (tried: boolean) => ReactNode
}

export function NewOne<Made>({ label, enter, path, body, written, entered, close, children }: Props<Made>) {
  const { t } = useTranslation()
  const form = useFirst()
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  useUnsaved(written)
  const send = async () => {
    setTried(true)
    setRefused(null)
    if (body === null) return
    try {
      entered(await ask<Made>(path, { method: 'POST', body }))
    } catch (error) {
      setRefused(error instanceof Problem ? error.code : 'unknown')
    }
  }
  return (
    <form
      ref={form}
      className="inner"
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <h3>{label}</h3>
      {children(tried)}
      <Foot send={enter} close={close} refused={refused && faultSentence(refused, t)} />
    </form>
  )
}
