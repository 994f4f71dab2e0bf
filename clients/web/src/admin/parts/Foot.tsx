// The end of a form: what sends it, what closes it, and in a sentence why it was refused.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export function Foot({ send, close, refused }: { send: string; close: () => void; refused: ReactNode }) {
  const { t } = useTranslation()
  return (
    <>
      <p className="acts">
        <button type="submit" className="main-act">
          {send}
        </button>
        <button type="button" onClick={close}>
          {t('integrations.close')}
        </button>
      </p>
      <p role="status">{refused}</p>
    </>
  )
}
