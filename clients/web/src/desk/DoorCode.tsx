// The code at the door: there only while the key or the button is held, and each showing is logged.
import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import type { DoorCode as DoorCodeMessage } from '../wire/types'

interface Props {
  resident: string
  on: string
  /** True while D is held. */
  keyHeld: boolean
}

export function DoorCode({ resident, on, keyHeld }: Props) {
  const { t } = useTranslation()
  const [pressed, setPressed] = useState(false)
  const [code, setCode] = useState<string | 'failed' | null>(null)
  const held = keyHeld || pressed
  useEffect(() => {
    setCode(null)
    if (!held) return
    const leaving = new AbortController()
    const path = `/api/v1/residents/${encodeURIComponent(resident)}/door-code?case=${encodeURIComponent(on)}`
    ask<DoorCodeMessage>(path, { signal: leaving.signal })
      .then((answer) => setCode(answer.door_code))
      .catch(() => {
        if (!leaving.signal.aborted) setCode('failed')
      })
    return () => leaving.abort()
  }, [held, resident, on])
  const word = !held
    ? t('person.door_code_show')
    : code === null
      ? t('person.door_code_wait')
      : code === 'failed'
        ? t('person.door_code_failed')
        : code
  return (
    <Button className="act door-code" onPressStart={() => setPressed(true)} onPressEnd={() => setPressed(false)}>
      {t('person.door_code')}: <strong aria-live="polite">{word}</strong>{' '}
      <span className="key" aria-hidden="true">
        D
      </span>
    </Button>
  )
}
