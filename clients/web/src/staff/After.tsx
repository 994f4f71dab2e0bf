// After a visit: how it went, in a sentence, and what can be done now. Also why somebody could not be rung.
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { Visits } from '../visit/client'
import type { Meet } from '../visit/meet'
import { firstName } from '../visit/scene'
import { outcomeOf, refusalOf } from '../visit/words'
import type { VisitView } from '../wire/types'

export function Gone({ visits, visit }: { visits: Visits; visit: VisitView }) {
  const { t } = useTranslation()
  const name = firstName(visit.resident_name)
  const [first, ...more] = outcomeOf(visit, t)
  const { resident, kind, legal_basis, decision, case: on } = visit
  const again = () => {
    if (legal_basis && decision) visits.start({ resident, kind, legal_basis, decision, case: on })
  }
  return (
    <main className="staff-after" data-outcome={visit.outcome}>
      <div role="status" className="staff-after-words">
        <h1>{first}</h1>
        {more.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      <div className="staff-acts">
        {visit.outcome !== 'completed' && visit.outcome !== 'right_ended' && (
          <Button className="staff-act" onPress={again}>
            {t('staff.ring_again', { name })}
          </Button>
        )}
        <Button className="staff-big" onPress={visits.dismiss}>
          {t('staff.done')}
        </Button>
      </div>
    </main>
  )
}

export function Refused({ visits, refused }: { visits: Visits; refused: NonNullable<Meet['refused']> }) {
  const { t } = useTranslation()
  const { wish } = refused
  const visit = wish.act === 'start' ? undefined : visits.meet.get().visits.get(wish.visit)
  const { sentence, code } = refusalOf(refused.code, visit ? firstName(visit.resident_name) : t('visit.person'), t)
  return (
    <div className="staff-strip" data-tone="warning" role="alert">
      <p>
        {sentence} {code && <small>({code})</small>}
      </p>
      <Button className="staff-act" onPress={visits.dismiss}>
        {t('staff.done')}
      </Button>
    </div>
  )
}
