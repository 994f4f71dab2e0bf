// Whom to tell when alarms cannot be received. Planners read it, administrators change it.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OutageContact, OutageContacts } from '../../wire/types'
import { Reading } from '../parts/Reading'
import { useRead } from '../parts/useHeld'
import { Contact } from './Contact'

export function ContactsPage() {
  const { t } = useTranslation()
  const [again, setAgain] = useState(0)
  const read = useRead<OutageContacts>('/api/v1/outage-contacts', again)
  return (
    <>
      <h1>{t('planning.room.contacts')}</h1>
      <p className="calm">{t('planning.contacts_lead')}</p>
      {read.state === 'read' ? (
        <Contacts view={read.view} changed={() => setAgain(again + 1)} />
      ) : (
        <Reading unread={read} />
      )}
    </>
  )
}

function Contacts({ view, changed }: { view: OutageContacts; changed: () => void }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  return (
    <>
      {!view.may_change && <p>{t('planning.contacts_read')}</p>}
      {view.items.length === 0 && (
        <div className="loud">
          <p>
            <strong>
              <span aria-hidden="true">▲ </span>
              {t('planning.no_contacts')}
            </strong>
          </p>
        </div>
      )}
      <ul className="cards">
        {view.items.map((contact) => (
          <li key={`${contact.id} ${contact.tag}`}>
            {view.may_change ? <Contact contact={contact} changed={changed} /> : <Shown contact={contact} />}
          </li>
        ))}
        {adding && (
          <li>
            <Contact
              contact={null}
              changed={() => {
                setAdding(false)
                changed()
              }}
            />
          </li>
        )}
      </ul>
      {view.may_change && !adding && (
        <button type="button" className="quiet" onClick={() => setAdding(true)}>
          + {t('planning.add_contact')}
        </button>
      )}
    </>
  )
}

function Shown({ contact }: { contact: OutageContact }) {
  const { t } = useTranslation()
  return (
    <>
      <h2>{contact.name}</h2>
      {contact.email && (
        <p>
          {t('planning.email')}: {contact.email}
        </p>
      )}
      {contact.webhook && (
        <p>
          {t('planning.webhook')}: {contact.webhook}
        </p>
      )}
    </>
  )
}
