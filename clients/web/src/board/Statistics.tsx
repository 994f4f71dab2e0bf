// Answer times of a period: by hour, day, principal or reason, as columns, as a table, and as a file for a spreadsheet.
import { useContext, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dayOf } from '../shell/clock'
import { NowContext } from '../shell/now'
import type { AnsweredGroup, AnswerStatistics, CaseKind, Grouping, PrincipalNamed, Reason } from '../wire/types'
import { daysUntil, isPeriod, type Period } from './figures'
import { type Bar, Legend, Plot, Shares } from './Plot'
import { PrincipalChoice } from './PrincipalChoice'
import { useAnswers } from './useAnswers'

const GROUPINGS = ['hour', 'day', 'principal', 'reason'] as const satisfies readonly Grouping[]
const KINDS = ['person', 'technical'] as const satisfies readonly CaseKind[]
const PRESETS = [1, 7, 30] as const

export function Statistics() {
  const { t, i18n } = useTranslation()
  const now = useContext(NowContext)
  const today = dayOf(now.get())
  const [period, setPeriod] = useState<Period>(() => daysUntil(today, 7))
  const [by, setBy] = useState<Grouping>('day')
  const [kind, setKind] = useState<CaseKind>('person')
  const [principal, setPrincipal] = useState('')
  const [principals, setPrincipals] = useState<readonly PrincipalNamed[]>([])
  const asked = new URLSearchParams({ from: period.first, to: period.last, by, kind })
  if (principal !== '') asked.set('principal', principal)
  const answers = useAnswers(isPeriod(period) ? asked.toString() : null)
  if (answers.state === 'here' && answers.report.principals.length !== principals.length)
    setPrincipals(answers.report.principals)
  // A Swedish spreadsheet parts columns at semicolons when a file is opened by a click.
  const file = new URLSearchParams([...asked, ['separator', i18n.language === 'sv' ? 'semicolon' : 'comma']])
  return (
    <>
      <form className="board-form" onSubmit={(event) => event.preventDefault()}>
        <label>
          {t('board.from')}
          <input
            type="date"
            value={period.first}
            max={today}
            onChange={(event) => setPeriod({ ...period, first: event.target.value })}
          />
        </label>
        <label>
          {t('board.to')}
          <input
            type="date"
            value={period.last}
            max={today}
            onChange={(event) => setPeriod({ ...period, last: event.target.value })}
          />
        </label>
        <fieldset>
          <legend className="unseen">{t('board.period')}</legend>
          {PRESETS.map((days) => (
            <button key={days} type="button" className="switch" onClick={() => setPeriod(daysUntil(today, days))}>
              {t('board.days', { count: days })}
            </button>
          ))}
        </fieldset>
        <label>
          {t('board.group_by')}
          <select value={by} onChange={(event) => setBy(oneOf(GROUPINGS, event.target.value))}>
            {GROUPINGS.map((one) => (
              <option key={one} value={one}>
                {t(`board.by.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('board.kind_of')}
          <select value={kind} onChange={(event) => setKind(oneOf(KINDS, event.target.value))}>
            {KINDS.map((one) => (
              <option key={one} value={one}>
                {t(`board.kind.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <PrincipalChoice principals={principals} principal={principal} choose={setPrincipal} />
        {isPeriod(period) && (
          <a className="board-file" href={`/api/v1/statistics/answers.csv?${file}`} download>
            {t('board.file')}
          </a>
        )}
      </form>
      <div role="status" className="board-said">
        {!isPeriod(period) ? (
          t('board.bad_period')
        ) : answers.state === 'failed' ? (
          answers.code === 'bad_period' ? (
            t('board.bad_period')
          ) : (
            t('board.failed')
          )
        ) : answers.state === 'waiting' ? (
          t('app.moment')
        ) : (
          <Total report={answers.report} />
        )}
      </div>
      {isPeriod(period) && answers.state === 'here' && <Report report={answers.report} />}
    </>
  )
}

function Total({ report: { total } }: { report: AnswerStatistics }) {
  const { t } = useTranslation()
  return (
    <p>
      {t('board.total', { count: total.cases })} {t('board.total_unanswered', { count: total.unanswered })}
      {total.undecided > 0 && ` ${t('board.total_undecided', { count: total.undecided })}`}
    </p>
  )
}

function Report({ report }: { report: AnswerStatistics }) {
  const { t, i18n } = useTranslation()
  const named = (group: AnsweredGroup): Pick<Bar, 'short' | 'long'> => {
    switch (report.by) {
      case 'hour': {
        // `2026-10-25T02:00+02:00`: the offset tells the two hours of the long night apart.
        const [day = '', time = ''] = group.key.split('T')
        const one = report.first === report.last
        return { short: one ? time.slice(0, 2) : day.slice(5), long: `${day} ${time.slice(0, 5)} (${time.slice(5)})` }
      }
      case 'day':
        return { short: group.key.slice(5), long: group.key }
      case 'principal':
        return { short: '', long: group.name ?? group.key }
      case 'reason':
        return { short: '', long: reasonOf(group.key) }
    }
  }
  const reasonOf = (key: string) => (i18n.exists(`reason.${key}`) ? t(`reason.${key as Reason}`) : key)
  const bars = report.items.map((group) => ({ key: group.key, figures: group, ...named(group) }))
  const title = t(`board.report.${report.by}`)
  const all = { key: 'total', short: '', long: t('board.all_together'), figures: report.total }
  return report.by === 'hour' || report.by === 'day' ? (
    <>
      <Shares name={t('board.all_together')} bars={[all]} lying />
      <Plot title={title} bars={bars} />
    </>
  ) : (
    <section className="plot" aria-label={title}>
      <h2>{title}</h2>
      <Legend />
      <Shares name={title} bars={[all, ...bars]} lying />
    </section>
  )
}

function oneOf<Word extends string>(words: readonly [Word, ...Word[]], chosen: string): Word {
  return words.find((word) => word === chosen) ?? words[0]
}
