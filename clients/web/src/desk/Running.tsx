// How long an alarm has waited, running, with a tone and words once it has waited too long.
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { running } from '../shell/clock'
import { useNow } from '../shell/now'

/** 60 s and 180 s: the figures that answering is measured by. */
export type Wait = 'fresh' | 'warning' | 'late'

export function waitOf(ms: number): Wait {
  return ms >= 180_000 ? 'late' : ms >= 60_000 ? 'warning' : 'fresh'
}

export const Running = memo(function Running({ since, untaken }: { since: string; untaken: boolean }) {
  const began = Date.parse(since)
  const text = useNow((now) => running(now - began))
  const wait = useNow((now) => (untaken ? waitOf(now - began) : 'fresh'))
  return (
    <span className="running" data-wait={wait}>
      {text}
    </span>
  )
})

/** The same in words, for whoever does not see the tone. */
export function WaitWords({ since }: { since: string }) {
  const { t } = useTranslation()
  const began = Date.parse(since)
  const wait = useNow((now) => waitOf(now - began))
  return wait === 'fresh' ? null : <span className="wait-words">{t(`queue.${wait}`)}</span>
}
