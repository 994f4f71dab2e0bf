// Notes pinned to a person: seen at each of that person's cases until somebody takes them down.
import { useState } from 'react'
import { Button, Label, TextArea, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { dayAndTime } from '../shell/clock'
import type { PersonNotes } from '../wire/types'
import { useAsked } from './useAsked'

export function PinnedNotes({ resident, on, open }: { resident: string; on: string; open: boolean }) {
  const { t, i18n } = useTranslation()
  const here = `/api/v1/residents/${encodeURIComponent(resident)}/notes`
  const forCase = `?case=${encodeURIComponent(on)}`
  const [asked, again] = useAsked<PersonNotes>(here + forCase, 0)
  const [text, setText] = useState('')
  const [failed, setFailed] = useState(false)
  const send = async (path: string, question: { method: 'POST' | 'DELETE'; body?: unknown }) => {
    setFailed(false)
    try {
      await ask(path, question)
      if (question.method === 'POST') setText('')
      again()
    } catch {
      setFailed(true)
    }
  }
  const pin = () => send(here, { method: 'POST', body: { text: text.trim(), case: on } })
  const notes = asked.state === 'here' ? asked.answer.items : []
  return (
    <div className="person-part pinned">
      <h3>
        {t('handling.notes')}{' '}
        <span className="key" aria-hidden="true">
          F
        </span>
      </h3>
      {asked.state === 'failed' && <p className="calm">{t('handling.notes_failed')}</p>}
      {asked.state === 'here' && notes.length === 0 && <p className="calm">{t('handling.notes_none')}</p>}
      <ul>
        {notes.map((note) => (
          <li key={note.id}>
            <p>{note.text}</p>
            <span className="calm">
              {t('handling.note_by', {
                name: note.by_name,
                time: dayAndTime(Date.parse(note.at), i18n.language),
              })}
            </span>
            {open && (
              <Button className="act" onPress={() => send(`${here}/${note.id}${forCase}`, { method: 'DELETE' })}>
                {t('handling.unpin')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <div className="note">
          <TextField className="field" value={text} onChange={setText} maxLength={2000}>
            <Label>{t('handling.pin_label')}</Label>
            <TextArea id="pin-field" rows={1} />
          </TextField>
          <Button className="act" isDisabled={!text.trim()} onPress={pin}>
            {t('handling.pin')}
          </Button>
        </div>
      )}
      <p role="status">{failed && t('handling.note_unsaved')}</p>
    </div>
  )
}
