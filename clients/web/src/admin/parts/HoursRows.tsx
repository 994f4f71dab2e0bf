// When something holds: rows of days and hours, in Swedish time.
import { useTranslation } from 'react-i18next'
import type { Day, HoursBody } from '../../wire/types'
import { Checks, Field } from './Field'
import { ALL_HOURS, DAYS, endShown, endWritten, hoursSentence } from './hours'
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
          <Field label={t('planning.from')} narrow>
            {(wired) => (
              <input
                {...wired}
                type="time"
                required
                value={row.starts}
                onChange={(event) => event.target.value && put(number, row, { starts: event.target.value })}
              />
            )}
          </Field>
          <Field label={t('planning.until')} narrow hint={past(row) ? t('planning.past_midnight') : undefined}>
            {(wired) => (
              <input
                {...wired}
                type="time"
                required
                value={endShown(row.ends)}
                onChange={(event) => event.target.value && put(number, row, { ends: endWritten(event.target.value) })}
              />
            )}
          </Field>
          <button type="button" onClick={() => change(without(hours, number))}>
            {t('planning.remove')}
            <span className="unseen"> {hoursSentence(row, t)}</span>
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
