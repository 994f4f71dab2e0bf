// Says each arrival once to whoever listens instead of looking. Many at once are one sentence, or nothing would be heard.
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../wire/types'
import { whereOf, whoOf } from './words'

/** What comes within this many ms is told together. */
const GATHER = 400
/** After a sentence, time to hear it out; it is then taken away, so that the same words can be said again. */
const HEAR_OUT = 3000

export function sentenceFor(cases: readonly CaseView[], t: TFunction): string {
  const [only] = cases
  if (cases.length !== 1 || !only) return t('queue.arrived_many', { count: cases.length })
  const told = { who: whoOf(only, t), what: t(`reason.${only.reason}`), where: whereOf(only, t) }
  return only.presses > 1 ? t('queue.arrived_again', told) : t('queue.arrived', told)
}

/** The sentence to put in the live region, and where new arrivals are handed in. */
export function useArrivals(): [string, (cases: CaseView[]) => void] {
  const { t } = useTranslation()
  const [sentence, setSentence] = useState('')
  const gathered = useRef(new Map<string, CaseView>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const words = useRef(t)
  words.current = t
  const say = useRef(() => {
    const all = [...gathered.current.values()]
    gathered.current.clear()
    setSentence(all.length > 0 ? sentenceFor(all, words.current) : '')
    timer.current = all.length > 0 ? setTimeout(say.current, HEAR_OUT) : undefined
  })
  const arrived = useRef((cases: CaseView[]) => {
    for (const view of cases) gathered.current.set(view.id, view)
    timer.current ??= setTimeout(say.current, GATHER)
  })
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
    },
    [],
  )
  return [sentence, arrived.current]
}
