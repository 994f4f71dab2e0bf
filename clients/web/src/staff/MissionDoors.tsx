// The doors that one may open for a mission: asked, open or not, and never taken for open before the lock has said so.
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { useOpening } from '../shell/useOpening'
import type { MissionView } from '../wire/types'

export function MissionDoors({ mission }: { mission: MissionView }) {
  const { t } = useTranslation()
  const { opening, sentence, open } = useOpening({ mission: mission.id }, timeOfDay)
  if (mission.locks.length === 0) return null
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
