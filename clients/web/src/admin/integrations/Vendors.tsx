// Vendors' services that call us for this municipality: where each is to call, and a new one.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import { dayAndTime } from '../../shell/clock'
import type { Integration, IntegrationAdded, Integrations } from '../../wire/types'
import { Field, Select } from '../parts/Field'
import { useBack, useFirst } from '../parts/focus'
import { Once } from '../parts/Once'
import { Reading } from '../parts/Reading'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { useRead, useUnsaved } from '../parts/useHeld'
import { whole } from './inward'

const PATH = '/api/v1/vendor-integrations'
const VENDORS = ['generic', 'tedee'] as const

export function Vendors() {
  const { t } = useTranslation()
  const id = useId()
  const [again, setAgain] = useState(0)
  const read = useRead<Integrations>(PATH, again)
  const [adding, setAdding] = useState(false)
  const button = useBack(adding)
  const [added, setAdded] = useState<IntegrationAdded | null>(null)
  const look = () => setAgain(again + 1)
  // What signs nothing has its secret in the address, so there the address is the secret.
  const inAddress = added !== null && added.integration.scheme === null
  const who = added?.integration.name ?? ''
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t('integrations.vendors')}</h2>
      <p className="calm">{t('integrations.vendors_lead')}</p>
      {read.state === 'read' ? (
        <>
          {read.view.items.length === 0 && <p>{t('integrations.no_vendors')}</p>}
          <ul className="cards">
            {read.view.items.map((one) => (
              <li key={one.id}>
                <Vendor one={one} look={look} />
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Reading unread={read} />
      )}
      {added && (
        <Once
          label={inAddress ? t('integrations.vendor_address', { who }) : t('integrations.vendor_secret', { who })}
          secret={inAddress ? whole(added.path, '', location.origin) : added.secret}
          lead={inAddress ? t('integrations.vendor_address_lead') : t('integrations.vendor_secret_lead')}
          put={() => setAdded(null)}
        />
      )}
      {adding ? (
        <NewVendor
          entered={(one) => {
            setAdding(false)
            setAdded(one)
            look()
          }}
          close={() => setAdding(false)}
        />
      ) : (
        read.state === 'read' &&
        !added && (
          <button type="button" ref={button} className="quiet" onClick={() => setAdding(true)}>
            + {t('integrations.add_vendor')}
          </button>
        )
      )}
    </section>
  )
}

function Vendor({ one, look }: { one: Integration; look: () => void }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      <h3>{one.name}</h3>
      <p>
        {t(`integrations.vendor.${one.vendor}`)}.{' '}
        {t('integrations.vendor_since', { time: dayAndTime(Date.parse(one.added_at), i18n.language) })}
      </p>
      <p className="address">{whole(one.path, '', location.origin)}</p>
      <fieldset className="acts">
        <legend className="unseen">{t('integrations.acts_of', { what: one.name })}</legend>
        <Sure
          label={t('planning.remove')}
          yes={t('planning.remove_yes')}
          no={t('planning.remove_no')}
          refused={(code) => faultSentence(code, t)}
          act={async () => {
            await ask(`${PATH}/${encodeURIComponent(one.id)}`, { method: 'DELETE' })
            look()
          }}
        >
          <p>{t('integrations.remove_vendor_sure', { what: one.name })}</p>
        </Sure>
      </fieldset>
    </>
  )
}

function NewVendor({ entered, close }: { entered: (one: IntegrationAdded) => void; close: () => void }) {
  const { t } = useTranslation()
  const form = useFirst()
  const [name, setName] = useState('')
  const [vendor, setVendor] = useState('generic')
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  useUnsaved(name !== '')
  const enter = async () => {
    setTried(true)
    setRefused(null)
    if (!name.trim()) return
    try {
      entered(await ask<IntegrationAdded>(PATH, { method: 'POST', body: { vendor, name: name.trim() } }))
    } catch (error) {
      setRefused(error instanceof Problem ? error.code : 'unknown')
    }
  }
  return (
    <form
      ref={form}
      className="inner"
      aria-label={t('integrations.new_vendor')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void enter()
      }}
    >
      <h3>{t('integrations.new_vendor')}</h3>
      <Field label={t('planning.name')} faults={tried && !name.trim() ? [t('planning.name_missing')] : []}>
        {(wired) => (
          <input {...wired} maxLength={120} autoComplete="off" value={name} onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <Select
        label={t('integrations.vendor_kind')}
        value={vendor}
        options={VENDORS.map((one) => ({ id: one, name: t(`integrations.vendor.${one}`) }))}
        hint={t('integrations.vendor_hint')}
        choose={setVendor}
      />
      <p className="acts">
        <button type="submit" className="main-act">
          {t('integrations.enter_vendor')}
        </button>
        <button type="button" onClick={close}>
          {t('integrations.close')}
        </button>
      </p>
      <p role="status">{refused && faultSentence(refused, t)}</p>
    </form>
  )
}
