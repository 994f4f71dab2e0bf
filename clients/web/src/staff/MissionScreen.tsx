// One mission on the whole screen: who, where and what above; what can be said now below, under the thumb.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { running, timeOfDay } from '../shell/clock'
import { useNow } from '../shell/now'
import type { ArrivedReason, DeclineReason, MissionView } from '../wire/types'
import { ArrivedForm } from './ArrivedForm'
import { DoorPlan } from './DoorPlan'
import { MissionCard } from './MissionCard'
import { MissionDoors } from './MissionDoors'
import type { MissionLine } from './missionLine'
import { type Receipt, spoken } from './missions'

const REASONS: readonly DeclineReason[] = ['busy', 'too_far', 'not_on_duty', 'unsafe_alone', 'other']

export interface ScreenProps {
  mission: MissionView
  receipts: readonly Receipt[]
  missions: MissionLine
  /** Back to the list, when there are more. */
  others: (() => void) | null
}

export function MissionScreen(props: ScreenProps) {
  const { mission, receipts, others } = props
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'decline' | 'arrived' | null>(null)
  const state = spoken(mission, receipts)
  const going = mission.mine && mission.ended_at === null
  return (
    <article className="mission" aria-labelledby="mission-title" data-state={state}>
      <div className="mission-words">
        <Head mission={mission} />
        {going && asking === null && state === 'no_answer' && <DoorPlan {...props} />}
        {going && asking === null && <MissionCard mission={mission} />}
        {going && mission.note && <p className="mission-note">{t('mission.note', { text: mission.note })}</p>}
        {going && asking === 'arrived' && (
          <ArrivedForm
            tag={(tag) => {
              props.missions.say(mission.id, 'arrived', { tag })
              setAsking(null)
            }}
            stated={(reason: ArrivedReason) => {
              props.missions.say(mission.id, 'arrived', { reason })
              setAsking(null)
            }}
          />
        )}
        {asking === 'decline' && (
          <Decline
            choose={(reason) => {
              props.missions.say(mission.id, 'decline', { reason })
              setAsking(null)
            }}
          />
        )}
      </div>
      <div className="staff-acts">
        {going && <MissionDoors mission={mission} />}
        {asking === null ? (
          <Acts {...props} state={state} ask={setAsking} />
        ) : (
          <Button className="staff-act" onPress={() => setAsking(null)}>
            {t('mission.back')}
          </Button>
        )}
        {asking === null && others && (
          <Button className="staff-act" onPress={others}>
            {t('mission.all')}
          </Button>
        )}
      </div>
    </article>
  )
}

function Head({ mission }: { mission: MissionView }) {
  const { t, i18n } = useTranslation()
  const waited = useNow((now) => running(now - Date.parse(mission.raised_at)))
  const due = mission.arrive_by === null ? null : Date.parse(mission.arrive_by)
  const late = useNow((now) => due !== null && now > due)
  const what = t(`reason.${mission.reason}`)
  const time = due === null ? '' : timeOfDay(due, i18n.language)
  return (
    <header className="mission-head">
      <p className="calm">
        {mission.state === 'sent' && t('mission.you_have')}
        {mission.state === 'sent' && ' · '}
        {mission.unit === null ? t('mission.offered') : t('mission.team', { unit: mission.unit_name ?? mission.unit })}
      </p>
      <h1 id="mission-title">{mission.age === null ? what : t('mission.what_age', { what, age: mission.age })}</h1>
      <p className="mission-where">{[mission.town, mission.area].filter(Boolean).join(' · ')}</p>
      <p>
        {t('mission.since')} <strong className="mission-waited">{waited}</strong>
      </p>
      {mission.mine && due !== null && mission.arrived_at === null && (
        <p className="mission-due" data-late={late || undefined}>
          {late ? t('mission.late', { time }) : t('mission.due', { time })}
        </p>
      )}
      {mission.responder !== null && !mission.mine && (
        <p className="mission-goes">{t('mission.goes', { name: mission.responder_name ?? '' })}</p>
      )}
    </header>
  )
}

function Decline({ choose }: { choose(reason: DeclineReason): void }) {
  const { t } = useTranslation()
  return (
    <section className="mission-ask" aria-labelledby="decline-title">
      <h2 id="decline-title">{t('mission.decline_why')}</h2>
      {REASONS.map((reason) => (
        <Button key={reason} className="staff-act" onPress={() => choose(reason)}>
          {t(`mission.reason.${reason}`)}
        </Button>
      ))}
    </section>
  )
}

interface ActsProps extends ScreenProps {
  state: MissionView['state']
  ask(what: 'decline' | 'arrived'): void
}

function Acts({ mission, receipts, missions, state, ask }: ActsProps) {
  const { t } = useTranslation()
  const said = (act: Receipt['act']) => receipts.some((one) => one.mission === mission.id && one.act === act)
  const waiting = said('accept') || said('decline')
  if (mission.state === 'sent') {
    return (
      <>
        <Button className="staff-big" isDisabled={waiting} onPress={() => missions.say(mission.id, 'accept')}>
          {t('mission.accept')}
        </Button>
        <Button className="staff-act" isDisabled={waiting} onPress={() => ask('decline')}>
          {t('mission.decline')}
        </Button>
      </>
    )
  }
  if (!mission.mine) return null
  switch (state) {
    case 'accepted':
    case 'on_the_way':
      return (
        <>
          <Button
            className="staff-big"
            onPress={() => (state === 'accepted' ? missions.say(mission.id, 'on-the-way') : ask('arrived'))}
          >
            {state === 'accepted' ? t('mission.on_the_way') : t('mission.arrived')}
          </Button>
          {/* "No answer" is said at once, so it does not come to stand where a hasty thumb still sees "arrived". */}
          <div className="mission-pair">
            {state === 'accepted' && (
              <Button className="staff-act" onPress={() => ask('arrived')}>
                {t('mission.arrived')}
              </Button>
            )}
            <Button className="staff-act" isDisabled={waiting} onPress={() => ask('decline')}>
              {t('mission.decline_after')}
            </Button>
            {state === 'on_the_way' && (
              <Button className="staff-act" onPress={() => missions.say(mission.id, 'no-answer')}>
                {t('mission.no_answer')}
              </Button>
            )}
          </div>
        </>
      )
    case 'arrived':
      return (
        <>
          <Button className="staff-big" onPress={() => missions.say(mission.id, 'done')}>
            {t('mission.done')}
          </Button>
          <Button className="staff-act" onPress={() => missions.say(mission.id, 'no-answer')}>
            {t('mission.no_answer')}
          </Button>
        </>
      )
    default:
      return null
  }
}
