// Which named days count as holidays: the usual ones, or one's own choice.
import { useTranslation } from 'react-i18next'
import type { SwedishDay } from '../../wire/types'
import { Checks } from './Field'
import { useChoices } from './useChoices'

export const NAMED_DAYS: readonly SwedishDay[] = [
  'new_years_day',
  'twelfth_night',
  'epiphany',
  'maundy_thursday',
  'good_friday',
  'easter_eve',
  'easter_day',
  'easter_monday',
  'walpurgis_eve',
  'first_of_may',
  'ascension_day',
  'national_day',
  'whit_eve',
  'whit_sunday',
  'midsummer_eve',
  'midsummer_day',
  'all_saints_eve',
  'all_saints_day',
  'christmas_eve',
  'christmas_day',
  'boxing_day',
  'new_years_eve',
]

interface Props {
  holidays: readonly SwedishDay[] | null
  change: (holidays: SwedishDay[] | null) => void
}

export function Holidays({ holidays, change }: Props) {
  const { t } = useTranslation()
  const { holidays: usual } = useChoices()
  const names = (holidays ?? usual).map((day) => t(`planning.holiday.${day}`))
  return (
    <details className="more">
      <summary>
        {t('planning.holidays')} ({holidays === null ? t('planning.holidays_usual') : names.length})
      </summary>
      <p className="calm">{t('planning.holidays_lead')}</p>
      <Checks
        label={t('planning.holidays')}
        options={NAMED_DAYS.map((day) => ({ id: day, name: t(`planning.holiday.${day}`) }))}
        chosen={holidays ?? usual}
        change={(chosen) => change(chosen as SwedishDay[])}
      />
      {holidays !== null && (
        <button type="button" onClick={() => change(null)}>
          {t('planning.holidays_back')}
        </button>
      )}
    </details>
  )
}
