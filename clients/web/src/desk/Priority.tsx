// How urgent, said three ways at once: a shape, a colour and a word.
import { memo } from 'react'
import { useTranslation } from 'react-i18next'

const SHAPES = {
  1: <circle cx="8" cy="8" r="6.5" />,
  2: <path d="M8 .8 15.2 8 8 15.2.8 8Z" />,
  3: <path d="M8 1.2 15.3 14.2H.7Z" />,
  4: <path d="M2 2h12v12H2Z" />,
  5: <path d="M1.5 6.4h13v3.2h-13Z" />,
} as const

export type Level = keyof typeof SHAPES

/** Priorities are 1–5; anything else is shown as the least, never left out. */
export function levelOf(priority: number): Level {
  return priority === 1 || priority === 2 || priority === 3 || priority === 4 ? priority : 5
}

export const Priority = memo(function Priority({ priority }: { priority: number }) {
  const { t } = useTranslation()
  const level = levelOf(priority)
  return (
    <span className="priority" data-level={level}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {SHAPES[level]}
      </svg>
      {t(`priority.${level}`)}
    </span>
  )
})
