// Vendors' services that call us for this municipality: where each is to call, and a new one.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import { dayAndTime } from '../../shell/clock'
import type { Integration, IntegrationAdded } from '../../wire/types'
import { Field, Select } from '../parts/Field'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { Entered, type Shown } from './Entered'
import { whole } from './inward'
import { NewOne } from './NewOne'

const PATH = '/api/v1/vendor-integrations'
const VENDORS = ['generic', 'tedee'] as const

export function Vendors() {
  const { t } = useTranslation()
  const shown = ({ integration, path, secret }: IntegrationAdded): Shown => {
    const who = integration.name
    // What signs nothing has its secret in the address, so there the address is the secret.
    if (integration.scheme === null)
      return {
        label: t('integrations.vendor_address', { who }),
        secret: whole(path, '', location.origin),
        lead: t('integrations.vendor_address_lead'),
      }
    return { label: t('integrations.vendor_secret', { who }), secret, lead: t('integrations.vendor_secret_lead') }
  }
  return (
    <Entered<Integration>
      heading={t('integrations.vendors')}
      lead={t('integrations.vendors_lead')}
      none={t('integrations.no_vendors')}
      add={t('integrations.add_vendor')}
      path={PATH}
      every={null}
      card={(one, look) => <Vendor one={one} look={look} />}
      form={(entered, close) => <NewVendor entered={(added) => entered(shown(added))} close={close} />}
    />
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
  const [name, setName] = useState('')
  const [vendor, setVendor] = useState('generic')
  return (
    <NewOne<IntegrationAdded>
      label={t('integrations.new_vendor')}
      enter={t('integrations.enter_vendor')}
      path={PATH}
      body={name.trim() ? { vendor, name: name.trim() } : null}
      written={name !== ''}
      entered={entered}
      close={close}
    >
      {(tried) => (
        <>
          <Field label={t('planning.name')} faults={tried && !name.trim() ? [t('planning.name_missing')] : []}>
            {(wired) => (
              <input
                {...wired}
                maxLength={120}
                autoComplete="off"
                value={name}
                onChange={(e) => setName(e.target.value)}
              />
            )}
          </Field>
          <Select
            label={t('integrations.vendor_kind')}
            value={vendor}
            options={VENDORS.map((one) => ({ id: one, name: t(`integrations.vendor.${one}`) }))}
            hint={t('integrations.vendor_hint')}
            choose={setVendor}
          />
        </>
      )}
    </NewOne>
  )
}
