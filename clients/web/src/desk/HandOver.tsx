// Handing a case over: offered to somebody at the desk, and theirs when they accept.
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { CaseView, Me, OperatorOn } from '../wire/types'
import type { Act } from './feed'
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
  if (view.offered_to !== null) {
    return (
      <div className="hold">
        <p role="status">{t('handling.offered', { name: view.offered_to_name ?? view.offered_to })}</p>
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
        </div>
      )}
    </>
  )
}

interface OfferProps {
  cases: ReadonlyMap<string, CaseView>
  me: Me | null
  answer(on: CaseView, act: Act): void
}

/** The case that is offered to me, the longest first. */
export function offeredTo(me: string | undefined, cases: ReadonlyMap<string, CaseView>): CaseView | undefined {
  const offered = [...cases.values()].filter((view) => me !== undefined && view.offered_to === me)
  return offered.sort((a, b) => (a.offered_until ?? '').localeCompare(b.offered_until ?? ''))[0]
}

/** Says above everything that somebody offers me a case; it takes no focus. */
export function OfferStrip({ cases, me, answer }: OfferProps) {
  const { t } = useTranslation()
  const view = offeredTo(me?.person, cases)
  return (
    <div role="status">
      {view && (
        <div className="strip offer-strip" data-tone="warning">
          <span>
            {t('handling.offered_you', {
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
