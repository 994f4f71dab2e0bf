// Nobody answers at the door: what must be gone through, each done or with a reason why not, before one may go.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { AtDoorView, SkipReason } from '../wire/types'
import type { ScreenProps } from './MissionScreen'

const WHY: readonly SkipReason[] = ['not_possible', 'nobody_there', 'not_needed']

export function DoorPlan({ mission, receipts, missions }: ScreenProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<string | null>(null)
  const waiting = (one: AtDoorView) =>
    receipts.find((sent) => sent.mission === mission.id && sent.act === 'door-step' && sent.more.step === one.step)
  const left = mission.door.filter((one) => one.at === null && !waiting(one)).length
  const say = (step: string, skipped?: SkipReason) => {
    missions.say(mission.id, 'door-step', skipped ? { step, skipped } : { step })
    setAsking(null)
  }
  return (
    <section className="mission-door" aria-labelledby="door-title">
      <h2 id="door-title">{t('mission.door_title')}</h2>
      <p>{t('mission.door_how')}</p>
      <ol>
        {mission.door.map((one) => {
          const word = t(`mission.door.${one.step}`)
          const sent = waiting(one)
          const over = one.at !== null || sent !== undefined
          const skipped = one.skipped ?? (sent?.more.skipped as SkipReason | undefined)
          return (
            <li key={one.step} data-done={over && !skipped ? 'true' : undefined}>
              <span>
                {word}
                {over && <strong> · {skipped ? t(`mission.skipped.${skipped}`) : t('mission.tick')}</strong>}
              </span>
              {!over && (
                <span className="mission-pair">
                  <Button
                    className="staff-act"
                    aria-label={t('mission.tick_of', { step: word })}
                    onPress={() => say(one.step)}
                  >
                    {t('mission.tick')}
                  </Button>
                  <Button
                    className="staff-act"
                    aria-label={t('mission.skip_of', { step: word })}
                    aria-expanded={asking === one.step}
                    onPress={() => setAsking(asking === one.step ? null : one.step)}
                  >
                    {t('mission.skip')}
                  </Button>
                </span>
              )}
              {asking === one.step && !over && (
                <span className="mission-why">
                  {WHY.map((why) => (
                    <Button key={why} className="staff-act" onPress={() => say(one.step, why)}>
                      {t(`mission.skipped.${why}`)}
                    </Button>
                  ))}
                </span>
              )}
            </li>
          )
        })}
      </ol>
      <Button className="staff-act" onPress={() => missions.say(mission.id, 'got-in')}>
        {t('mission.got_in')}
      </Button>
      <Button className="staff-big" isDisabled={left > 0} onPress={() => missions.say(mission.id, 'done')}>
        {t('mission.done')}
      </Button>
      <p role="status">{left > 0 && t('mission.door_left', { count: left })}</p>
    </section>
  )
}
