// The worker's page: today's visits, a new one, and the visit itself, for one thumb and a weak line.
import './staff.css'
import './meeting.css'
import './mission.css'
import { useContext, useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { machineClock } from '../shell/clock'
import { NowContext } from '../shell/now'
import { Switches } from '../shell/Switches'
import { useStore } from '../shell/store'
import { useScene, useVisits } from '../shell/useVisits'
import type { Visits } from '../visit/client'
import type { SessionView } from '../wire/types'
import { Gone, Refused } from './After'
import { Missions } from './Missions'
import { type MissionLine, openMissions } from './missionLine'
import { isOffered } from './missions'
import { NewVisit } from './NewVisit'
import { Today } from './Today'
import { VisitScreen } from './VisitScreen'

export function StaffPage({ session }: { session: SessionView }) {
  const visits = useVisits('staff')
  const missions = useMissions(session)
  return visits && <Staff visits={visits} missions={missions} session={session} />
}

/** Missions are for those who go: a planner has none. */
function useMissions(session: SessionView): MissionLine | null {
  const now = useContext(NowContext)
  const [missions, setMissions] = useState<MissionLine | null>(null)
  const { person, role } = session
  useEffect(() => {
    if (person === null || role !== 'worker') return
    const opened = openMissions(person, machineClock, now)
    setMissions(opened)
    return () => opened.end()
  }, [person, role, now])
  return missions
}

type Tab = 'today' | 'missions' | 'new' | 'me'

interface StaffProps {
  visits: Visits
  missions: MissionLine | null
  session: SessionView
}

function Staff({ visits, missions, session }: StaffProps) {
  const { t } = useTranslation()
  const scene = useScene(visits)
  const [tab, setTab] = useState<Tab>('today')
  const offered = useOffered(missions)
  const refused = useStore(visits.meet, (meet) => meet.refused)
  useEffect(() => {
    document.title = `${offered > 0 ? t('mission.you_have') : t('staff.title')} – ${t('app.name')}`
  }, [t, offered])
  // Somebody waits: the mission fills the screen, unless one is in the middle of writing something else.
  useEffect(() => {
    if (offered > 0) setTab((before) => (before === 'new' ? before : 'missions'))
  }, [offered])
  // Whoever has called somebody comes back to the day.
  useEffect(() => {
    if (scene.name !== 'rest') setTab('today')
  }, [scene.name])
  if (scene.name === 'gone') return <Gone visits={visits} visit={scene.gone.visit} />
  if (scene.name !== 'rest' && scene.name !== 'ringing_in') return <VisitScreen visits={visits} scene={scene} />
  return (
    <div className="staff">
      <Offline visits={visits} />
      {refused && <Refused visits={visits} refused={refused} />}
      {tab === 'today' && <Today visits={visits} me={session.person} begin={() => setTab('new')} />}
      {tab === 'new' && <NewVisit visits={visits} back={() => setTab('today')} />}
      {tab === 'missions' && missions && <Missions missions={missions} />}
      {tab === 'me' && <Me session={session} />}
      <div className="unseen" role="status">
        {offered > 0 && t('mission.you_have')}
      </div>
      <nav className="staff-bar" aria-label={t('staff.nav')}>
        {(missions ? (['today', 'missions', 'me'] as const) : (['today', 'me'] as const)).map((one) => (
          <Button
            key={one}
            className="staff-tab"
            aria-current={tab === one || (one === 'today' && tab === 'new') ? 'page' : 'false'}
            data-new={(one === 'missions' && offered > 0) || undefined}
            onPress={() => setTab(one)}
          >
            {one === 'missions' && offered > 0 ? t('staff.missions_new', { count: offered }) : t(`staff.${one}`)}
          </Button>
        ))}
      </nav>
    </div>
  )
}

/** How many missions wait for an answer, one's own or one's unit's. */
function useOffered(missions: MissionLine | null): number {
  const [offered, setOffered] = useState(0)
  useEffect(() => {
    if (!missions) return
    const count = () => setOffered((missions.store.get().items ?? []).filter(isOffered).length)
    count()
    return missions.store.subscribe(count)
  }, [missions])
  return offered
}

export function Offline({ visits }: { visits: Visits }) {
  const { t } = useTranslation()
  const line = useStore(visits.meet, (meet) => meet.line)
  const joined = line.heardAt !== null
  return (
    <div role="status">
      {!line.live && (
        <p className="staff-strip" data-tone={joined || line.attempts > 1 ? 'warning' : 'calm'}>
          {joined || line.attempts > 1 ? t('staff.offline') : t('staff.joining')}
        </p>
      )}
    </div>
  )
}

function Me({ session }: { session: SessionView }) {
  const { t } = useTranslation()
  const role = session.role ? t(`role.${session.role}`) : ''
  return (
    <main className="staff-room">
      <h1>{session.name}</h1>
      <p className="staff-role">{role}</p>
      {session.role === 'planner' && (
        <p>
          <a href="/admin">{t('planning.office')}</a>
        </p>
      )}
      <div className="staff-switches">
        <Switches leave />
      </div>
    </main>
  )
}
