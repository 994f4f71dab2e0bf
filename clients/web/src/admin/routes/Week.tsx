// Who answers when, as a week: a drawing to see at a glance, and a table that is the truth.

import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { dayAndMonth, weekday } from '../../shell/clock'
import type { Named, WeekDay, WeekStretch } from '../../wire/types'
import { clockOf } from '../parts/swedish'
import { useChoices } from '../parts/useChoices'
import { nameOf } from '../parts/words'
import { alike, drawn, fitted, heightOf, isLoud, loudHours, namesOf, ROOM, TONES, ways, xOf } from './week'

const HOURS = [0, 6, 12, 18, 24]

export function Week({ week, rules }: { week: readonly WeekDay[]; rules: readonly string[] }) {
  const { t, i18n } = useTranslation()
  const nameOfDay = (day: string) => {
    const at = Date.parse(`${day}T12:00Z`)
    return `${weekday(at, i18n.language)} ${dayAndMonth(at, i18n.language)}`
  }
  const nameOfDays = (from: string, to: string) =>
    from === to ? nameOfDay(from) : `${nameOfDay(from)} – ${nameOfDay(to)}`
  return (
    <section aria-labelledby="week-title" className="week">
      <h2 id="week-title">{t('planning.week')}</h2>
      <p className="calm">{t('planning.week_lead')}</p>
      <Loud week={week} nameOfDays={nameOfDays} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="drawn" tabIndex={0} aria-label={t('planning.picture_week')}>
        <Drawing week={week} />
      </section>
      <Legend week={week} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable with the keyboard */}
      <section className="scrolls" tabIndex={0} aria-label={t('planning.week_table')}>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('planning.column.day')}</th>
              <th scope="col">{t('planning.column.hours')}</th>
              <th scope="col">{t('planning.column.who')}</th>
              <th scope="col">{t('planning.column.rule')}</th>
              <th scope="col">{t('planning.column.plan')}</th>
            </tr>
          </thead>
          <tbody>
            {alike(week).map(({ from: day, to }) =>
              day.stretches.map((stretch, number) => (
                <tr key={stretch.starts} data-loud={isLoud(stretch) || undefined}>
                  {number === 0 && (
                    <th scope="rowgroup" rowSpan={day.stretches.length}>
                      {nameOfDays(day.day, to.day)}
                      {day.holiday && <span className="calm"> ({t('planning.day.holiday')})</span>}
                    </th>
                  )}
                  <Stretch stretch={stretch} rules={rules} />
                </tr>
              )),
            )}
          </tbody>
        </table>
      </section>
    </section>
  )
}

function Stretch({ stretch, rules }: { stretch: WeekStretch; rules: readonly string[] }) {
  const { t } = useTranslation()
  const { plans } = useChoices()
  const number = stretch.rule === null ? -1 : rules.indexOf(stretch.rule)
  const rule = stretch.rule === null ? t('planning.no_rule') : number < 0 ? t('planning.overflow') : String(number + 1)
  return (
    <>
      <td>{hoursOf(stretch)}</td>
      <td>{whoOf(stretch, t)}</td>
      <td>{rule}</td>
      <td>{planOf(stretch, plans, t)}</td>
    </>
  )
}

function hoursOf(stretch: WeekStretch): string {
  return `${clockOf(stretch.starts)}–${clockOf(stretch.ends)}`
}

function planOf(stretch: WeekStretch, plans: readonly Named[], t: TFunction): string {
  return stretch.plan.startsWith('default-') ? t('planning.usual_plan') : nameOf(stretch.plan, plans)
}

function whoOf(stretch: WeekStretch, t: TFunction): string {
  const [failed] = stretch.failed
  if (failed) return t(`planned.route_failed.${failed}`)
  return namesOf(stretch) || t('planning.everybody')
}

interface LoudProps {
  week: readonly WeekDay[]
  nameOfDays: (from: string, to: string) => string
}

/** What a planner must see first: the hours for which nothing is decided, or whose decision cannot be followed. */
function Loud({ week, nameOfDays }: LoudProps) {
  const { t } = useTranslation()
  const loud = loudHours(week)
  if (loud.length === 0) return <p className="all-well">{t('planning.week_whole')}</p>
  return (
    <div className="loud">
      <p>
        <strong>
          <span aria-hidden="true">▲ </span>
          {t('planning.week_loud')}
        </strong>
      </p>
      <ul>
        {loud.map(({ from, to, stretches }) => (
          <li key={from.day}>
            {nameOfDays(from.day, to.day)} {stretches.map(hoursOf).join(', ')}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Drawing({ week }: { week: readonly WeekDay[] }) {
  const { t, i18n } = useTranslation()
  return (
    <svg
      className="drawing"
      viewBox={`0 0 ${ROOM.width} ${heightOf(week.length)}`}
      role="img"
      aria-label={t('planning.week_drawing')}
    >
      <Hatching />
      {HOURS.map((hour) => (
        <g key={hour} className="hour">
          <line x1={xOf(hour * 60)} x2={xOf(hour * 60)} y1={ROOM.head - 4} y2={heightOf(week.length)} />
          <text x={xOf(hour * 60)} y={ROOM.head - 9} textAnchor={hour === 24 ? 'end' : 'middle'}>
            {clockOf(hour * 60)}
          </text>
        </g>
      ))}
      {week.map((day, number) => (
        <text key={day.day} className="of-row" x={0} y={ROOM.head + number * (ROOM.row + ROOM.gap) + ROOM.row / 2 + 6}>
          {weekday(Date.parse(`${day.day}T12:00Z`), i18n.language)}
          {day.holiday && ' *'}
        </text>
      ))}
      {drawn(week).map((one) => (
        <g key={one.key}>
          <rect
            className={one.loud ? 'piece piece-loud' : `piece tone-${one.tone}`}
            x={one.x}
            y={one.y}
            width={one.width}
            height={one.height}
          />
          <text className={one.loud ? 'in-loud' : 'in-piece'} x={one.x + 6} y={one.y + one.height / 2 + 5}>
            {fitted(one.loud ? `▲ ${t('planning.nobody_meant')}` : one.names || t('planning.everybody'), one.width)}
          </text>
        </g>
      ))}
    </svg>
  )
}

function Legend({ week }: { week: readonly WeekDay[] }) {
  const { t } = useTranslation()
  const { plans } = useChoices()
  return (
    <ul className="legend">
      {ways(week).map((stretch, number) => (
        <li key={`${namesOf(stretch)} ${stretch.plan}`}>
          <svg viewBox="0 0 14 14" aria-hidden="true">
            <rect className={`piece tone-${number % TONES}`} width="14" height="14" />
          </svg>
          {t('planning.by', { who: namesOf(stretch) || t('planning.everybody'), plan: planOf(stretch, plans, t) })}
        </li>
      ))}
      {week.some((day) => day.holiday) && <li>* {t('planning.day.holiday')}</li>}
    </ul>
  )
}

/** The pattern of what nobody is meant to answer. */
function Hatching() {
  return (
    <defs>
      <pattern id="hatching" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatching-ground" width="8" height="8" />
        <rect className="hatching-line" width="3" height="8" />
      </pattern>
    </defs>
  )
}
