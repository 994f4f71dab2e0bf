// The municipality's page: what has been decided about alarms, and what it comes to.
import './admin.css'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Switches } from '../shell/Switches'
import type { SessionView } from '../wire/types'
import { Foresight } from './Foresight'

export function AdminPage({ name, role }: { name: string; role: SessionView['role'] }) {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${t('foresee.title')} – ${t('app.name')}`
  }, [t])
  return (
    <div className="admin">
      <header className="admin-head">
        <p>
          <strong>{t('app.name')}</strong> <span className="calm">{name}</span>
        </p>
        {role === 'administrator' && <a href="/board/statistics">{t('board.statistics')}</a>}
        <div className="admin-switches">
          <Switches leave />
        </div>
      </header>
      <main>
        <Foresight />
      </main>
    </div>
  )
}
