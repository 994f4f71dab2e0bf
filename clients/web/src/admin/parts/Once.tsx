// A secret that is shown this once: to copy, and then to put away.
import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUnsaved } from './useHeld'

interface Props {
  label: string
  secret: string
  /** What it is for, and where it goes. */
  lead: string
  put: () => void
}

export function Once({ label, secret, lead, put }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<'no' | 'yes' | 'chosen'>('no')
  useUnsaved(true)
  useEffect(() => field.current?.focus(), [])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      setCopied('yes')
    } catch {
      // Not every browser lets a page copy; then it is chosen, and the keyboard does it.
      field.current?.select()
      setCopied('chosen')
    }
  }
  return (
    <section className="once" aria-label={label}>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input id={id} ref={field} readOnly value={secret} aria-describedby={`${id}-lead`} spellCheck={false} />
        <p id={`${id}-lead`} className="field-hint">
          {t('integrations.once')} {lead}
        </p>
      </div>
      <p className="acts">
        <button type="button" className="main-act" onClick={() => void copy()}>
          {t('integrations.copy')}
        </button>
        <button type="button" onClick={put}>
          {t('integrations.once_put')}
        </button>
        <span role="status">
          {copied === 'yes' && t('integrations.copied')}
          {copied === 'chosen' && t('integrations.chosen')}
        </span>
      </p>
    </section>
  )
}
