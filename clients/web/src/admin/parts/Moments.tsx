// From one moment until another, in Swedish time.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from './Field'
import { momentOf, wallOf } from './swedish'

interface Props {
  starts_at: string
  ends_at: string
  faults?: readonly string[]
  change: (part: { starts_at?: string; ends_at?: string }) => void
}

export function Moments({ starts_at, ends_at, faults = [], change }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Moment label={t('planning.starts')} value={starts_at} put={(at) => change({ starts_at: at })} />
      <Moment label={t('planning.ends')} value={ends_at} faults={faults} put={(at) => change({ ends_at: at })} />
    </>
  )
}

interface MomentProps {
  label: string
  value: string
  faults?: readonly string[]
  put: (at: string) => void
}

function Moment({ label, value, faults = [], put }: MomentProps) {
  const { t } = useTranslation()
  // Half a moment is no moment: it stays in the field until it is whole.
  const [half, setHalf] = useState<string | null>(null)
  return (
    <Field label={label} narrow faults={half === null ? faults : [t('planning.no_moment')]}>
      {(wired) => (
        <input
          {...wired}
          type="datetime-local"
          required
          min="2000-01-01T00:00"
          max="2099-12-31T23:59"
          value={half ?? wallOf(value)}
          onChange={(event) => {
            const at = momentOf(event.target.value)
            const inReach = at !== null && at >= '2000-01-01' && at < '2100-01-01'
            setHalf(inReach ? null : event.target.value)
            if (inReach) put(at)
          }}
        />
      )}
    </Field>
  )
}
