// A time of day in 24 hours, whatever the browser's own fields would say. What is no time stays, and is said.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clockIn } from './clock'
import { Field } from './Field'

interface Props {
  label: string
  value: string
  endOfDay?: boolean
  hint?: string | undefined
  change: (clock: string) => void
}

export function ClockField({ label, value, endOfDay = false, hint, change }: Props) {
  const { t } = useTranslation()
  const [written, setWritten] = useState<string | null>(null)
  const wrong = written !== null && clockIn(written, endOfDay) === null
  return (
    <Field label={label} narrow hint={hint} faults={wrong ? [t('planning.no_clock')] : []}>
      {(wired) => (
        <input
          {...wired}
          inputMode="numeric"
          autoComplete="off"
          maxLength={5}
          value={written ?? value}
          onChange={(event) => {
            setWritten(event.target.value)
            const clock = clockIn(event.target.value, endOfDay)
            if (clock !== null) change(clock)
          }}
          onBlur={() => {
            if (!wrong) setWritten(null)
          }}
        />
      )}
    </Field>
  )
}
