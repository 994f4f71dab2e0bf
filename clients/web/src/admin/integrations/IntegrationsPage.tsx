// What a municipality's other systems are sent and may fetch, and where devices and vendors reach us.
import { useTranslation } from 'react-i18next'
import { Clients } from './Clients'
import { Receivers } from './Receivers'
import { Subscriptions } from './Subscriptions'
import { Vendors } from './Vendors'

export function IntegrationsPage() {
  const { t } = useTranslation()
  return (
    <>
      <h1>{t('planning.room.integrations')}</h1>
      <p className="calm">{t('integrations.lead')}</p>
      <Subscriptions />
      <Clients />
      <Receivers />
      <Vendors />
    </>
  )
}
