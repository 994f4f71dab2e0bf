// The reserve: a switch that lets alarms go to another alarm centre too, and which ones, in order.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '../../shell/ask'
import type { PutReceiver, ReceiverView, ReserveView } from '../../wire/types'
import { useBack } from '../parts/focus'
import { Reading } from '../parts/Reading'
import { moved } from '../parts/rows'
import { useWatched } from '../parts/useWatched'
import { Receiver } from './Receiver'
import { ReceiverForm } from './ReceiverForm'
import { kept, reserveWith } from './receiver'
import { Switch } from './Switch'

const PATH = '/api/v1/reserve'
const MOST = 5

export function ReservePage() {
  const { t } = useTranslation()
  const [watched, look] = useWatched<ReserveView>(PATH, 30_000)
  return (
    <>
      <h1>{t('planning.room.reserve')}</h1>
      <p className="calm">{t('reserve.lead')}</p>
      {watched.state === 'read' ? (
        <>
          {watched.old && <p role="status">{t('integrations.old')}</p>}
          <Reserve view={watched.view} look={look} />
        </>
      ) : (
        <Reading unread={watched} />
      )}
    </>
  )
}

function Reserve({ view, look }: { view: ReserveView; look: () => void }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const button = useBack(adding)
  const set = async (part: { on?: boolean; receivers?: PutReceiver[] }) => {
    try {
      await ask<ReserveView>(PATH, { method: 'PUT', body: reserveWith(view, part) })
    } finally {
      // Also when somebody else was first: what is shown next is what stands there now.
      look()
    }
  }
  const one = (id: string, changed: PutReceiver | null) =>
    set({
      receivers: view.receivers.flatMap((each) => (each.id !== id ? [kept(each)] : changed === null ? [] : [changed])),
    })
  const move = (number: number, by: -1 | 1) => set({ receivers: moved(view.receivers, number, by).map(kept) })
  return (
    <>
      <Switch view={view} turn={(on) => set({ on })} />
      <h2>{t('reserve.receivers')}</h2>
      <p className="calm">{t('reserve.receivers_lead')}</p>
      {view.receivers.length === 0 && <p>{t('reserve.no_receivers')}</p>}
      <ol className="cards">
        {view.receivers.map((receiver: ReceiverView, number) => (
          <li key={receiver.id}>
            <Receiver
              view={receiver}
              number={number}
              last={number === view.receivers.length - 1}
              put={(changed) => one(receiver.id, changed)}
              move={(by) => move(number, by)}
            />
          </li>
        ))}
      </ol>
      {adding ? (
        <ReceiverForm
          view={null}
          save={async (added) => {
            await set({ receivers: [...view.receivers.map(kept), added] })
            setAdding(false)
          }}
          close={() => setAdding(false)}
        />
      ) : (
        view.receivers.length < MOST && (
          <button type="button" ref={button} className="quiet" onClick={() => setAdding(true)}>
            + {t('reserve.add')}
          </button>
        )
      )}
    </>
  )
}
