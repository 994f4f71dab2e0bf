// Handing a case over: offered to somebody at the desk or to another central, and theirs when they accept.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { CaseView, Me, OperatorOn, OtherDesks } from '../wire/types'
import type { Act } from './feed'
import { useAsked } from './useAsked'
import { whoOf } from './words'

interface Props {
  view: CaseView
  me: Me
  operators: readonly OperatorOn[]
  waiting: boolean
  act(act: Act): void
}

export function HandOver({ view, me, operators, waiting, act }: Props) {
  const { t } = useTranslation()
  const [choosing, setChoosing] = useState(false)
  const others = operators.filter((one) => one.id !== me.person)
  const whom = view.offered_to_name ?? view.offered_to ?? view.offered_desk_name ?? view.offered_desk
  if (whom !== null) {
    return (
      <div className="hold">
        <p role="status">{t('handling.offered', { name: whom })}</p>
        <Button className="act" isDisabled={waiting} onPress={() => act({ act: 'end_offer' })}>
          {t('handling.offer_back')}
        </Button>
      </div>
    )
  }
  return (
    <>
      <Button id="offer-button" className="act" aria-expanded={choosing} onPress={() => setChoosing(!choosing)}>
        {t('handling.offer')}{' '}
        <span className="key" aria-hidden="true">
          E
        </span>
      </Button>
      {choosing && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are acts
        <div className="hold" role="group" aria-label={t('handling.offer_to')} id="offer-to">
          <span>{others.length > 0 ? t('handling.offer_to') : t('handling.offer_nobody')}</span>
          {others.map((one) => (
            <Button
              key={one.id}
              className="act"
              isDisabled={waiting}
              onPress={() => {
                act({ act: 'offer', to: one.id })
                setChoosing(false)
              }}
            >
              {one.name}
            </Button>
          ))}
          <Elsewhere
            view={view}
            waiting={waiting}
            send={(desk) => {
              act({ act: 'send_on', desk })
              setChoosing(false)
            }}
          />
        </div>
      )}
    </>
  )
}

/** The other centrals that may take it, those where somebody sits first. */
function Elsewhere({ view, waiting, send }: { view: CaseView; waiting: boolean; send(desk: string): void }) {
  const { t } = useTranslation()
  const [asked] = useAsked<OtherDesks>(`/api/v1/cases/${encodeURIComponent(view.id)}/desks`, 0)
  if (asked.state !== 'here' || asked.answer.items.length === 0) return null
  return (
    <>
      <span>{t('handling.send_on')}</span>
      {asked.answer.items.map((one) => (
        <Button key={one.id} className="act" isDisabled={waiting} onPress={() => send(one.id)}>
          {one.on > 0
            ? t('handling.send_on_desk', { name: one.name, count: one.on })
            : t('handling.send_on_nobody', { name: one.name })}
        </Button>
      ))}
    </>
  )
}

interface OfferProps {
  cases: ReadonlyMap<string, CaseView>
  me: Me | null
  answer(on: CaseView, act: Act): void
}

/** Whether I may accept it: it is offered to me, or to the desk that I sit at. */
export function isOffered(view: CaseView, me: Me | null): boolean {
  if (me === null || view.handler === me.person) return false
  return view.offered_to === me.person || view.offered_desk === me.desk
}

/** The case that is offered to me, the longest first. */
export function offeredTo(me: Me | null, cases: ReadonlyMap<string, CaseView>): CaseView | undefined {
  const offered = [...cases.values()].filter((view) => isOffered(view, me))
  return offered.sort((a, b) => (a.offered_until ?? '').localeCompare(b.offered_until ?? ''))[0]
}

/** Says above everything that somebody offers me a case; it takes no focus. */
export function OfferStrip({ cases, me, answer }: OfferProps) {
  const { t } = useTranslation()
  const view = offeredTo(me, cases)
  return (
    <div role="status">
      {view && (
        <div className="strip offer-strip" data-tone="warning">
          <span>
            {t(`handling.offered_${view.offered_desk ? 'desk' : 'you'}`, {
              name: view.handler_name ?? '',
              who: whoOf(view, t),
              what: t(`reason.${view.reason}`),
            })}
          </span>
          <Button className="act act-first" onPress={() => answer(view, { act: 'accept_offer', seen: view.version })}>
            {t('handling.accept')}{' '}
            <span className="key" aria-hidden="true">
              A
            </span>
          </Button>
          <Button className="act" onPress={() => answer(view, { act: 'end_offer' })}>
            {t('handling.refuse')}
          </Button>
        </div>
      )}
    </div>
  )
}
