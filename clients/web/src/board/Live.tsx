// The board itself: who waits, since when, who has it, and how the last day and night went. Nothing on it can be changed.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Clock, machineClock, running, timeOfDay } from '../shell/clock'
import { useNow } from '../shell/now'
import type { Answered, Board, BoardLine, BoardPerson } from '../wire/types'
import { ordered, perCent, toneOf } from './figures'
import { LyingBar, Plot } from './Plot'
import { PrincipalChoice } from './PrincipalChoice'
import { OLD, useBoard } from './useBoard'

export function Live({ clock = machineClock }: { clock?: Clock }) {
  const { t } = useTranslation()
  const [principal, setPrincipal] = useState('')
  const [principals, setPrincipals] = useState<readonly BoardLine[]>([])
  const { board, heardAt, refused } = useBoard(principal, clock)
  const old = useNow(() => heardAt !== null && clock.mono() - heardAt > OLD)
  if (board && principal === '' && board.principals !== principals) setPrincipals(board.principals)
  return (
    <>
      <div role="status">
        {refused !== null ? (
          <p className="board-strip">{t('board.refused')}</p>
        ) : (
          old && <p className="board-strip">{t('board.old')}</p>
        )}
      </div>
      <PrincipalChoice principals={principals} principal={principal} choose={setPrincipal} className="board-choice" />
      {board ? <Shown board={board} /> : <p className="board-moment">{refused === null && t('app.moment')}</p>}
    </>
  )
}

function Shown({ board }: { board: Board }) {
  const { t, i18n } = useTranslation()
  const bars = board.hours.map((hour) => {
    const at = Date.parse(hour.starts_at)
    const time = timeOfDay(at, i18n.language)
    return { key: hour.starts_at, short: time.slice(0, 2), long: time, figures: hour }
  })
  return (
    <div className="board">
      <section className="board-now" aria-label={t('board.now')}>
        <Big name={t('board.waiting')} tone={board.waiting.cases > 0 ? 'warning' : 'calm'}>
          {board.waiting.cases}
          <Priorities board={board} />
        </Big>
        <Oldest since={board.waiting.oldest_at} />
        <Big name={t('board.taken')}>
          {board.taken}
          <small>{t('board.of_these_held', { count: board.on_hold })}</small>
        </Big>
        <Big name={t('board.technical')}>{board.technical.cases}</Big>
        <Goal name={t('board.this_hour')} figures={board.hour} />
        <Goal name={t('board.last_day')} figures={board.day} />
      </section>
      <div className="board-below">
        <Plot title={t('board.by_hour')} bars={bars} />
        <People people={board.people} />
        <Principals lines={board.principals} />
      </div>
    </div>
  )
}

type Tone = 'calm' | 'warning' | 'danger'

function Big({ name, tone = 'calm', children }: { name: string; tone?: Tone; children: React.ReactNode }) {
  return (
    <div className="big" data-tone={tone}>
      <h2>{name}</h2>
      <p>{children}</p>
    </div>
  )
}

function Oldest({ since }: { since: string | null }) {
  const { t } = useTranslation()
  const began = since === null ? null : Date.parse(since)
  const waited = useNow((now) => (began === null ? '' : running(now - began)))
  const tone = useNow((now) => (began === null ? 'calm' : toneOf(now - began)))
  return (
    <Big name={t('board.oldest')} tone={tone as Tone}>
      {began === null ? t('board.nobody') : waited}
    </Big>
  )
}

const SHAPES = ['●', '◆', '▲', '■', '–'] as const

function Priorities({ board }: { board: Board }) {
  const { t } = useTranslation()
  return (
    <small>
      {board.priorities.map(({ priority, cases }) => {
        const level = priority === 1 || priority === 2 || priority === 3 || priority === 4 ? priority : 5
        return (
          <span key={priority} className="board-level" data-level={level}>
            <span aria-hidden="true">{SHAPES[level - 1]}</span> {t(`priority.${level}`)} {cases}
          </span>
        )
      })}
    </small>
  )
}

/** Shares within 60 and 180 seconds, and whether that is enough; with few cases only how many they are. */
function Goal({ name, figures }: { name: string; figures: Answered }) {
  const { t, i18n } = useTranslation()
  const promised = figures.within.filter((one) => one.goal !== null)
  const missed = promised.some((one) => one.verdict === 'missed')
  return (
    <Big name={name} tone={missed ? 'warning' : 'calm'}>
      {promised.every((one) => one.permille === null) ? (
        <span className="big-none">{t('board.no_cases')}</span>
      ) : (
        promised.map((one) => (
          <span key={one.seconds} className="goal">
            <strong>{one.permille === null ? '–' : perCent(one.permille, i18n.language)}</strong> ≤ {one.seconds} s
            <small>{one.verdict === 'few' ? t('board.few', { count: one.decided }) : verdict(one.verdict)}</small>
          </span>
        ))
      )}
    </Big>
  )

  function verdict(word: 'held' | 'missed' | 'none' | 'no_goal'): string {
    return word === 'held' || word === 'missed' ? t(`board.verdict.${word}`) : ''
  }
}

function Principals({ lines }: { lines: readonly BoardLine[] }) {
  const { t, i18n } = useTranslation()
  return (
    <section className="board-principals" aria-labelledby="board-principals">
      <h2 id="board-principals">{t('board.principals')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="scrolls" aria-label={t('board.table_of', { name: t('board.principals') })} tabIndex={0}>
        <table className="shares">
          <thead>
            <tr>
              <th scope="col">{t('board.principal')}</th>
              <th scope="col">{t('board.waiting')}</th>
              <th scope="col">{t('board.oldest')}</th>
              <th scope="col">{t('board.taken')}</th>
              <th scope="col">{t('board.on_hold')}</th>
              <th scope="col">{t('board.cases_day')}</th>
              <th scope="col">≤ 60 s</th>
              <th scope="col">{t('board.column.bar')}</th>
            </tr>
          </thead>
          <tbody>
            {ordered(lines, i18n.language).map((line) => {
              const soon = line.day.within.find((one) => one.seconds === 60)?.permille
              return (
                <tr key={line.id} data-waits={line.waiting.cases > 0}>
                  <th scope="row">{line.name}</th>
                  <td>{line.waiting.cases || '–'}</td>
                  <td>{line.waiting.oldest_at === null ? '–' : <Waited since={line.waiting.oldest_at} />}</td>
                  <td>{line.taken || '–'}</td>
                  <td>{line.on_hold || '–'}</td>
                  <td>{line.day.cases || '–'}</td>
                  <td>{soon === null || soon === undefined ? '–' : perCent(soon, i18n.language)}</td>
                  <td className="shares-bar">
                    <LyingBar figures={line.day} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </section>
    </section>
  )
}

function Waited({ since }: { since: string }) {
  const began = Date.parse(since)
  const waited = useNow((now) => running(now - began))
  const tone = useNow((now) => toneOf(now - began))
  return <strong data-tone={tone}>{waited}</strong>
}

function People({ people }: { people: readonly BoardPerson[] }) {
  const { t } = useTranslation()
  return (
    <section className="board-people" aria-labelledby="board-people">
      <h2 id="board-people">{t('board.people')}</h2>
      {people.length === 0 && <p className="calm">{t('board.nobody_on')}</p>}
      <ul>
        {people.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong>{' '}
            {one.role === null ? (
              <span className="board-gone">{t('board.no_desk')}</span>
            ) : (
              <span className="calm">{t(`role.${one.role}`)}</span>
            )}
            <span className="board-has">
              {one.taken === 0 ? t('board.has_none') : t('board.has', { count: one.taken })}
              {one.on_hold > 0 && `, ${t('board.of_these_held', { count: one.on_hold })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
