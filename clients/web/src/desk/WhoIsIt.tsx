// A shared home: which of the household it is. Named once, the case and the rights are that person's.
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { HouseholdMember } from '../wire/types'
import type { Act } from './feed'

interface Props {
  maybe: readonly HouseholdMember[]
  waiting: boolean
  act(act: Act): void
}

export function WhoIsIt({ maybe, waiting, act }: Props) {
  const { t } = useTranslation()
  return (
    <section className="part who" id="who" aria-labelledby="who-title">
      <h3 id="who-title">
        {t('handling.who')}{' '}
        <span className="key" aria-hidden="true">
          I
        </span>
      </h3>
      <div className="acts">
        {maybe.map((one) => (
          <Button
            key={one.id}
            className="act"
            isDisabled={waiting}
            onPress={() => act({ act: 'name', resident: one.id })}
          >
            {t('handling.who_named', {
              name: one.age === null ? one.name : t('queue.age', { name: one.name, age: one.age }),
            })}
          </Button>
        ))}
      </div>
    </section>
  )
}
