// The missions: what one has fills the screen; else what is offered, one large thing to answer; else a list.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { useStore } from '../shell/store'
import type sv from '../text/sv.json'
import type { MissionView } from '../wire/types'
import { MissionScreen } from './MissionScreen'
import type { MissionLine } from './missionLine'
import { firstOf, isOpen } from './missions'

export function Missions({ missions }: { missions: MissionLine }) {
  const state = useStore(missions.store, (all) => all)
  const [chosen, setChosen] = useState<string | null>(null)
  const items = state.items ?? []
  const picked = chosen === null ? undefined : items.find((one) => one.id === chosen && isOpen(one))
  const shown = picked ?? (chosen === 'list' ? undefined : firstOf(items))
  return (
    <main className="mission-room">
      <Strips missions={missions} />
      {shown ? (
        <MissionScreen
          key={shown.id}
          mission={shown}
          receipts={state.receipts}
          missions={missions}
          others={items.filter(isOpen).length > 1 ? () => setChosen('list') : null}
        />
      ) : (
        <List items={items} known={state.items !== null} choose={setChosen} />
      )}
    </main>
  )
}

/** What the page cannot promise, and what still waits to be sent. */
function Strips({ missions }: { missions: MissionLine }) {
  const { t } = useTranslation()
  const { line, receipts, failures, refused } = useStore(missions.store, (all) => all)
  const waits = receipts.length > 0 && (failures > 0 || !line.live)
  const old = !line.live && (line.heardAt !== null || line.attempts > 1)
  return (
    <div className="mission-strips">
      <div role="status">
        {old && (
          <p className="staff-strip" data-tone="warning">
            {t('mission.old')}
          </p>
        )}
        {waits && (
          <p className="staff-strip" data-tone="warning" data-waits={receipts.length}>
            {t('mission.waits', { count: receipts.length })}
          </p>
        )}
      </div>
      {refused && (
        <div className="staff-strip" data-tone="warning" role="alert">
          <p>
            {t(`mission.refused.${refusalOf(refused.code)}`)}{' '}
            {refusalOf(refused.code) === 'unknown' && <small>({refused.code})</small>}
          </p>
          <Button className="staff-act" onPress={missions.dismiss}>
            {t('mission.ok')}
          </Button>
        </div>
      )}
    </div>
  )
}

type Refusal = keyof (typeof sv)['mission']['refused']
const KNOWN: readonly Refusal[] = ['mission_taken', 'mission_over', 'wrong_tag', 'steps_left', 'not_yours']

function refusalOf(code: string): Refusal {
  return KNOWN.find((one) => one === code) ?? 'unknown'
}

interface ListProps {
  items: readonly MissionView[]
  known: boolean
  choose(id: string): void
}

function List({ items, known, choose }: ListProps) {
  const { t } = useTranslation()
  const open = items.filter(isOpen)
  const over = items.filter((one) => !isOpen(one))
  return (
    <div className="mission-list">
      <h1>{t('staff.missions')}</h1>
      {!known && <p className="calm">{t('mission.wait')}</p>}
      {known && open.length === 0 && <p className="staff-none">{t('mission.none')}</p>}
      <ul>
        {open.map((one) => (
          <li key={one.id}>
            <Button
              className="mission-row"
              data-offered={one.state === 'sent' || undefined}
              onPress={() => choose(one.id)}
            >
              <Brief mission={one} />
            </Button>
          </li>
        ))}
      </ul>
      {over.length > 0 && <h2>{t('mission.lately')}</h2>}
      <ul>
        {over.map((one) => (
          <li key={one.id} className="mission-row" data-over="true">
            <Brief mission={one} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Brief({ mission }: { mission: MissionView }) {
  const { t, i18n } = useTranslation()
  const state = mission.responder !== null && !mission.mine && isOpen(mission)
  return (
    <>
      <strong>{t(`reason.${mission.reason}`)}</strong>
      <span className="calm">
        {timeOfDay(Date.parse(mission.sent_at), i18n.language)} ·{' '}
        {[mission.town, mission.area].filter(Boolean).join(', ')}
      </span>
      <span className="mission-state">
        {state ? t('mission.goes', { name: mission.responder_name ?? '' }) : t(`mission.state.${mission.state}`)}
      </span>
    </>
  )
}
