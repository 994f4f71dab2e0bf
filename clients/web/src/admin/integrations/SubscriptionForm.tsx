// Where events are to go, and which: for a new subscription, and for one that there is.
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import type { SubscriptionBody, SubscriptionSecret, SubscriptionView } from '../../wire/types'
import { Checks, Field } from '../parts/Field'
import { Foot } from '../parts/Foot'
import { useFirst } from '../parts/focus'
import { same } from '../parts/hold'
import { faultSentence } from '../parts/refusals'
import { useUnsaved } from '../parts/useHeld'
import { bodyOf, eventsOf, eventWord, GROUPS, nameOf, urlFault } from './outgoing'

interface Props {
  view: SubscriptionView | null
  /** `secret` is there when it is new. */
  saved: (secret: SubscriptionSecret | null) => void
  /** What stands there may be another by now. */
  look: () => void
  close: () => void
}

export function SubscriptionForm({ view, saved, look, close }: Props) {
  const { t } = useTranslation()
  const form = useFirst()
  const name = useId()
  const [clean] = useState(() => bodyOf(view))
  const [draft, setDraft] = useState<SubscriptionBody>(clean)
  const [some, setSome] = useState(clean.types.length > 0)
  const [fault, setFault] = useState<string | null>(null)
  useUnsaved(!same(draft, clean))
  const chosen = new Set(draft.types)
  const save = async () => {
    const body = { ...draft, url: draft.url.trim(), types: some ? draft.types : [] }
    const wrong = urlFault(body.url) ?? (some && body.types.length === 0 ? 'no_types' : null)
    setFault(wrong)
    if (wrong) return
    try {
      if (view) {
        const path = `/api/v1/subscriptions/${encodeURIComponent(view.id)}`
        await ask<SubscriptionView>(path, { method: 'PUT', body: { ...body, seen: view.tag } })
        saved(null)
      } else saved(await ask<SubscriptionSecret>('/api/v1/subscriptions', { method: 'POST', body }))
    } catch (error) {
      setFault(error instanceof Problem ? error.code : 'unknown')
      look()
    }
  }
  const ofUrl = fault === 'subscription_url' ? [faultSentence(fault, t)] : []
  return (
    <form
      ref={form}
      className="inner"
      aria-label={view ? nameOf(view.url) : t('integrations.new_subscription')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {!view && <h3>{t('integrations.new_subscription')}</h3>}
      <Field label={t('integrations.url')} hint={t('integrations.url_hint')} faults={ofUrl}>
        {(wired) => (
          <input
            {...wired}
            type="url"
            autoComplete="off"
            maxLength={500}
            value={draft.url}
            onChange={(event) => setDraft({ ...draft, url: event.target.value })}
          />
        )}
      </Field>
      <fieldset className="stack">
        <legend>{t('integrations.which')}</legend>
        <label className="check">
          <input type="radio" name={name} checked={!some} onChange={() => setSome(false)} />
          {t('integrations.all_events')}
        </label>
        <label className="check">
          <input type="radio" name={name} checked={some} onChange={() => setSome(true)} />
          {t('integrations.some_events')}
        </label>
        {some &&
          GROUPS.map((group) => (
            <Checks
              key={group}
              label={t(`integrations.group.${group}`)}
              options={eventsOf(group).map((type) => ({ id: type, name: eventWord(type, t) }))}
              chosen={draft.types}
              change={(types) => {
                const here = new Set<string>(types)
                const wanted = GROUPS.flatMap(eventsOf).filter((type) =>
                  eventsOf(group).includes(type) ? here.has(type) : chosen.has(type),
                )
                setDraft({ ...draft, types: wanted })
              }}
            />
          ))}
        {fault === 'no_types' && <p className="fault">▲ {t('integrations.no_types')}</p>}
      </fieldset>
      <label className="check">
        <input
          type="checkbox"
          checked={draft.resident}
          onChange={(event) => setDraft({ ...draft, resident: event.target.checked })}
        />
        {t('integrations.resident')}
      </label>
      <p className="calm field-hint">{t('integrations.resident_hint')}</p>
      <Foot
        send={view ? t('planning.save') : t('integrations.begin')}
        close={close}
        refused={fault && fault !== 'no_types' && ofUrl.length === 0 && faultSentence(fault, t)}
      />
    </form>
  )
}
