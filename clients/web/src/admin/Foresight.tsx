// "What would happen to this alarm on 24 December at 03:10?" Asked of the same rules that the night follows.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { machineClock } from '../shell/clock'
import type { PreviewView } from '../wire/types'
import { AskedFields } from './AskedFields'
import { Foreseen } from './Foreseen'
import { type Asked, christmasEve, pathFor } from './foresee'

type Answer = { state: 'none' } | { state: 'waiting' } | { state: 'failed' } | { state: 'here'; view: PreviewView }

export function Foresight() {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Asked>(() => ({
    kind: 'person',
    reason: 'pressed',
    ...christmasEve(machineClock.wall()),
  }))
  const [answer, setAnswer] = useState<Answer>({ state: 'none' })
  const change = (part: Partial<Asked>) => {
    setAsked({ ...asked, ...part })
    setAnswer({ state: 'none' })
  }
  const look = async (event: FormEvent) => {
    event.preventDefault()
    setAnswer({ state: 'waiting' })
    try {
      setAnswer({ state: 'here', view: await ask<PreviewView>(pathFor(asked)) })
    } catch {
      setAnswer({ state: 'failed' })
    }
  }
  return (
    <section aria-labelledby="foresee-title">
      <h1 id="foresee-title">{t('foresee.title')}</h1>
      <p className="calm">{t('foresee.lead')}</p>
      <form className="foresee-form" onSubmit={look}>
        <AskedFields asked={asked} change={change} />
        <button type="submit">{t('foresee.show')}</button>
      </form>
      <div role="status">
        {answer.state === 'waiting' && <p>{t('foresee.wait')}</p>}
        {answer.state === 'failed' && <p>{t('foresee.failed')}</p>}
        {answer.state === 'here' && (
          <>
            <h2>{t('foresee.answer')}</h2>
            <Foreseen view={answer.view} />
          </>
        )}
      </div>
    </section>
  )
}
