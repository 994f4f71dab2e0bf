// When something holds: rows of days and hours, in Swedish time.
import { useTranslation } from 'react-i18next'
import type { Day, HoursBody } from '../../wire/types'
import { ClockField } from './ClockField'
import { Checks } from './Field'
import { ALL_HOURS, DAYS, hoursSentence } from './hours'
import { replaced, without } from './rows'

interface Props {
  hours: readonly HoursBody[]
  /** What no rows at all mean. */
  always: string
  change: (hours: HoursBody[]) => void
}

export function HoursRows({ hours, always, change }: Props) {
  const { t } = useTranslation()
  const days = DAYS.map((day) => ({ id: day, name: t(`planning.day.${day}`) }))
  const put = (number: number, row: HoursBody, part: Partial<HoursBody>) =>
    change(replaced(hours, number, { ...row, ...part }))
  return (
    <fieldset className="hours">
      <legend>{t('planning.hours')}</legend>
      {hours.length === 0 && <p className="calm">{always}</p>}
      {hours.map((row, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name of its own
        <div className="hours-row" key={number}>
          <Checks
            label={t('planning.days')}
            options={days}
            chosen={row.days}
            hint={t('planning.days_none')}
            change={(chosen) => put(number, row, { days: chosen as Day[] })}
          />
          <ClockField label={t('planning.from')} value={row.starts} change={(starts) => put(number, row, { starts })} />
          <ClockField
            label={t('planning.until')}
            value={row.ends}
            endOfDay
            hint={past(row) ? t('planning.past_midnight') : undefined}
            change={(ends) => put(number, row, { ends })}
          />
          <button
            type="button"
            aria-label={t('planning.remove_this', { what: hoursSentence(row, t) })}
            onClick={() => change(without(hours, number))}
          >
            {t('planning.remove')}
          </button>
        </div>
      ))}
      {hours.length < 20 && (
        <button type="button" className="quiet" onClick={() => change([...hours, { ...ALL_HOURS }])}>
          + {t('planning.add_hours')}
        </button>
      )}
    </fieldset>
  )
}

function past(row: HoursBody): boolean {
  return row.ends <= row.starts
}
