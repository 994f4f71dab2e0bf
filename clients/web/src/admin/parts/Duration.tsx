// How long, as a number and a unit. What is no number is kept as it was written, and said.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { inUnits, seconds, UNITS, type Unit } from './duration'
import { Field } from './Field'

interface Props {
  label: string
  value: number
  faults?: readonly string[]
  change: (seconds: number) => void
}

const WORDS = Object.keys(UNITS) as Unit[]

export function Duration({ label, value, faults = [], change }: Props) {
  const { t } = useTranslation()
  const [unit, setUnit] = useState<Unit>(() => inUnits(value).unit)
  const [written, setWritten] = useState<string | null>(null)
  // Set from elsewhere to what this unit cannot say: in the unit that can.
  const fits = value % UNITS[unit] === 0
  const shown = fits ? { count: value / UNITS[unit], unit } : inUnits(value)
  const text = written ?? String(shown.count)
  const wrong = seconds(text, shown.unit) === null
  const put = (next: string, nextUnit: Unit) => {
    const found = seconds(next, nextUnit)
    setUnit(nextUnit)
    setWritten(found === null ? next : null)
    if (found !== null) change(found)
  }
  return (
    <Field label={label} faults={wrong ? [t('planning.number')] : faults}>
      {(wired) => (
        <div className="duration">
          <input
            {...wired}
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            value={text}
            onChange={(event) => put(event.target.value, shown.unit)}
          />
          <select
            aria-label={t('planning.unit_of', { label })}
            value={shown.unit}
            onChange={(event) => put(text, event.target.value as Unit)}
          >
            {WORDS.map((word) => (
              <option key={word} value={word}>
                {t(`planning.unit.${word}`)}
              </option>
            ))}
          </select>
        </div>
      )}
    </Field>
  )
}
