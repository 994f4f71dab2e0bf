// Answers to a question about a period: asked when the question has rested, since each asking is logged.
import { useEffect, useState } from 'react'
import { ask, Problem } from '../shell/ask'
import type { AnswerStatistics } from '../wire/types'

export type Answers =
  | { state: 'waiting' }
  | { state: 'here'; report: AnswerStatistics }
  | { state: 'failed'; code: string }

const RESTS = 350
const PATIENCE = 30_000

/** Null asks nothing. What was shown before is not shown under another question. */
export function useAnswers(query: string | null): Answers {
  const [answers, setAnswers] = useState<Answers & { query?: string }>({ state: 'waiting' })
  useEffect(() => {
    if (query === null) return
    const leaving = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const path = `/api/v1/statistics/answers?${query}`
        const report = await ask<AnswerStatistics>(path, { signal: leaving.signal, patience: PATIENCE })
        setAnswers({ state: 'here', report, query })
      } catch (error) {
        if (leaving.signal.aborted) return
        setAnswers({ state: 'failed', code: error instanceof Problem ? error.code : 'unknown', query })
      }
    }, RESTS)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [query])
  return answers.query === query ? answers : { state: 'waiting' }
}
