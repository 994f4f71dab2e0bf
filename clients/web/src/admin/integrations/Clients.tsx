// Other systems that ask for themselves: what each may do, until when its key is good, and a new one.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import { dayAndTime } from '../../shell/clock'
import type { ClientList, ClientScope, ClientToken, ClientView } from '../../wire/types'
import { Checks, Field } from '../parts/Field'
import { useBack, useFirst } from '../parts/focus'
import { Once } from '../parts/Once'
import { Reading } from '../parts/Reading'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { useUnsaved } from '../parts/useHeld'
import { useWatched } from '../parts/useWatched'

const PATH = '/api/v1/clients'
const SCOPES = ['events:read', 'events:resident', 'cases:read'] as const satisfies readonly ClientScope[]
const WORDS = { 'events:read': 'events', 'events:resident': 'resident', 'cases:read': 'cases' } as const
const DAYS = ['30', '90', '365', '730']

export function Clients() {
  const { t } = useTranslation()
  const id = useId()
  const [watched, look] = useWatched<ClientList>(PATH, null)
  const [adding, setAdding] = useState(false)
  const button = useBack(adding)
  const [made, setMade] = useState<ClientToken | null>(null)
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t('integrations.clients')}</h2>
      <p className="calm">{t('integrations.clients_lead')}</p>
      {watched.state === 'read' ? (
        <>
          {watched.old && <p role="status">{t('integrations.old')}</p>}
          {watched.view.items.length === 0 && <p>{t('integrations.no_clients')}</p>}
          <ul className="cards">
            {watched.view.items.map((client) => (
              <li key={client.id}>
                <Client client={client} look={look} made={setMade} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Reading unread={watched} />
      )}
      {made && (
        <Once
          key={made.token}
          label={t('integrations.token_of', { who: made.client.name })}
          secret={made.token}
          lead={t('integrations.token_lead')}
          put={() => setMade(null)}
        />
      )}
      {adding ? (
        <NewClient
          entered={(token) => {
            setAdding(false)
            setMade(token)
            look()
          }}
          close={() => setAdding(false)}
        />
      ) : (
        watched.state === 'read' &&
        !made && (
          <button type="button" ref={button} className="quiet" onClick={() => setAdding(true)}>
            + {t('integrations.add_client')}
          </button>
        )
      )}
    </section>
  )
}

function Client({ client, look, made }: { client: ClientView; look: () => void; made: (token: ClientToken) => void }) {
  const { t, i18n } = useTranslation()
  const refused = (code: string) => faultSentence(code, t)
  const path = `${PATH}/${encodeURIComponent(client.id)}`
  return (
    <>
      <h3>{client.name}</h3>
      <ul className="standing">
        {client.scopes.map((scope) => (
          <li key={scope}>{t(`integrations.scope.${WORDS[scope]}`)}</li>
        ))}
        <li>
          {client.token_ends_at
            ? t('integrations.token_until', { time: dayAndTime(Date.parse(client.token_ends_at), i18n.language) })
            : t('integrations.no_token')}
        </li>
      </ul>
      <fieldset className="acts">
        <legend className="unseen">{t('integrations.acts_of', { what: client.name })}</legend>
        <Sure
          label={t('integrations.new_token')}
          yes={t('integrations.new_token_yes')}
          no={t('integrations.no')}
          refused={refused}
          act={async () => {
            made(await ask<ClientToken>(`${path}/token`, { method: 'POST', body: {} }))
            look()
          }}
        >
          <p>{t('integrations.new_token_sure')}</p>
        </Sure>
        <Sure
          label={t('planning.remove')}
          yes={t('planning.remove_yes')}
          no={t('planning.remove_no')}
          refused={refused}
          act={async () => {
            await ask(path, { method: 'DELETE' })
            look()
          }}
        >
          <p>{t('integrations.remove_client_sure', { what: client.name })}</p>
        </Sure>
      </fieldset>
    </>
  )
}

function NewClient({ entered, close }: { entered: (token: ClientToken) => void; close: () => void }) {
  const { t } = useTranslation()
  const form = useFirst()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['events:read'])
  const [days, setDays] = useState('365')
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  useUnsaved(name !== '')
  const nameless = tried && !name.trim()
  const scopeless = tried && scopes.length === 0
  const enter = async () => {
    setTried(true)
    setRefused(null)
    if (!name.trim() || scopes.length === 0) return
    try {
      const body = { name: name.trim(), scopes, days: Number(days) }
      entered(await ask<ClientToken>(PATH, { method: 'POST', body }))
    } catch (error) {
      setRefused(error instanceof Problem ? error.code : 'unknown')
    }
  }
  return (
    <form
      ref={form}
      className="inner"
      aria-label={t('integrations.new_client')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void enter()
      }}
    >
      <h3>{t('integrations.new_client')}</h3>
      <Field
        label={t('integrations.client_name')}
        hint={t('integrations.client_name_hint')}
        faults={nameless ? [t('planning.name_missing')] : []}
      >
        {(wired) => (
          <input {...wired} maxLength={80} autoComplete="off" value={name} onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <Checks
        label={t('integrations.may')}
        hint={t('integrations.may_hint')}
        options={SCOPES.map((scope) => ({ id: scope, name: t(`integrations.scope.${WORDS[scope]}`) }))}
        chosen={scopes}
        change={setScopes}
        faults={scopeless ? [t('integrations.no_scopes')] : []}
      />
      <Field label={t('integrations.token_days')} narrow>
        {(wired) => (
          <select {...wired} value={days} onChange={(event) => setDays(event.target.value)}>
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {t('planning.lasting.days', { count: Number(one) })}
              </option>
            ))}
          </select>
        )}
      </Field>
      <p className="acts">
        <button type="submit" className="main-act">
          {t('integrations.enter_client')}
        </button>
        <button type="button" onClick={close}>
          {t('integrations.close')}
        </button>
      </p>
      <p role="status">{refused && faultSentence(refused, t)}</p>
    </form>
  )
}
