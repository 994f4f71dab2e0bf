// Which alarm, and when: the fields with which anything is tried.
import { useTranslation } from 'react-i18next'
import type { CaseKind, Reason } from '../wire/types'
import { type Asked, REASONS } from './foresee'
import { ClockField } from './parts/ClockField'

const KINDS: readonly CaseKind[] = ['person', 'technical']

export function AskedFields({ asked, change }: { asked: Asked; change: (part: Partial<Asked>) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <label>
        {t('foresee.what')}
        <select
          value={asked.kind}
          onChange={(event) => {
            const kind = event.target.value as CaseKind
            change({ kind, reason: REASONS[kind][0] ?? 'unknown_alarm' })
          }}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`foresee.${kind}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('foresee.reason')}
        <select value={asked.reason} onChange={(event) => change({ reason: event.target.value as Reason })}>
          {REASONS[asked.kind].map((reason) => (
            <option key={reason} value={reason}>
              {t(`reason.${reason}`)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t('foresee.day')}
        <input
          type="date"
          required
          min="2000-01-01"
          max="2099-12-31"
          value={asked.day}
          onChange={(event) => change({ day: event.target.value })}
        />
      </label>
      <ClockField label={t('foresee.time')} value={asked.time} change={(time) => change({ time })} />
    </>
  )
}
