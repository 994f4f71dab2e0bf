// Above everything: what the operator must know about the page itself.
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Line } from '../shell/line'
import type { Sound } from './sound'

export function Strips({ line, over, sound }: { line: Line; over: boolean; sound: Sound }) {
  const { t } = useTranslation()
  const sounding = useSyncExternalStore(sound.subscribe, sound.ready)
  const joined = line.heardAt !== null
  return (
    <header className="strips">
      <div role="alert">
        {over ? (
          <p className="strip" data-tone="danger">
            {t('strip.over')} <a href="/">{t('app.name')}</a>
          </p>
        ) : (
          joined &&
          !line.live && (
            <p className="strip" data-tone="danger">
              {t('strip.old')}
            </p>
          )
        )}
      </div>
      {!joined && !over && <p className="strip">{t('strip.joining')}</p>}
      {!sounding && (
        <p className="strip" data-tone="warning">
          {t('strip.sound')}
        </p>
      )}
    </header>
  )
}
