// What is different for a while: somebody instead of everybody else, and two who take each other's turns.
import { useTranslation } from 'react-i18next'
import { machineClock } from '../../shell/clock'
import type { Named, SwapBody } from '../../wire/types'
import { Select } from '../parts/Field'
import type { Fault } from '../parts/hold'
import { Moments } from '../parts/Moments'
import { Ordered } from '../parts/Ordered'
import { replaced } from '../parts/rows'
import { useChoices } from '../parts/useChoices'
import { about, nameOf } from '../parts/words'
import { pastIn, type RotaDraft, withOverride, withoutPast, withSwap } from './rota'

interface Props {
  draft: RotaDraft
  faults: readonly Fault[]
  edit: (draft: RotaDraft) => void
}

export function Changes({ draft, faults, edit }: Props) {
  const { t } = useTranslation()
  const choices = useChoices()
  const { workers } = choices
  const now = machineClock.wall()
  const past = pastIn(draft, now)
  return (
    <>
      <h2>{t('planning.overrides')}</h2>
      <p className="calm">{t('planning.overrides_lead')}</p>
      <Ordered
        items={draft.overrides}
        keyOf={(one) => one.id}
        nameOf={(one) => nameOf(one.person, workers)}
        change={(overrides) => edit({ ...draft, overrides })}
        add={t('planning.add_override')}
        onAdd={() => edit(withOverride(draft, choices, now))}
        most={200}
      >
        {(one, number) => {
          const put = (part: Partial<typeof one>) =>
            edit({ ...draft, overrides: replaced(draft.overrides, number, { ...one, ...part }) })
          return (
            <div className="fields">
              <Who
                label={t('planning.person')}
                value={one.person}
                workers={workers}
                choose={(person) => put({ person })}
              />
              <Moments starts_at={one.starts_at} ends_at={one.ends_at} faults={about(faults, one.id, t)} change={put} />
            </div>
          )
        }}
      </Ordered>
      <h2>{t('planning.swaps')}</h2>
      <p className="calm">{t('planning.swaps_lead')}</p>
      <Ordered
        items={draft.swaps}
        keyOf={(one) => one.id}
        nameOf={(one) => one.persons.map((person) => nameOf(person, workers)).join(', ')}
        change={(swaps) => edit({ ...draft, swaps })}
        add={t('planning.add_swap')}
        onAdd={() => edit(withSwap(draft, choices, now))}
        most={200}
      >
        {(one, number) => {
          const put = (part: Partial<typeof one>) =>
            edit({ ...draft, swaps: replaced(draft.swaps, number, { ...one, ...part }) })
          return (
            <div className="fields">
              {one.persons.map((person, place) => (
                <Who
                  // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second of two
                  key={place}
                  label={place === 0 ? t('planning.swap_one') : t('planning.swap_other')}
                  value={person}
                  workers={workers}
                  choose={(chosen) => put({ persons: paired(one.persons, place, chosen) })}
                />
              ))}
              <Moments starts_at={one.starts_at} ends_at={one.ends_at} faults={about(faults, one.id, t)} change={put} />
            </div>
          )
        }}
      </Ordered>
      {past > 0 && (
        <p>
          <button type="button" onClick={() => edit(withoutPast(draft, now))}>
            {t('planning.put_away', { count: past })}
          </button>
        </p>
      )}
    </>
  )
}

/** The two with another in the one place. */
function paired(persons: SwapBody['persons'], place: number, chosen: string): SwapBody['persons'] {
  const [first, second] = persons
  return place === 0 ? [chosen, second] : [first, chosen]
}

interface WhoProps {
  label: string
  value: string
  workers: readonly Named[]
  choose: (person: string) => void
}

function Who({ label, value, workers, choose }: WhoProps) {
  return <Select label={label} value={value} options={workers} choose={(person) => person && choose(person)} />
}
