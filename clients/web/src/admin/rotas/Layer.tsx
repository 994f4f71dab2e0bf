// One layer of a rota: who takes turns, how long they are, and when the layer covers at all.
import { useTranslation } from 'react-i18next'
import type { LayerBody } from '../../wire/types'
import { ClockField } from '../parts/ClockField'
import { Faults, Field, Select } from '../parts/Field'
import { HoursRows } from '../parts/HoursRows'
import { Ordered } from '../parts/Ordered'
import { replaced } from '../parts/rows'
import { useChoices } from '../parts/useChoices'
import { nameOf } from '../parts/words'
import { layerSentence, SHIFTS, shiftWords } from './rota'

interface Props {
  layer: LayerBody
  number: number
  faults: readonly string[]
  change: (layer: LayerBody) => void
}

export function Layer({ layer, number, faults, change }: Props) {
  const { t } = useTranslation()
  const choices = useChoices()
  const shifts = [...new Set([...SHIFTS, layer.shift_hours])].sort((one, other) => one - other)
  return (
    <fieldset className="plan-step">
      <legend>
        <span className="number">{number + 1}</span> {layerSentence(layer, choices, t)}
      </legend>
      <Faults sentences={faults} />
      <Turns layer={layer} change={change} />
      <div className="fields">
        <Select
          label={t('planning.shift')}
          value={String(layer.shift_hours)}
          options={shifts.map((hours) => ({ id: String(hours), name: shiftWords(hours, t) }))}
          choose={(hours) => change({ ...layer, shift_hours: Number(hours) })}
        />
        <ClockField
          label={t('planning.handover')}
          value={layer.handover}
          change={(handover) => change({ ...layer, handover })}
        />
        <Field label={t('planning.first_day')} narrow hint={t('planning.first_day_hint')}>
          {(wired) => (
            <input
              {...wired}
              type="date"
              required
              min="2000-01-01"
              max="2099-12-31"
              value={layer.starts}
              onChange={(event) => event.target.value && change({ ...layer, starts: event.target.value })}
            />
          )}
        </Field>
      </div>
      <HoursRows
        hours={layer.hours}
        always={t('planning.layer_always')}
        change={(hours) => change({ ...layer, hours })}
      />
    </fieldset>
  )
}

/** Who takes turns, in order. Somebody may have more than one turn in a round. */
function Turns({ layer, change }: Pick<Props, 'layer' | 'change'>) {
  const { t } = useTranslation()
  const { workers } = useChoices()
  // The same person twice is two rows: which of them it is goes by how many came before.
  const keys = layer.persons.map(
    (person, at) => `${person} ${layer.persons.slice(0, at).filter((one) => one === person).length}`,
  )
  const left = workers.find((one) => !layer.persons.includes(one.id)) ?? workers[0]
  return (
    <fieldset className="desks">
      <legend>{t('planning.turns')}</legend>
      <Ordered
        items={layer.persons}
        keyOf={(person, at) => keys[at] ?? person}
        nameOf={(person) => nameOf(person, workers)}
        change={(persons) => change({ ...layer, persons })}
        add={t('planning.add_person')}
        onAdd={() => left && change({ ...layer, persons: [...layer.persons, left.id] })}
        empty={t('planning.no_persons')}
      >
        {(person, at) => (
          <Select
            label={t('planning.turn_number', { number: at + 1 })}
            value={person}
            options={workers.map((one) => ({ id: one.id, name: [one.name, ...one.units].join(', ') }))}
            choose={(one) => one && change({ ...layer, persons: replaced(layer.persons, at, one) })}
          />
        )}
      </Ordered>
    </fieldset>
  )
}
