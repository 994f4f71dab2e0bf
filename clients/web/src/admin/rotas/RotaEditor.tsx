// One rota: layers, what is different for a while, and the two weeks it makes.
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import { machineClock } from '../../shell/clock'
import type { RotaView } from '../../wire/types'
import { newId } from '../parts/address'
import { Faults } from '../parts/Field'
import { Holidays } from '../parts/Holidays'
import { NameField } from '../parts/NameField'
import { Ordered } from '../parts/Ordered'
import { Reading } from '../parts/Reading'
import { Remove } from '../parts/Remove'
import { replaced } from '../parts/rows'
import { SaveBar } from '../parts/SaveBar'
import { wallOf } from '../parts/swedish'
import { useChoices } from '../parts/useChoices'
import { type Editing, type Source, useHeld } from '../parts/useHeld'
import { useTrial } from '../parts/useTrial'
import { about, faultSentence, nameOf } from '../parts/words'
import { Changes } from './Changes'
import { ICal } from './ICal'
import { Layer } from './Layer'
import { RotaDrawing } from './RotaDrawing'
import { draftOf, type RotaDraft, withLayer } from './rota'

function sourceOf(existing: string | null): Source<RotaView, RotaDraft> & { id: string } {
  const id = existing ?? newId('rota')
  const path = `/api/v1/rotas/${id}`
  return {
    id,
    read: existing === null ? null : path,
    draftOf,
    put: (draft, seen) => ask<RotaView>(path, { method: 'PUT', body: { ...draft, version: seen?.version ?? 0 } }),
  }
}

export function RotaEditor({ id }: { id: string | null }) {
  const source = useMemo(() => sourceOf(id), [id])
  const editing = useHeld(source)
  if (editing.holding.state !== 'here') return <Reading unread={editing.holding} />
  return <Rota id={source.id} held={editing.holding.held} editing={editing} />
}

interface Props {
  id: string
  held: Extract<Editing<RotaView, RotaDraft>['holding'], { state: 'here' }>['held']
  editing: Editing<RotaView, RotaDraft>
}

function Rota({ id, held, editing }: Props) {
  const { t } = useTranslation()
  const { workers } = useChoices()
  const { draft, view } = held
  const [day, time] = useNowOnce()
  const nameless = draft.name.trim() === ''
  const asked = { kind: 'person', reason: 'pressed', day, time } as const
  const trial = useTrial({ rota: { id, ...draft, name: draft.name.trim() || '–' } }, asked, view?.version)
  const faults = trial.seen?.faults ?? []
  const strangers = faults.filter((fault) => fault.code === 'person_unknown')
  const layers = draft.layers.map((layer) => layer.id)
  return (
    <>
      {trial.seen?.rota ? (
        <RotaDrawing seen={trial.seen.rota} layers={layers} />
      ) : (
        <p role="status">{trial.seen ? t('planning.trial_faults') : t('foresee.wait')}</p>
      )}
      {view && <ICal rota={view.id} />}
      <NameField name={draft.name} missing={nameless} change={(name) => editing.edit({ ...draft, name })} />
      <Faults
        sentences={strangers.map((one) => `${nameOf(one.about, workers)}: ${faultSentence('person_unknown', t)}`)}
      />
      <h2>{t('planning.layers')}</h2>
      <p className="calm">{t('planning.layers_lead')}</p>
      <Ordered
        items={draft.layers}
        keyOf={(layer) => layer.id}
        nameOf={(_, number) => t('planning.layer_number', { number: number + 1 })}
        change={(some) => editing.edit({ ...draft, layers: some })}
        add={t('planning.add_layer')}
        onAdd={() => editing.edit(withLayer(draft, machineClock.wall()))}
        most={10}
        empty={t('planning.no_layers')}
      >
        {(layer, number) => (
          <Layer
            layer={layer}
            number={number}
            faults={about(faults, layer.id, t)}
            change={(one) => editing.edit({ ...draft, layers: replaced(draft.layers, number, one) })}
          />
        )}
      </Ordered>
      <Changes draft={draft} faults={faults} edit={editing.edit} />
      <Holidays holidays={draft.holidays} change={(holidays) => editing.edit({ ...draft, holidays })} />
      <SaveBar
        held={held}
        editing={editing}
        stop={nameless ? t('planning.name_missing') : null}
        saved={(stored) => history.replaceState(null, '', `?id=${stored.id}`)}
      />
      {view && (
        <Remove what={view.name} path={`/api/v1/rotas/${view.id}?version=${view.version}`} back="/admin/rotas" />
      )}
    </>
  )
}

/** Now in Sweden as it was when the page was opened: the two weeks do not move while somebody writes. */
function useNowOnce(): [string, string] {
  const [now] = useState(() => wallOf(machineClock.wall()))
  const [day = '', time = ''] = now.split('T')
  return [day, time]
}
