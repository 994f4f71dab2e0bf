// The doors that one may open for a mission: asked, open or not, and never taken for open before the lock has said so.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { commandFor, failureOf, type Opening, openDoor } from '../shell/door'
import type { MissionView } from '../wire/types'

export function MissionDoors({ mission }: { mission: MissionView }) {
  const { t, i18n } = useTranslation()
  const [opening, setOpening] = useState<Opening | null>(null)
  const open = async (lock: string) => {
    if (opening?.state === 'asking') return
    const command = commandFor(opening, lock, crypto.randomUUID())
    setOpening({ state: 'asking', lock, command })
    setOpening(await openDoor(lock, { mission: mission.id }, command))
  }
  if (mission.locks.length === 0) return null
  const sentence =
    opening === null
      ? ''
      : opening.state === 'asking'
        ? t('lock.asking')
        : opening.state === 'opened'
          ? t('lock.opened', { time: timeOfDay(Date.parse(opening.at), i18n.language) })
          : t(`lock.failed.${failureOf(opening.code)}`)
  return (
    <div className="mission-doors">
      {mission.locks.map((lock) => (
        <Button
          key={lock.id}
          className="staff-act"
          isDisabled={opening?.state === 'asking'}
          onPress={() => void open(lock.id)}
        >
          {mission.locks.length === 1 ? t('mission.open') : t('lock.open_one', { door: lock.door || t('lock.front') })}
        </Button>
      ))}
      <p className="mission-said" role="status" data-how={opening?.state}>
        {sentence}
      </p>
    </div>
  )
}
