// What is to be done for one resident besides. Nobody's list is read before it is asked for: each look is logged.
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import type { Reason, ResidentList, ResidentListed, ResidentSteps } from '../../wire/types'
import { REASONS } from '../foresee'
import { Select } from '../parts/Field'
import { isDirty } from '../parts/hold'
import { Reading } from '../parts/Reading'
import { SaveBar } from '../parts/SaveBar'
import { type Editing, type Source, useHeld } from '../parts/useHeld'
import { type AdditionRow, additionsOf, hasEmpty, reasonOf, wordOf } from './steps'
import { TextRows } from './TextRows'

const MOST_PAGES = 50

async function everyResident(): Promise<ResidentListed[]> {
  const found: ResidentListed[] = []
  let cursor = ''
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const list = await ask<ResidentList>(`/api/v1/residents?limit=200${cursor}`)
    found.push(...list.items)
    if (!list.next) break
    cursor = `&cursor=${encodeURIComponent(list.next)}`
  }
  return found
}

export function ResidentPart() {
  const { t, i18n } = useTranslation()
  const [residents, setResidents] = useState<ResidentListed[] | 'unasked' | 'waiting' | 'failed'>('unasked')
  const [chosen, setChosen] = useState('')
  const [dirty, setDirty] = useState(false)
  const look = () => {
    setResidents('waiting')
    everyResident().then(setResidents, () => setResidents('failed'))
  }
  return (
    <section aria-labelledby="resident-steps" className="apart">
      <h2 id="resident-steps">{t('planning.resident_steps')}</h2>
      <p className="calm">{t('planning.resident_steps_lead')}</p>
      {Array.isArray(residents) ? (
        <Select
          label={t('planning.resident')}
          value={chosen}
          options={residents
            .map((one) => ({ id: one.id, name: `${one.name}, ${one.unit_name}` }))
            .sort((one, other) => one.name.localeCompare(other.name, i18n.language))}
          hint={dirty ? t('planning.save_first') : undefined}
          choose={(resident) => {
            if (!dirty) setChosen(resident)
          }}
        />
      ) : (
        <button type="button" disabled={residents === 'waiting'} onClick={look}>
          {t('planning.choose_resident')}
        </button>
      )}
      {residents === 'failed' && <p role="alert">{t('planning.not_read')}</p>}
      {chosen && <One key={chosen} resident={chosen} told={setDirty} />}
    </section>
  )
}

function sourceOf(resident: string): Source<ResidentSteps, AdditionRow[]> {
  const path = `/api/v1/residents/${encodeURIComponent(resident)}/action-steps`
  return {
    read: path,
    draftOf: (view) => additionsOf(view?.items ?? []),
    put: (rows, seen) => {
      const items = rows.map(({ reason, text }) => ({ reason, text: text.trim() }))
      return ask<ResidentSteps>(path, { method: 'PUT', body: { items, seen: seen?.tag ?? '' } })
    },
  }
}

function One({ resident, told }: { resident: string; told: (dirty: boolean) => void }) {
  const source = useMemo(() => sourceOf(resident), [resident])
  const editing = useHeld(source)
  if (editing.holding.state !== 'here') return <Reading unread={editing.holding} />
  return <Additions held={editing.holding.held} editing={editing} told={told} />
}

interface Props {
  held: Extract<Editing<ResidentSteps, AdditionRow[]>['holding'], { state: 'here' }>['held']
  editing: Editing<ResidentSteps, AdditionRow[]>
  told: (dirty: boolean) => void
}

function Additions({ held, editing, told }: Props) {
  const { t } = useTranslation()
  const dirty = isDirty(held)
  useEffect(() => told(dirty), [told, dirty])
  const reasons = [...REASONS.person, ...REASONS.technical].map((one) => ({
    id: wordOf(one),
    name: t(`reason.${one}`),
  }))
  const fresh: { reason: Reason | null } = { reason: null }
  return (
    <>
      <h3>{held.view?.name}</h3>
      <TextRows
        rows={held.draft}
        fresh={fresh}
        change={editing.edit}
        empty={t('planning.no_additions')}
        also={(row, put) => (
          <Select
            label={t('planning.for_which')}
            value={row.reason ?? ''}
            none={t('planning.each_alarm')}
            options={reasons}
            choose={(word) => put({ reason: word ? reasonOf(word) : null })}
          />
        )}
      />
      <SaveBar held={held} editing={editing} stop={hasEmpty(held.draft) ? t('planning.text_missing') : null} />
    </>
  )
}
