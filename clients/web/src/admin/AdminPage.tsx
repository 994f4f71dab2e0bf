// The municipality's page: what has been decided about alarms, what it comes to, and where it is changed.
import './admin.css'
import './planning.css'
import './fields.css'
import './drawing.css'
import './integrations.css'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Switches } from '../shell/Switches'
import type { PlanningChoices, SessionView } from '../wire/types'
import { ContactsPage } from './contacts/ContactsPage'
import { Foresight } from './Foresight'
import { IntegrationsPage } from './integrations/IntegrationsPage'
import { chosenIn } from './parts/address'
import { Reading } from './parts/Reading'
import { ChoicesContext } from './parts/useChoices'
import { useRead } from './parts/useHeld'
import { PlansPage } from './plans/PlansPage'
import { ReservePage } from './reserve/ReservePage'
import { ADMINISTRATORS, ROOMS, type Room, roomOf } from './rooms'
import { RotasPage } from './rotas/RotasPage'
import { RoutesPage } from './routes/RoutesPage'
import { StepsPage } from './steps/StepsPage'

export function AdminPage({ name, role }: { name: string; role: SessionView['role'] }) {
  const { t } = useTranslation()
  const room = roomOf(location.pathname)
  const title = room === 'try' ? t('foresee.title') : t(`planning.room.${room}`)
  useEffect(() => {
    document.title = `${title} – ${t('app.name')}`
  }, [title, t])
  return (
    <div className="admin">
      <header className="admin-head">
        <p>
          <strong>{t('app.name')}</strong> <span className="calm">{name}</span>
        </p>
        <div className="admin-switches">
          <Switches leave />
        </div>
      </header>
      <nav className="admin-nav" aria-label={t('planning.rooms')}>
        {ROOMS.filter((one) => role === 'administrator' || !ADMINISTRATORS.has(one)).map((one) => (
          <a
            key={one}
            href={one === 'try' ? '/admin' : `/admin/${one}`}
            aria-current={one === room ? 'page' : undefined}
          >
            {t(`planning.room.${one}`)}
          </a>
        ))}
        {role === 'administrator' && <a href="/board/statistics">{t('board.statistics')}</a>}
        {role === 'planner' && <a href="/staff">{t('planning.visits')}</a>}
      </nav>
      <main>
        <InMain room={room} role={role} />
      </main>
    </div>
  )
}

function InMain({ room, role }: { room: Room; role: SessionView['role'] }) {
  const { t } = useTranslation()
  if (ADMINISTRATORS.has(room) && role !== 'administrator') {
    return <p role="alert">{t('planning.administrators')}</p>
  }
  switch (room) {
    case 'contacts':
      return <ContactsPage />
    case 'reserve':
      return <ReservePage />
    case 'integrations':
      return <IntegrationsPage />
    default:
      return <WithChoices room={room} role={role} />
  }
}

type WithChoice = Exclude<Room, 'contacts' | 'reserve' | 'integrations'>

function WithChoices({ room, role }: { room: WithChoice; role: SessionView['role'] }) {
  const read = useRead<PlanningChoices>('/api/v1/routing/choices')
  if (read.state !== 'read') return <Reading unread={read} />
  return (
    <ChoicesContext.Provider value={read.view}>
      <InRoom room={room} role={role} />
    </ChoicesContext.Provider>
  )
}

function InRoom({ room, role }: { room: WithChoice; role: SessionView['role'] }) {
  const chosen = chosenIn(location.search)
  switch (room) {
    case 'try':
      return <Foresight />
    case 'plans':
      return <PlansPage chosen={chosen} />
    case 'routes':
      return <RoutesPage />
    case 'rotas':
      return <RotasPage chosen={chosen} />
    case 'steps':
      return <StepsPage residents={role === 'planner'} />
  }
}
