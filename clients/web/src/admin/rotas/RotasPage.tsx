// The rotas of a municipality, with who is on call now, and the one that is open.
import { useTranslation } from 'react-i18next'
import type { RotaList } from '../../wire/types'
import type { Chosen } from '../parts/address'
import { Reading } from '../parts/Reading'
import { useChoices } from '../parts/useChoices'
import { useRead } from '../parts/useHeld'
import { nameOf } from '../parts/words'
import { RotaEditor } from './RotaEditor'
import { layerSentence } from './rota'

export function RotasPage({ chosen }: { chosen: Chosen }) {
  const { t } = useTranslation()
  if (chosen.is === 'none') return <Rotas />
  return (
    <>
      <p>
        <a href="/admin/rotas">← {t('planning.all_rotas')}</a>
      </p>
      <h1>{chosen.is === 'new' ? t('planning.new_rota') : t('planning.rota')}</h1>
      <RotaEditor id={chosen.is === 'one' ? chosen.id : null} />
    </>
  )
}

function Rotas() {
  const { t } = useTranslation()
  const choices = useChoices()
  const read = useRead<RotaList>('/api/v1/rotas')
  return (
    <>
      <h1>{t('planning.room.rotas')}</h1>
      <p className="calm">{t('planning.rotas_lead')}</p>
      {read.state !== 'read' ? (
        <Reading unread={read} />
      ) : (
        <>
          {read.view.items.length === 0 && <p>{t('planning.no_rotas')}</p>}
          <ul className="cards">
            {read.view.items.map((rota) => (
              <li key={rota.id}>
                <h2>
                  <a href={`?id=${encodeURIComponent(rota.id)}`}>{rota.name}</a>
                </h2>
                <p>
                  {rota.on_now
                    ? t('planning.on_now', { name: nameOf(rota.on_now, choices.workers) })
                    : t('planning.nobody_on_now')}
                </p>
                <ol className="sentences">
                  {rota.layers.map((layer) => (
                    <li key={layer.id}>{layerSentence(layer, choices, t)}</li>
                  ))}
                </ol>
              </li>
            ))}
          </ul>
          <p>
            <a className="button" href="?new">
              {t('planning.new_rota')}
            </a>
          </p>
        </>
      )}
    </>
  )
}
