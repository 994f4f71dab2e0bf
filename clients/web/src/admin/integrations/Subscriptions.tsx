// Where events are sent, how each goes, and a new one.
import { useTranslation } from 'react-i18next'
import type { SubscriptionSecret, SubscriptionView } from '../../wire/types'
import { Entered } from './Entered'
import { nameOf } from './outgoing'
import { Subscription } from './Subscription'
import { SubscriptionForm } from './SubscriptionForm'

export function Subscriptions() {
  const { t } = useTranslation()
  const shown = (made: SubscriptionSecret) => ({
    label: t('integrations.secret_of', { who: nameOf(made.subscription.url) }),
    secret: made.secret,
    lead: t('integrations.secret_lead'),
  })
  return (
    <Entered<SubscriptionView>
      heading={t('integrations.subscriptions')}
      lead={t('integrations.subscriptions_lead')}
      none={t('integrations.no_subscriptions')}
      add={t('integrations.add_subscription')}
      path="/api/v1/subscriptions"
      every={30_000}
      card={(one, look) => <Subscription view={one} look={look} />}
      form={(entered, close, look) => (
        <SubscriptionForm view={null} saved={(made) => entered(made && shown(made))} look={look} close={close} />
      )}
    />
  )
}
