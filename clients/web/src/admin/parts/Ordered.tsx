// A list whose order means something, edited by keyboard: each row up, down or away, and the focus goes along.
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { moved, without } from './rows'

interface Props<T> {
  items: readonly T[]
  keyOf: (item: T, number: number) => string
  /** What a row is called in "move … up": short. */
  nameOf: (item: T, number: number) => string
  change: (items: T[]) => void
  children: (item: T, number: number) => ReactNode
  add: string
  onAdd: () => void
  most?: number
  empty?: string
}

interface Focus {
  key: string
  button: 'up' | 'down'
}

export function Ordered<T>({ items, keyOf, nameOf, change, children, add, onAdd, most = 100, empty }: Props<T>) {
  const { t } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  const adding = useRef<HTMLButtonElement>(null)
  const [focus, setFocus] = useState<Focus | 'add' | null>(null)
  const [said, setSaid] = useState('')
  useEffect(() => {
    if (focus === null) return
    if (focus === 'add') adding.current?.focus()
    else {
      const row = [...(list.current?.children ?? [])].find((one) => (one as HTMLElement).dataset.row === focus.key)
      const buttons = [...(row?.querySelectorAll<HTMLButtonElement>(':scope > .row-acts > button') ?? [])]
      const [up, down] = buttons
      const wanted = focus.button === 'up' ? up : down
      ;(wanted?.disabled ? (focus.button === 'up' ? down : up) : wanted)?.focus()
    }
    setFocus(null)
  }, [focus])
  const move = (number: number, by: -1 | 1) => {
    const item = items[number]
    if (item === undefined) return
    change(moved(items, number, by))
    setSaid(t('planning.moved', { name: nameOf(item, number), place: number + by + 1 }))
    setFocus({ key: keyOf(item, number), button: by < 0 ? 'up' : 'down' })
  }
  const remove = (number: number) => {
    const item = items[number]
    if (item === undefined) return
    change(without(items, number))
    setSaid(t('planning.removed', { name: nameOf(item, number) }))
    setFocus('add')
  }
  return (
    <>
      {items.length === 0 && empty && <p className="calm">{empty}</p>}
      <ol className="ordered" ref={list}>
        {items.map((item, number) => {
          const name = nameOf(item, number)
          return (
            <li key={keyOf(item, number)} data-row={keyOf(item, number)}>
              <div className="row-body">{children(item, number)}</div>
              <div className="row-acts">
                <button
                  type="button"
                  disabled={number === 0}
                  aria-label={t('planning.up', { name })}
                  onClick={() => move(number, -1)}
                >
                  ↑
                </button>
                <button
                  type="button"
                  disabled={number === items.length - 1}
                  aria-label={t('planning.down', { name })}
                  onClick={() => move(number, 1)}
                >
                  ↓
                </button>
                <button
                  type="button"
                  aria-label={t('planning.remove_this', { what: name })}
                  onClick={() => remove(number)}
                >
                  {t('planning.remove')}
                </button>
              </div>
            </li>
          )
        })}
      </ol>
      {items.length < most && (
        <button type="button" className="quiet" ref={adding} onClick={onAdd}>
          + {add}
        </button>
      )}
      <p className="unseen" role="status">
        {said}
      </p>
    </>
  )
}
