// The worker's page: today's visits, a new one, and the visit itself, for one thumb and a weak line.
import './staff.css'
import './meeting.css'
import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Switches } from '../shell/Switches'
import { useStore } from '../shell/store'
import { useScene, useVisits } from '../shell/useVisits'
import type { Visits } from '../visit/client'
import type { SessionView } from '../wire/types'
import { Gone, Refused } from './After'
import { NewVisit } from './NewVisit'
import { Today } from './Today'
import { VisitScreen } from './VisitScreen'

export function StaffPage({ session }: { session: SessionView }) {
  const visits = useVisits('staff')
  return visits && <Staff visits={visits} session={session} />
}

type Tab = 'today' | 'new' | 'me'

function Staff({ visits, session }: { visits: Visits; session: SessionView }) {
  const { t } = useTranslation()
  const scene = useScene(visits)
  const [tab, setTab] = useState<Tab>('today')
  const refused = useStore(visits.meet, (meet) => meet.refused)
  useEffect(() => {
    document.title = `${t('staff.title')} – ${t('app.name')}`
  }, [t])
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
      {tab === 'me' && <Me session={session} />}
      <nav className="staff-bar" aria-label={t('staff.nav')}>
        {(['today', 'me'] as const).map((one) => (
          <Button
            key={one}
            className="staff-tab"
            aria-current={tab === one || (one === 'today' && tab === 'new') ? 'page' : 'false'}
            onPress={() => setTab(one)}
          >
            {t(`staff.${one}`)}
          </Button>
        ))}
      </nav>
    </div>
  )
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
      <div className="staff-switches">
        <Switches leave />
      </div>
    </main>
  )
}
