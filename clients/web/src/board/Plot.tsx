// Shares in time as columns, drawn here and by nothing else; the same as a table for who does not see it.
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Answered } from '../wire/types'
import { perCent } from './figures'
import { columns, heightOf, named, PARTS, pieces, ROOM } from './plot'

export interface Bar {
  key: string
  /** What stands beneath the column. */
  short: string
  /** What the table calls it. */
  long: string
  figures: Answered
}

const MOST_NAMES = 12
const MOST_COUNTS = 32
const TICKS = [0, 500, 1000]
const GOAL = 975

export function Plot({ title, bars }: { title: string; bars: readonly Bar[] }) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const found = columns(bars.map((bar) => bar.figures))
  const goal = heightOf(GOAL)
  return (
    <section className="plot" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <Legend />
      <svg viewBox={`0 0 ${ROOM.width} ${ROOM.height}`} role="img" aria-label={t('board.plot', { title })}>
        {TICKS.map((tick) => (
          <g key={tick} className="plot-tick">
            <line x1={ROOM.left} x2={ROOM.width - ROOM.right} y1={heightOf(tick)} y2={heightOf(tick)} />
            <text x={ROOM.left - 6} y={heightOf(tick) + 4} textAnchor="end">
              {perCent(tick, i18n.language).replace(/[.,]0/, '')}
            </text>
          </g>
        ))}
        {found.map((column, number) => (
          <g key={bars[number]?.key}>
            {column.pieces.map((piece) => (
              <rect
                key={piece.part}
                className={`share-${piece.part}`}
                x={column.x}
                y={piece.y}
                width={column.width}
                height={piece.height}
              />
            ))}
            {found.length <= MOST_COUNTS && (
              <text className="plot-count" x={column.x + column.width / 2} y={ROOM.head - 7} textAnchor="middle">
                {bars[number]?.figures.cases || ''}
              </text>
            )}
          </g>
        ))}
        <line className="plot-goal" x1={ROOM.left} x2={ROOM.width - ROOM.right} y1={goal} y2={goal} />
        {named(found.length, MOST_NAMES).map((number) => {
          const column = found[number]
          return (
            column && (
              <text key={bars[number]?.key} x={column.x + column.width / 2} y={ROOM.height - 8} textAnchor="middle">
                {bars[number]?.short}
              </text>
            )
          )
        })}
      </svg>
      <details>
        <summary>{t('board.as_table')}</summary>
        <Shares name={title} bars={bars} />
      </details>
    </section>
  )
}

/** What the pieces of a column mean: told by lightness and pattern as well as by word. */
export function Legend() {
  const { t } = useTranslation()
  return (
    <ul className="legend">
      {PARTS.map((part) => (
        <li key={part}>
          <svg viewBox="0 0 14 14" aria-hidden="true">
            <rect className={`share-${part}`} width="14" height="14" />
          </svg>
          {t(`board.part.${part}`)}
        </li>
      ))}
      <li>
        <svg viewBox="0 0 14 14" aria-hidden="true">
          <line className="plot-goal" x1="0" x2="14" y1="7" y2="7" />
        </svg>
        {t('board.goal_line')}
      </li>
    </ul>
  )
}

/** One group as a lying column, for a row of a table that says the figures too. */
export function LyingBar({ figures }: { figures: Answered }) {
  return (
    <svg className="lying" viewBox="0 0 1000 60" preserveAspectRatio="none" aria-hidden="true">
      <rect className="lying-ground" width="1000" height="60" />
      {pieces(figures.within).map((piece) => (
        <rect
          key={piece.part}
          className={`share-${piece.part}`}
          x={piece.from}
          width={piece.to - piece.from}
          height="60"
        />
      ))}
    </svg>
  )
}

/** The pattern of what came late, once on a page. */
export function Patterns() {
  return (
    <svg className="unseen" aria-hidden="true">
      <defs>
        <pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect className="late-ground" width="6" height="6" />
          <rect className="late-line" width="3" height="6" />
        </pattern>
      </defs>
    </svg>
  )
}

export function Shares({ name, bars, lying = false }: { name: string; bars: readonly Bar[]; lying?: boolean }) {
  const { t, i18n } = useTranslation()
  const share = (permille: number | null | undefined) =>
    permille === null || permille === undefined ? '–' : perCent(permille, i18n.language)
  const seconds = (value: number | null) => (value === null ? '–' : t('board.seconds', { value }))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="scrolls" aria-label={t('board.table_of', { name })} tabIndex={0}>
      <table className="shares">
        <thead>
          <tr>
            <th scope="col">{t('board.column.group')}</th>
            <th scope="col">{t('board.column.cases')}</th>
            <th scope="col">{t('board.column.unanswered')}</th>
            <th scope="col">{t('board.column.undecided')}</th>
            <th scope="col">≤ 30 s</th>
            <th scope="col">≤ 60 s</th>
            <th scope="col">≤ 180 s</th>
            <th scope="col">p50</th>
            <th scope="col">p90</th>
            <th scope="col">p99</th>
            {lying && <th scope="col">{t('board.column.bar')}</th>}
          </tr>
        </thead>
        <tbody>
          {bars.map(({ key, long, figures }) => (
            <tr key={key}>
              <th scope="row">{long}</th>
              <td>{figures.cases}</td>
              <td>{figures.unanswered}</td>
              <td>{figures.undecided}</td>
              {figures.within.map((one) => (
                <td key={one.seconds} data-verdict={one.verdict}>
                  {share(one.permille)}
                </td>
              ))}
              <td>{seconds(figures.p50)}</td>
              <td>{seconds(figures.p90)}</td>
              <td>{seconds(figures.p99)}</td>
              {lying && (
                <td className="shares-bar">
                  <LyingBar figures={figures} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
