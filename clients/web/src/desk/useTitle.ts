// The tab says how many wait, for whoever has another window in front.
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

export function useTitle(waiting: number): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = waiting > 0 ? t('queue.document_waiting', { count: waiting }) : t('queue.document_none')
  }, [waiting, t])
}
