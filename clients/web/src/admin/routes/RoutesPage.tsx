// Who answers which alarm when: rules, holidays and overflow, with the week they make drawn beside them.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import type { RoutingView } from '../../wire/types'
import { Beside } from '../parts/Beside'
import { Holidays } from '../parts/Holidays'
import { isDirty } from '../parts/hold'
import { Reading } from '../parts/Reading'
import { SaveBar } from '../parts/SaveBar'
import { useAsked } from '../parts/useAsked'
import { type Editing, type Source, useHeld } from '../parts/useHeld'
import { useTrial } from '../parts/useTrial'
import { Overflows, Rules } from './Rules'
import { draftOf, type RoutingDraft } from './routing'
import { Week } from './Week'

const PATH = '/api/v1/routing'
const SOURCE: Source<RoutingView, RoutingDraft> = {
  read: PATH,
  draftOf,
  put: (draft, seen) => ask<RoutingView>(PATH, { method: 'PUT', body: { ...draft, version: seen?.version ?? 0 } }),
}

export function RoutesPage() {
  const { t } = useTranslation()
  const editing = useHeld(useMemo(() => SOURCE, []))
  return (
    <>
      <h1>{t('planning.room.routes')}</h1>
      <p className="calm">{t('planning.routes_lead')}</p>
      {editing.holding.state === 'here' ? (
        <Routes held={editing.holding.held} editing={editing} />
      ) : (
        <Reading unread={editing.holding} />
      )}
    </>
  )
}

interface Props {
  held: Extract<Editing<RoutingView, RoutingDraft>['holding'], { state: 'here' }>['held']
  editing: Editing<RoutingView, RoutingDraft>
}

function Routes({ held, editing }: Props) {
  const [asked, setAsked] = useAsked(true)
  const { draft, view } = held
  const trial = useTrial({ routing: draft }, asked, view?.version)
  const faults = trial.seen?.faults ?? []
  return (
    <>
      <div className="split">
        <div>
          <Rules draft={draft} faults={faults} edit={editing.edit} />
          <Overflows draft={draft} faults={faults} edit={editing.edit} />
          <Holidays holidays={draft.holidays} change={(holidays) => editing.edit({ ...draft, holidays })} />
          <SaveBar held={held} editing={editing} />
        </div>
        <Beside asked={asked} change={setAsked} trial={trial} dirty={isDirty(held)} />
      </div>
      {trial.seen && <Week week={trial.seen.week} rules={draft.rules.map((rule) => rule.id)} />}
    </>
  )
}
