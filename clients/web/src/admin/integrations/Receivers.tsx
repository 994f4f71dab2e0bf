// Where devices and vendors reach us: the address to give them, whether it is heard, and how many devices there were.
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { machineClock } from '../../shell/clock'
import type { InwardReceiver, InwardReceivers } from '../../wire/types'
import { Reading } from '../parts/Reading'
import { useWatched } from '../parts/useWatched'
import { when } from '../parts/when'
import { reachOf, whole } from './inward'

export function Receivers() {
  const { t } = useTranslation()
  const id = useId()
  const [watched] = useWatched<InwardReceivers>('/api/v1/receivers', 60_000)
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t('integrations.receivers')}</h2>
      <p className="calm">{t('integrations.receivers_lead')}</p>
      {watched.state === 'read' ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable with the keyboard
        <section className="scrolls" tabIndex={0} aria-label={t('integrations.receivers_table')}>
          <table className="plain wide">
            <thead>
              <tr>
                {(['protocol', 'address', 'listens', 'devices', 'lately', 'last'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`integrations.column.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {watched.view.items.map((one) => (
                <Row key={one.protocol} one={one} publicUrl={watched.view.public_url} />
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <Reading unread={watched} />
      )}
    </section>
  )
}

function Row({ one, publicUrl }: { one: InwardReceiver; publicUrl: string }) {
  const { t, i18n } = useTranslation()
  const missing = one.addresses.length === 0
  return (
    <tr>
      <th scope="row">
        {t(`integrations.protocol.${one.protocol}`)}
        <span className="calm below">{t(`integrations.protocol_for.${one.protocol}`)}</span>
      </th>
      <td>
        {one.addresses.map((address) => {
          const shown = whole(address, publicUrl, location.origin)
          const reach = reachOf(shown, t)
          return (
            <span key={address} className="below">
              <span className="address">{shown}</span> {reach && <span className="calm">({reach})</span>}
            </span>
          )
        })}
        {missing && <span className="calm">{t('integrations.not_set_up')}</span>}
      </td>
      <td>
        {one.up ? (
          <span className="yes">✓ {t('integrations.listens')}</span>
        ) : missing && one.devices === 0 ? (
          t('integrations.no_word')
        ) : (
          <span className="fault">▲ {missing ? t('integrations.no_word') : t('integrations.deaf')}</span>
        )}
      </td>
      <td>{one.devices}</td>
      <td>{one.heard}</td>
      <td>
        {one.last_heard_at ? when(one.last_heard_at, machineClock.wall(), i18n.language) : t('integrations.never')}
      </td>
    </tr>
  )
}
