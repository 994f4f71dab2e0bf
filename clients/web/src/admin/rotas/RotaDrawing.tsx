// The coming two weeks: who is on call in the end, by which layer, and where the gaps are; with a table that says it all.
import { useTranslation } from 'react-i18next'
import { dayAndTime, dayOfMonth, weekdayShort } from '../../shell/clock'
import type { RotaGap, RotaSeen } from '../../wire/types'
import { useChoices } from '../parts/useChoices'
import { nameOf } from '../parts/words'
import { bands, heightOf, initials, noons, onCall, ROOM, TONES, xOf } from './plot'

interface Props {
  seen: RotaSeen
  layers: readonly string[]
}

export function RotaDrawing({ seen, layers }: Props) {
  const { t, i18n } = useTranslation()
  const time = (at: string) => dayAndTime(Date.parse(at), i18n.language)
  return (
    <section aria-labelledby="rota-weeks" className="week">
      <h2 id="rota-weeks">{t('planning.two_weeks')}</h2>
      <p>
        <strong>{seen.on_now ? t('planning.on_now', { name: seen.on_now.name }) : t('planning.nobody_on_now')}</strong>
      </p>
      <Gaps gaps={seen.gaps} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="drawn" tabIndex={0} aria-label={t('planning.picture_rota')}>
        <Drawing seen={seen} layers={layers} />
      </section>
      <ul className="legend">
        {onCall(seen).map((person, number) => (
          <li key={person.id}>
            <svg viewBox="0 0 14 14" aria-hidden="true">
              <rect className={`piece tone-${number % TONES}`} width="14" height="14" />
            </svg>
            {initials(person.name)} {person.name}
          </li>
        ))}
      </ul>
      <details className="more">
        <summary>{t('planning.turns_table')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable with the keyboard */}
        <section className="scrolls" tabIndex={0} aria-label={t('planning.turns_table')}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('planning.from')}</th>
                <th scope="col">{t('planning.until')}</th>
                <th scope="col">{t('planning.column.who')}</th>
              </tr>
            </thead>
            <tbody>
              {seen.turns.map((turn) => (
                <tr key={turn.starts_at} data-loud={turn.person === null || undefined}>
                  <td>{time(turn.starts_at)}</td>
                  <td>{time(turn.ends_at)}</td>
                  <td>{turn.person?.name ?? t('planning.nobody')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  )
}

const FEW = 4

/** When nobody can be reached: the nearest ones at once, the rest one press away. */
function Gaps({ gaps }: { gaps: readonly RotaGap[] }) {
  const { t, i18n } = useTranslation()
  const { workers } = useChoices()
  if (gaps.length === 0) return <p className="all-well">{t('planning.no_gaps')}</p>
  const time = (at: string) => dayAndTime(Date.parse(at), i18n.language)
  const said = (gap: RotaGap) => {
    const span = t('planning.from_to', { from: time(gap.starts_at), to: time(gap.ends_at) })
    return gap.person === null ? span : `${span}: ${t('planning.no_role', { name: nameOf(gap.person, workers) })}`
  }
  const list = (some: readonly RotaGap[]) => (
    <ul>
      {some.map((gap) => (
        <li key={gap.starts_at}>{said(gap)}</li>
      ))}
    </ul>
  )
  return (
    <div className="loud loud-less">
      <p>
        <strong>
          <span aria-hidden="true">▲ </span>
          {t('planning.gaps', { count: gaps.length })}
        </strong>
      </p>
      {list(gaps.slice(0, FEW))}
      {gaps.length > FEW && (
        <details>
          <summary>{t('planning.more_gaps', { count: gaps.length - FEW })}</summary>
          {list(gaps.slice(FEW))}
        </details>
      )}
    </div>
  )
}

function Drawing({ seen, layers }: Props) {
  const { t, i18n } = useTranslation()
  const rows = bands(seen)
  const bottom = heightOf(rows.length)
  const nameOfRow = (layer: string | null) =>
    layer === null ? t('planning.on_call') : t('planning.layer_number', { number: layers.indexOf(layer) + 1 })
  return (
    <svg className="drawing" viewBox={`0 0 ${ROOM.width} ${bottom}`} role="img" aria-label={t('planning.rota_drawing')}>
      {noons(seen).map((noon) => (
        <g key={noon} className="hour">
          <line x1={xOf(noon - 43_200_000, seen)} x2={xOf(noon - 43_200_000, seen)} y1={4} y2={bottom} />
          <text x={xOf(noon, seen)} y={ROOM.head - 9} textAnchor="middle">
            {weekdayShort(noon, i18n.language)} {dayOfMonth(noon, i18n.language)}
          </text>
        </g>
      ))}
      {rows.map((band) => (
        <g key={band.layer ?? ''}>
          <text className="of-row" x={0} y={band.y + ROOM.row / 2 + 6}>
            {nameOfRow(band.layer)}
          </text>
          {band.pieces.map((piece) => (
            <g key={piece.key}>
              <rect
                className={piece.person === null ? 'piece piece-gap' : `piece tone-${piece.tone}`}
                x={piece.x}
                y={band.y}
                width={piece.width}
                height={ROOM.row}
              />
              {piece.width > 20 && piece.person !== null && (
                <text className="in-piece" x={piece.x + piece.width / 2} y={band.y + 25} textAnchor="middle">
                  {initials(piece.name)}
                </text>
              )}
            </g>
          ))}
        </g>
      ))}
    </svg>
  )
}
