// Persons asked one after another, each for a while.
import { useTranslation } from 'react-i18next'
import type { PlanStepBody } from '../../wire/types'
import { Duration } from '../parts/Duration'
import { Select } from '../parts/Field'
import { Ordered } from '../parts/Ordered'
import { replaced } from '../parts/rows'
import { useChoices } from '../parts/useChoices'
import { nameOf } from '../parts/words'

type Asked = PlanStepBody['persons']

const USUAL = 180

export function Persons({ persons, change }: { persons: Asked; change: (persons: Asked) => void }) {
  const { t } = useTranslation()
  const { workers } = useChoices()
  const left = workers.filter((one) => !persons.some((asked) => asked.person === one.id))
  return (
    <Ordered
      items={persons}
      keyOf={(one) => one.person}
      nameOf={(one) => nameOf(one.person, workers)}
      change={change}
      add={t('planning.add_person')}
      onAdd={() => left[0] && change([...persons, { person: left[0].id, wait: USUAL }])}
      most={Math.min(20, workers.length)}
      empty={t('planning.no_persons')}
    >
      {(one, number) => (
        <div className="fields">
          <Select
            label={t('planning.person')}
            value={one.person}
            options={workers.filter((worker) => worker.id === one.person || left.includes(worker))}
            choose={(person) => change(replaced(persons, number, { ...one, person }))}
          />
          <Duration
            label={t('planning.given')}
            value={one.wait}
            change={(wait) => change(replaced(persons, number, { ...one, wait }))}
          />
        </div>
      )}
    </Ordered>
  )
}
