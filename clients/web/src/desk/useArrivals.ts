// Says each arrival once to whoever listens instead of looking. Many at once are one sentence, or nothing would be heard.
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CaseView } from '../wire/types'
import { whereOf, whoOf } from './words'

const GATHER = 400

export function sentenceFor(cases: readonly CaseView[], t: TFunction): string {
  const [only] = cases
  if (cases.length !== 1 || !only) return t('queue.arrived_many', { count: cases.length })
  const told = { who: whoOf(only, t), what: t(`reason.${only.reason}`), where: whereOf(only) }
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
  const arrived = useRef((cases: CaseView[]) => {
    for (const view of cases) gathered.current.set(view.id, view)
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      const all = [...gathered.current.values()]
      gathered.current.clear()
      setSentence(sentenceFor(all, words.current))
    }, GATHER)
  })
  useEffect(() => () => clearTimeout(timer.current), [])
  return [sentence, arrived.current]
}
