// What is said while something is fetched, and when it is not for who asks.
import { useTranslation } from 'react-i18next'
import type { Unread } from './useHeld'

export function Reading({ unread }: { unread: Unread }) {
  const { t } = useTranslation()
  if (unread.state === 'waiting') return <p role="status">{t('app.moment')}</p>
  const code = unread.status === 403 ? 'no_right' : unread.status === 404 ? 'not_there' : 'not_read'
  return <p role="alert">{t(`planning.${code}`)}</p>
}
