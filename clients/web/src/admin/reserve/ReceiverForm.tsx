// An external alarm centre's address, what we are called there, and the password, which is never shown again.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../../shell/ask'
import type { PutReceiver, ReceiverView } from '../../wire/types'
import { Field, Select } from '../parts/Field'
import { Foot } from '../parts/Foot'
import { useFirst } from '../parts/focus'
import { same } from '../parts/hold'
import { faultSentence } from '../parts/refusals'
import { useUnsaved } from '../parts/useHeld'
import { draftOf, faultsOf, put, type ReceiverDraft, TRANSPORTS, type Transport } from './receiver'

interface Props {
  view: ReceiverView | null
  /** Throws `Problem`. */
  save: (receiver: PutReceiver) => Promise<void>
  close: () => void
}

type Written = Exclude<keyof ReceiverDraft, 'transport' | 'own_accounts' | 'on'>

const LONGEST: Record<Written, number> = {
  name: 80,
  host: 253,
  port: 5,
  called: 64,
  account: 16,
  user: 80,
  password: 200,
}

export function ReceiverForm({ view, save, close }: Props) {
  const { t } = useTranslation()
  const form = useFirst()
  const [clean] = useState(() => draftOf(view))
  const [draft, setDraft] = useState(clean)
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  useUnsaved(!same(draft, clean))
  const has = view?.password ?? false
  const faults = tried ? faultsOf(draft, has) : {}
  const change = (part: Partial<ReceiverDraft>) => setDraft({ ...draft, ...part })
  const send = async () => {
    setTried(true)
    setRefused(null)
    if (Object.keys(faultsOf(draft, has)).length > 0) return
    try {
      await save(put(draft, view?.id ?? null))
    } catch (error) {
      setRefused(error instanceof Problem ? error.code : 'unknown')
    }
  }
  const field = (name: Written, hint?: string, narrow = false) => {
    const fault = faults[name]
    return (
      <Field
        label={t(`reserve.field.${name}`)}
        hint={hint}
        narrow={narrow}
        faults={fault ? [t(`reserve.wrong.${fault}`)] : []}
      >
        {(wired) => (
          <input
            {...wired}
            type={name === 'password' ? 'password' : 'text'}
            autoComplete={name === 'password' ? 'new-password' : 'off'}
            inputMode={name === 'port' || name === 'account' ? 'numeric' : undefined}
            maxLength={LONGEST[name]}
            value={draft[name]}
            onChange={(event) => change({ [name]: event.target.value })}
          />
        )}
      </Field>
    )
  }
  return (
    <form
      ref={form}
      className="inner"
      aria-label={view ? view.name : t('reserve.new')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {!view && <h3>{t('reserve.new')}</h3>}
      <div className="fields">{field('name')}</div>
      <div className="fields">
        <Select
          label={t('reserve.field.transport')}
          value={draft.transport}
          options={TRANSPORTS.map((one) => ({ id: one, name: t(`reserve.transport.${one}`) }))}
          hint={draft.transport === 'tls' ? undefined : t('reserve.open')}
          choose={(transport) => change({ transport: transport as Transport })}
        />
        {field('host', t('reserve.host_hint'))}
        {field('port', undefined, true)}
      </div>
      <div className="fields">
        {field('account', t('reserve.account_hint'))}
        {field('called', t('reserve.called_hint'))}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={draft.own_accounts}
          onChange={(event) => change({ own_accounts: event.target.checked })}
        />
        {t('reserve.own')}
      </label>
      <div className="fields">
        {field('user', t('reserve.user_hint'))}
        {field('password', has ? t('reserve.password_keep') : t('reserve.password_hint'))}
      </div>
      <label className="check">
        <input type="checkbox" checked={draft.on} onChange={(event) => change({ on: event.target.checked })} />
        {t('reserve.in_use')}
      </label>
      <Foot send={t('planning.save')} close={close} refused={refused && faultSentence(refused, t)} />
    </form>
  )
}
