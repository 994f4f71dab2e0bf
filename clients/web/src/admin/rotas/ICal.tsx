// The rota as a calendar: an address to copy, and a file.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Field } from '../parts/Field'

export function ICal({ rota }: { rota: string }) {
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  const address = `${location.origin}/api/v1/rotas/${encodeURIComponent(rota)}.ics`
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address)
      setSaid(t('handling.copied'))
    } catch {
      setSaid(t('handling.copy_failed'))
    }
  }
  return (
    <details className="more">
      <summary>{t('planning.ical')}</summary>
      <Field label={t('planning.ical_address')} hint={t('planning.ical_hint')}>
        {(wired) => <input {...wired} readOnly value={address} onFocus={(event) => event.target.select()} />}
      </Field>
      <p className="acts">
        <button type="button" onClick={() => void copy()}>
          {t('handling.copy')}
        </button>
        <a href={address} download>
          {t('planning.ical_file')}
        </a>
        <span role="status">{said}</span>
      </p>
    </details>
  )
}
