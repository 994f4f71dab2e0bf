// Other systems that ask for themselves: what each may do, until when its key is good, and a new one.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import { dayAndTime } from '../../shell/clock'
import type { ClientScope, ClientToken, ClientView } from '../../wire/types'
import { Checks, Field } from '../parts/Field'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { Entered } from './Entered'
import { NewOne } from './NewOne'

const PATH = '/api/v1/clients'
const SCOPES = ['events:read', 'events:resident', 'cases:read'] as const satisfies readonly ClientScope[]
const WORDS = { 'events:read': 'events', 'events:resident': 'resident', 'cases:read': 'cases' } as const
const DAYS = ['30', '90', '365', '730']

export function Clients() {
  const { t } = useTranslation()
  const shown = (made: ClientToken) => ({
    label: t('integrations.token_of', { who: made.client.name }),
    secret: made.token,
    lead: t('integrations.token_lead'),
  })
  return (
    <Entered<ClientView>
      heading={t('integrations.clients')}
      lead={t('integrations.clients_lead')}
      none={t('integrations.no_clients')}
      add={t('integrations.add_client')}
      path={PATH}
      every={null}
      card={(client, look, show) => <Client client={client} look={look} made={(token) => show(shown(token))} />}
      form={(entered, close) => <NewClient entered={(token) => entered(shown(token))} close={close} />}
    />
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
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['events:read'])
  const [days, setDays] = useState('365')
  const nameless = !name.trim()
  const scopeless = scopes.length === 0
  return (
    <NewOne<ClientToken>
      label={t('integrations.new_client')}
      enter={t('integrations.enter_client')}
      path={PATH}
      body={nameless || scopeless ? null : { name: name.trim(), scopes, days: Number(days) }}
      written={name !== ''}
      entered={entered}
      close={close}
    >
      {(tried) => (
        <>
          <Field
            label={t('integrations.client_name')}
            hint={t('integrations.client_name_hint')}
            faults={tried && nameless ? [t('planning.name_missing')] : []}
          >
            {(wired) => (
              <input
                {...wired}
                maxLength={80}
                autoComplete="off"
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
            )}
          </Field>
          <Checks
            label={t('integrations.may')}
            hint={t('integrations.may_hint')}
            options={SCOPES.map((scope) => ({ id: scope, name: t(`integrations.scope.${WORDS[scope]}`) }))}
            chosen={scopes}
            change={setScopes}
            faults={tried && scopeless ? [t('integrations.no_scopes')] : []}
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
        </>
      )}
    </NewOne>
  )
}
