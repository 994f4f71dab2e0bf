// What an operator is to do at each kind of alarm: the municipality's own lists, and what a resident needs besides.
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import type { ActionSteps, Reason } from '../../wire/types'
import { REASONS } from '../foresee'
import { Select } from '../parts/Field'
import { isDirty } from '../parts/hold'
import { Reading } from '../parts/Reading'
import { SaveBar } from '../parts/SaveBar'
import { type Editing, type Source, useHeld } from '../parts/useHeld'
import { ResidentPart } from './ResidentPart'
import { hasEmpty, instead, listFor, reasonOf, rowsOf, type TextRow, wordOf } from './steps'
import { TextRows } from './TextRows'

const PATH = '/api/v1/action-steps'

function sourceOf(reason: Reason | null): Source<ActionSteps, TextRow[]> {
  return {
    read: PATH,
    draftOf: (view) => rowsOf(view ? listFor(view, reason).texts : []),
    put: (rows, seen) => {
      const body = { texts: rows.map((row) => row.text.trim()), seen: seen ? listFor(seen, reason).tag : '' }
      return ask<ActionSteps>(`${PATH}/${wordOf(reason)}`, { method: 'PUT', body })
    },
  }
}

export function StepsPage({ residents }: { residents: boolean }) {
  const { t } = useTranslation()
  const [word, setWord] = useState('every')
  const [dirty, setDirty] = useState(false)
  const reason = reasonOf(word)
  const every = [...REASONS.person, ...REASONS.technical]
  return (
    <>
      <h1>{t('planning.room.steps')}</h1>
      <p className="calm">{t('planning.action_steps_lead')}</p>
      <Select
        label={t('planning.for_which')}
        value={word}
        options={[
          { id: 'every', name: t('planning.every_alarm') },
          ...every.map((one) => ({ id: one, name: t(`reason.${one}`) })),
        ]}
        hint={dirty ? t('planning.save_first') : undefined}
        choose={(chosen) => {
          if (!dirty && chosen) setWord(chosen)
        }}
      />
      <Own key={word} reason={reason} told={setDirty} />
      {residents ? <ResidentPart /> : <p className="calm">{t('planning.residents_planner')}</p>}
    </>
  )
}

function Own({ reason, told }: { reason: Reason | null; told: (dirty: boolean) => void }) {
  const source = useMemo(() => sourceOf(reason), [reason])
  const editing = useHeld(source)
  if (editing.holding.state !== 'here') return <Reading unread={editing.holding} />
  return <List reason={reason} held={editing.holding.held} editing={editing} told={told} />
}

interface Props {
  reason: Reason | null
  held: Extract<Editing<ActionSteps, TextRow[]>['holding'], { state: 'here' }>['held']
  editing: Editing<ActionSteps, TextRow[]>
  told: (dirty: boolean) => void
}

function List({ reason, held, editing, told }: Props) {
  const { t } = useTranslation()
  const { draft, view } = held
  const dirty = isDirty(held)
  useEffect(() => told(dirty), [told, dirty])
  return (
    <>
      <TextRows rows={draft} fresh={{}} change={editing.edit} empty={t('planning.no_own_steps')} />
      {draft.length === 0 && view && <Usual all={view} reason={reason} />}
      <SaveBar held={held} editing={editing} stop={hasEmpty(draft) ? t('planning.text_missing') : null} />
    </>
  )
}

/** What is shown to who takes such a case while there is no own list. */
function Usual({ all, reason }: { all: ActionSteps; reason: Reason | null }) {
  const { t } = useTranslation()
  const found = instead(all, reason)
  return (
    <>
      <h2>{'texts' in found ? t('planning.instead_every') : t('planning.instead_usual')}</h2>
      <ol className="sentences">
        {'texts' in found
          ? // biome-ignore lint/suspicious/noArrayIndexKey: two steps may say the same
            found.texts.map((text, number) => <li key={number}>{text}</li>)
          : found.codes.map((code) => <li key={code}>{t(`handling.step.${code}`)}</li>)}
      </ol>
    </>
  )
}
