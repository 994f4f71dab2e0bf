// Where events are sent, how each goes, and a new one.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SubscriptionList, SubscriptionSecret, SubscriptionView } from '../../wire/types'
import { useBack } from '../parts/focus'
import { Once } from '../parts/Once'
import { Reading } from '../parts/Reading'
import { useWatched } from '../parts/useWatched'
import { nameOf } from './outgoing'
import { Subscription } from './Subscription'
import { SubscriptionForm } from './SubscriptionForm'

export function Subscriptions() {
  const { t } = useTranslation()
  const id = useId()
  const [watched, look] = useWatched<SubscriptionList>('/api/v1/subscriptions', 30_000)
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t('integrations.subscriptions')}</h2>
      <p className="calm">{t('integrations.subscriptions_lead')}</p>
      {watched.state === 'read' ? (
        <>
          {watched.old && <p role="status">{t('integrations.old')}</p>}
          <List items={watched.view.items} look={look} />
        </>
      ) : (
        <Reading unread={watched} />
      )}
    </section>
  )
}

function List({ items, look }: { items: readonly SubscriptionView[]; look: () => void }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const button = useBack(adding)
  const [made, setMade] = useState<SubscriptionSecret | null>(null)
  return (
    <>
      {items.length === 0 && <p>{t('integrations.no_subscriptions')}</p>}
      <ul className="cards">
        {items.map((one) => (
          <li key={one.id}>
            <Subscription view={one} look={look} />
          </li>
        ))}
      </ul>
      {made && (
        <Once
          label={t('integrations.secret_of', { who: nameOf(made.subscription.url) })}
          secret={made.secret}
          lead={t('integrations.secret_lead')}
          put={() => setMade(null)}
        />
      )}
      {adding ? (
        <SubscriptionForm
          view={null}
          saved={(secret) => {
            setAdding(false)
            setMade(secret)
            look()
          }}
          look={look}
          close={() => setAdding(false)}
        />
      ) : (
        !made && (
          <button type="button" ref={button} className="quiet" onClick={() => setAdding(true)}>
            + {t('integrations.add_subscription')}
          </button>
        )
      )}
    </>
  )
}
