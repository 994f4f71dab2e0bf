// The left third: every open case, a row each, and the time when there is none.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { useNow } from '../shell/now'
import type { CaseView, Me, OperatorOn } from '../wire/types'
import { countGroups, GROUPS, type Group, type Layout, oldestUntaken } from './order'
import { Row } from './Row'

/** More rows than anybody can look at are only counted; the most urgent are always there. */
const SHOWN: Record<Group, number> = { mine: 50, waiting: 200, others: 50, technical: 100 }

interface Props {
  cases: ReadonlyMap<string, CaseView>
  layout: Layout
  me: Me | null
  operators: readonly OperatorOn[]
  chosen: string | null
  technicalOpen: boolean
  joined: boolean
  choose(id: string): void
  setTechnicalOpen(open: boolean): void
  moved(): void
  left(): void
}

/** The ids in the order they stand on screen: what the arrows walk through. */
export function walked(layout: Layout, technicalOpen: boolean): string[] {
  return GROUPS.filter((group) => group !== 'technical' || technicalOpen).flatMap((group) =>
    layout[group].slice(0, SHOWN[group]),
  )
}

export function Queue(props: Props) {
  const { cases, layout, me, operators, chosen, technicalOpen, joined, choose, setTechnicalOpen, moved, left } = props
  const { t } = useTranslation()
  const counts = countGroups(cases, me?.person)
  const pulsing = oldestUntaken(cases)?.id
  const order = walked(layout, technicalOpen)
  const reachable = chosen !== null && order.includes(chosen) ? chosen : (layout.waiting[0] ?? order[0])
  const rows = (group: Group) =>
    layout[group].slice(0, SHOWN[group]).map((id) => {
      const view = cases.get(id)
      return (
        view && (
          <Row
            key={id}
            view={view}
            mine={group === 'mine'}
            chosen={id === chosen}
            pulses={id === pulsing}
            reachable={id === reachable}
            me={me}
            choose={choose}
          />
        )
      )
    })
  const heading = (group: Group) =>
    layout[group].length > 0 && (
      <h2 key={`group ${group}`} className="queue-group" data-group={group}>
        {t(`queue.${group}`)} <span className="queue-count">{counts[group]}</span>
      </h2>
    )
  const more = (group: Group) =>
    layout[group].length > SHOWN[group] && (
      <p key={`more ${group}`} className="queue-more">
        {t('queue.more', { count: layout[group].length - SHOWN[group] })}
      </p>
    )
  // One flat list of brothers, so that a row which changes group is moved and keeps the focus it may have.
  const brothers: ReactNode[] = [heading('mine'), ...rows('mine')]
  if (layout.waiting.length === 0 && joined) brothers.push(<Rest key="rest" operators={operators} />)
  for (const group of ['waiting', 'others'] as const) brothers.push(heading(group), ...rows(group), more(group))
  if (layout.technical.length > 0) {
    brothers.push(
      <h2 key="group technical" className="queue-group" data-group="technical">
        <button
          type="button"
          className="queue-fold"
          aria-expanded={technicalOpen}
          onClick={() => setTechnicalOpen(!technicalOpen)}
        >
          {t('queue.technical')} <span className="queue-count">{counts.technical}</span>
          <span className="key" aria-hidden="true">
            T
          </span>
        </button>
      </h2>,
    )
    if (technicalOpen) brothers.push(...rows('technical'), more('technical'))
  }
  return (
    <section className="queue" aria-label={t('queue.title')} onPointerMove={moved} onPointerLeave={left}>
      {brothers}
    </section>
  )
}

function Rest({ operators }: { operators: readonly OperatorOn[] }) {
  const { t, i18n } = useTranslation()
  const time = useNow((now) => timeOfDay(now, i18n.language))
  return (
    <div className="queue-rest">
      <p className="queue-time">{time}</p>
      <p className="queue-nobody">{t('queue.nobody_waits')}</p>
      {operators.length > 0 && <p>{t('queue.on', { names: operators.map((one) => one.name).join(', ') })}</p>}
    </div>
  )
}
