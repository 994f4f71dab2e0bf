// The supervisor's room: the board, which stands on a wall as well, and the answer times behind it. Read only.
import './board.css'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { useNow } from '../shell/now'
import { Switches } from '../shell/Switches'
import type { SessionView } from '../wire/types'
import { Live } from './Live'
import { Patterns } from './Plot'
import { Statistics } from './Statistics'

export type View = 'live' | 'statistics'

export function BoardPage({ view, role }: { view: View; role: SessionView['role'] }) {
  const { t, i18n } = useTranslation()
  const time = useNow((now) => timeOfDay(now, i18n.language))
  const title = view === 'live' ? t('board.title') : t('board.statistics')
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`
  }, [title, t])
  const desk = role === 'operator' || role === 'supervisor'
  const links = [
    ...(desk ? [{ to: '/desk', name: t('board.desk'), here: false }] : []),
    ...(desk ? [{ to: '/board', name: t('board.title'), here: view === 'live' }] : []),
    ...(role === 'operator'
      ? []
      : [{ to: '/board/statistics', name: t('board.statistics'), here: view === 'statistics' }]),
    ...(role === 'administrator' ? [{ to: '/admin', name: t('foresee.short'), here: false }] : []),
  ]
  return (
    <div className="board-page">
      <Patterns />
      <header className="board-head">
        <h1>{title}</h1>
        <p className="board-time">{time}</p>
        <nav aria-label={t('board.pages')}>
          {links.map(({ to, name, here }) => (
            <a key={to} href={to} aria-current={here ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div className="board-switches">
          <Switches leave />
        </div>
      </header>
      <main>{view === 'live' ? <Live /> : <Statistics />}</main>
    </div>
  )
}
