// Events that were given up: which, why, and each or all of them sent once more.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../../shell/ask'
import { machineClock } from '../../shell/clock'
import type { Again, DeadLetter, DeadLetters as Letters } from '../../wire/types'
import { faultSentence } from '../parts/refusals'
import { when } from '../parts/when'
import { eventWord, outcomeSentence } from './outgoing'

interface Props {
  /** Of the subscription. */
  path: string
  /** How many there are; the list is read again when that changes. */
  count: number
  name: string
  look: () => void
}

export function DeadLetters({ path, count, name, look }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [page, setPage] = useState<Letters | null>(null)
  const [said, setSaid] = useState('')
  const fail = (error: unknown) => setSaid(faultSentence(error instanceof Problem ? error.code : 'unknown', t))
  // biome-ignore lint/correctness/useExhaustiveDependencies: `count` is there to read again
  useEffect(() => {
    if (!open) return
    const leaving = new AbortController()
    ask<Letters>(`${path}/dead`, { signal: leaving.signal }).then(setPage, () => {
      if (!leaving.signal.aborted) setSaid(t('planning.not_read'))
    })
    return () => leaving.abort()
  }, [open, path, count, t])
  const more = async () => {
    try {
      const next = await ask<Letters>(`${path}/dead?cursor=${page?.next}`)
      setPage({ items: [...(page?.items ?? []), ...next.items], next: next.next })
    } catch (error) {
      fail(error)
    }
  }
  const again = async (event: string | null) => {
    try {
      const one = event === null ? '' : `/${encodeURIComponent(event)}`
      const { events } = await ask<Again>(`${path}/dead${one}/retry`, { method: 'POST' })
      setSaid(t('integrations.again_said', { count: events }))
      if (event !== null && page) setPage({ ...page, items: page.items.filter((item) => item.event.id !== event) })
    } catch (error) {
      fail(error)
    }
    look()
  }
  return (
    <details className="more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('integrations.dead_show')}</summary>
      {page && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable with the keyboard
        <section className="scrolls" tabIndex={0} aria-label={t('integrations.dead_of', { what: name })}>
          <table className="plain wide">
            <thead>
              <tr>
                {(['event', 'at', 'case', 'tries', 'why', 'again'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`integrations.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {page.items.map((item) => (
                <Row key={item.event.id} item={item} again={() => void again(item.event.id)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p className="acts">
        <button type="button" onClick={() => void again(null)}>
          {t('integrations.again_all')}
        </button>
        {page?.next && (
          <button type="button" onClick={() => void more()}>
            {t('devices.more')}
          </button>
        )}
        <span role="status">{said}</span>
      </p>
    </details>
  )
}

function Row({ item, again }: { item: DeadLetter; again: () => void }) {
  const { t, i18n } = useTranslation()
  const what = eventWord(item.event.type, t)
  return (
    <tr>
      <th scope="row">{what}</th>
      <td>{when(item.event.time, machineClock.wall(), i18n.language)}</td>
      <td className="address">{item.event.subject}</td>
      <td>{item.tries}</td>
      <td>{outcomeSentence(item.outcome, t)}</td>
      <td>
        <button type="button" aria-label={t('integrations.again_one', { what })} onClick={again}>
          {t('integrations.again')}
        </button>
      </td>
    </tr>
  )
}
