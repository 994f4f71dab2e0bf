// One sentence when a page cannot be used, and what to do.
import { useTranslation } from 'react-i18next'

export type GateReason = 'login' | 'unreachable' | 'wrong_page' | 'moment'

export function Gate({ reason, name = '', demo }: { reason: GateReason; name?: string; demo: boolean }) {
  const { t } = useTranslation()
  const sentence = reason === 'moment' ? t('app.moment') : t(`gate.${reason}`, { name })
  return (
    <main className="gate">
      <h1>{t('app.name')}</h1>
      <p role={reason === 'moment' ? undefined : 'status'}>{sentence}</p>
      {demo && reason !== 'moment' && <a href="/">{t('gate.choose')}</a>}
    </main>
  )
}
