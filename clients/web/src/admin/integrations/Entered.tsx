// What is entered here and may come with a secret: what there is, what that secret is, this once, and a form for another.
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBack } from '../parts/focus'
import { Once } from '../parts/Once'
import { Reading } from '../parts/Reading'
import { useWatched } from '../parts/useWatched'

/** A secret to show, and what it is for. */
export interface Shown {
  label: string
  secret: string
  lead: string
}

interface Props<Item> {
  heading: string
  lead: string
  none: string
  add: string
  path: string
  /** How often it is read again, in ms; not unless something is entered here, when it is nothing. */
  every: number | null
  card: (item: Item, look: () => void, show: (secret: Shown) => void) => ReactNode
  /** `entered` with what is to be shown of it. */
  form: (entered: (secret: Shown | null) => void, close: () => void, look: () => void) => ReactNode
}

export function Entered<Item extends { id: string }>({
  heading,
  lead,
  none,
  add,
  path,
  every,
  card,
  form,
}: Props<Item>) {
  const { t } = useTranslation()
  const id = useId()
  const [watched, look] = useWatched<{ items: readonly Item[] }>(path, every)
  const [adding, setAdding] = useState(false)
  const button = useBack(adding)
  const [shown, setShown] = useState<Shown | null>(null)
  const entered = (secret: Shown | null) => {
    setAdding(false)
    setShown(secret)
    look()
  }
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <p className="calm">{lead}</p>
      {watched.state === 'read' ? (
        <>
          {watched.old && <p role="status">{t('integrations.old')}</p>}
          {watched.view.items.length === 0 && <p>{none}</p>}
          <ul className="cards">
            {watched.view.items.map((item) => (
              <li key={item.id}>{card(item, look, setShown)}</li>
            ))}
          </ul>
        </>
      ) : (
        <Reading unread={watched} />
      )}
      {shown && <Once key={shown.secret} {...shown} put={() => setShown(null)} />}
      {adding
        ? form(entered, () => setAdding(false), look)
        : watched.state === 'read' &&
          !shown && (
            <button type="button" ref={button} className="quiet" onClick={() => setAdding(true)}>
              + {add}
            </button>
          )}
    </section>
  )
}
