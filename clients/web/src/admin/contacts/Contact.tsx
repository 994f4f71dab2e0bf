// One contact: a name, and how they are told.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import type { OutageContact } from '../../wire/types'
import { Field } from '../parts/Field'
import { same } from '../parts/hold'
import { useUnsaved } from '../parts/useHeld'
import { faultSentence } from '../parts/words'
import { type ContactDraft, draftOf, faultsOf, trimmed } from './contacts'

const PATH = '/api/v1/outage-contacts'
const FIELDS = ['name', 'email', 'webhook'] as const

export function Contact({ contact, changed }: { contact: OutageContact | null; changed: () => void }) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<ContactDraft>(draftOf(contact))
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)
  const [removing, setRemoving] = useState(false)
  const dirty = !same(trimmed(draft), draftOf(contact))
  useUnsaved(dirty)
  const faults = tried ? faultsOf(draft) : {}
  const send = async (method: 'PUT' | 'POST' | 'DELETE') => {
    const one = contact ? `${PATH}/${encodeURIComponent(contact.id)}` : PATH
    try {
      if (method === 'DELETE') await ask(`${one}?seen=${contact?.tag}`, { method })
      else await ask(one, { method, body: { ...trimmed(draft), ...(contact && { seen: contact.tag }) } })
      changed()
    } catch (error) {
      setRefused(error instanceof Problem ? error.code : 'unknown')
    }
  }
  const save = () => {
    setTried(true)
    setRefused(null)
    if (Object.keys(faultsOf(draft)).length === 0) void send(contact ? 'PUT' : 'POST')
  }
  const sentenceFor = (field: (typeof FIELDS)[number]) => {
    const code = faults[field] ?? (refused === `contact_${field}` ? refused : undefined)
    return code === undefined ? [] : [code === 'name_missing' ? t('planning.name_missing') : faultSentence(code, t)]
  }
  const title = contact?.name ?? t('planning.new_contact')
  return (
    <form
      className="contact"
      aria-label={title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <h2>{title}</h2>
      <div className="fields">
        {FIELDS.map((field) => (
          <Field
            key={field}
            label={t(`planning.${field === 'name' ? 'contact_name' : field}`)}
            faults={sentenceFor(field)}
            hint={field === 'webhook' ? t('planning.webhook_hint') : undefined}
          >
            {(wired) => (
              <input
                {...wired}
                type={field === 'email' ? 'email' : field === 'webhook' ? 'url' : 'text'}
                autoComplete="off"
                maxLength={field === 'name' ? 80 : 300}
                value={draft[field]}
                onChange={(event) => setDraft({ ...draft, [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <p className="acts">
        <button type="submit" className="main-act" disabled={!dirty}>
          {t('planning.save')}
        </button>
        {contact && (
          <button type="button" onClick={() => (removing ? void send('DELETE') : setRemoving(true))}>
            {removing ? t('planning.remove_yes') : t('planning.remove_this', { what: contact.name })}
          </button>
        )}
        {removing && (
          <button type="button" onClick={() => setRemoving(false)}>
            {t('planning.remove_no')}
          </button>
        )}
        {!contact && (
          <button type="button" onClick={changed}>
            {t('planning.undo')}
          </button>
        )}
      </p>
      <p role="status">{refused && <Refused code={refused} again={changed} />}</p>
    </form>
  )
}

function Refused({ code, again }: { code: string; again: () => void }) {
  const { t } = useTranslation()
  if (code !== 'changed_meanwhile') return code.startsWith('contact_') ? null : faultSentence(code, t)
  return (
    <>
      {t('planning.changed_meanwhile', { who: t('planning.somebody') })}{' '}
      <button type="button" onClick={again}>
        {t('planning.take_theirs')}
      </button>
    </>
  )
}
