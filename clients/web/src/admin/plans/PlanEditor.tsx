// One plan: its steps in order, and beside it where an alarm would go by it.
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import type { PlanView } from '../../wire/types'
import { newId } from '../parts/address'
import { Beside } from '../parts/Beside'
import { Faults } from '../parts/Field'
import { isDirty } from '../parts/hold'
import { NameField } from '../parts/NameField'
import { Ordered } from '../parts/Ordered'
import { Reading } from '../parts/Reading'
import { Remove } from '../parts/Remove'
import { replaced } from '../parts/rows'
import { SaveBar } from '../parts/SaveBar'
import { useAsked } from '../parts/useAsked'
import { useChoices } from '../parts/useChoices'
import { type Editing, type Source, useHeld } from '../parts/useHeld'
import { useTrial } from '../parts/useTrial'
import { about } from '../parts/words'
import { PlanStep } from './PlanStep'
import { casesWith, draftOf, MOST_STEPS, type PlanDraft, stopOf, withStep } from './plan'

function sourceOf(existing: string | null): Source<PlanView, PlanDraft> & { id: string } {
  const id = existing ?? newId('plan')
  const path = `/api/v1/plans/${id}`
  return {
    id,
    read: existing === null ? null : path,
    draftOf,
    put: (draft, seen) => ask<PlanView>(path, { method: 'PUT', body: { ...draft, version: seen?.version ?? 0 } }),
  }
}

export function PlanEditor({ id }: { id: string | null }) {
  const source = useMemo(() => sourceOf(id), [id])
  const editing = useHeld(source)
  if (editing.holding.state !== 'here') return <Reading unread={editing.holding} />
  return <Steps id={source.id} held={editing.holding.held} editing={editing} />
}

interface Props {
  id: string
  held: Extract<Editing<PlanView, PlanDraft>['holding'], { state: 'here' }>['held']
  editing: Editing<PlanView, PlanDraft>
}

function Steps({ id, held, editing }: Props) {
  const { t } = useTranslation()
  const choices = useChoices()
  const { draft, view } = held
  const [asked, setAsked] = useAsked()
  const stop = stopOf(draft)
  const trial = useTrial({ plan: { id, ...draft, name: draft.name.trim() || '–' } }, asked, view?.version)
  const faults = trial.seen?.faults ?? []
  const edit = (part: Partial<PlanDraft>) => editing.edit({ ...draft, ...part })
  const carried = casesWith(id, choices)
  return (
    <div className="split">
      <div>
        {view && (
          <p className="calm">
            {t('planning.version', { version: view.version })}{' '}
            {carried > 0 ? t('planning.carried', { count: carried }) : t('planning.carried_none')}
          </p>
        )}
        <NameField name={draft.name} missing={stop !== null} change={(name) => edit({ name })} />
        <h2>{t('planning.steps')}</h2>
        <p className="calm">{t('planning.steps_lead')}</p>
        <Faults sentences={about(faults, null, t)} />
        <Ordered
          items={draft.steps}
          keyOf={(step) => step.id}
          nameOf={(_, number) => t('planning.step_number', { number: number + 1 })}
          change={(steps) => edit({ steps })}
          add={t('planning.add_step')}
          onAdd={() => edit({ steps: withStep(draft.steps) })}
          most={MOST_STEPS}
        >
          {(step, number) => (
            <PlanStep
              step={step}
              steps={draft.steps}
              number={number}
              faults={about(faults, step.id, t)}
              change={(one) => edit({ steps: replaced(draft.steps, number, one) })}
            />
          )}
        </Ordered>
        <SaveBar
          held={held}
          editing={editing}
          stop={stop && t(`planning.${stop}`)}
          saved={(stored) => history.replaceState(null, '', `?id=${stored.id}`)}
        />
        {view && (
          <Remove what={view.name} path={`/api/v1/plans/${view.id}?version=${view.version}`} back="/admin/plans" />
        )}
      </div>
      <Beside asked={asked} change={setAsked} trial={trial} dirty={isDirty(held)} plan={draft.name} />
    </div>
  )
}
