// A door's button: pressed, asked, and what the lock says, in words.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { commandFor, failureOf, type Opening, openDoor, type Purpose } from './door'

type Pressed = {
  opening: Opening | null
  /** What to say of it; nothing before anybody has asked. */
  sentence: string
  open: (lock: string) => Promise<void>
  forget: () => void
}

/** `timeOf` writes the moment at which the lock opened, in a language. */
export function useOpening(purpose: Purpose, timeOf: (at: number, language: string) => string): Pressed {
  const { t, i18n } = useTranslation()
  const [opening, setOpening] = useState<Opening | null>(null)
  const open = async (lock: string) => {
    if (opening?.state === 'asking') return
    const command = commandFor(opening, lock, crypto.randomUUID())
    setOpening({ state: 'asking', lock, command })
    setOpening(await openDoor(lock, purpose, command))
  }
  const sentence =
    opening === null
      ? ''
      : opening.state === 'asking'
        ? t('lock.asking')
        : opening.state === 'opened'
          ? t('lock.opened', { time: timeOf(Date.parse(opening.at), i18n.language) })
          : t(`lock.failed.${failureOf(opening.code)}`)
  return { opening, sentence, open, forget: () => setOpening(null) }
}
