// The switch: how it stands, who set it, and what will happen before it is turned.
import { useTranslation } from 'react-i18next'
import { machineClock } from '../../shell/clock'
import type { ReserveView } from '../../wire/types'
import { faultSentence } from '../parts/refusals'
import { Sure } from '../parts/Sure'
import { when } from '../parts/when'
import { testedOf } from './receiver'

export function Switch({ view, turn }: { view: ReserveView; turn: (on: boolean) => Promise<void> }) {
  const { t, i18n } = useTranslation()
  const used = view.receivers.filter((one) => one.on)
  const silent = used.length > 0 && used.every((one) => testedOf(one) === 'failed')
  const refused = (code: string) => faultSentence(code, t)
  const since = view.since && {
    time: when(view.since, machineClock.wall(), i18n.language),
    who: view.by ?? t('reserve.nobody_known'),
  }
  return (
    <section className="reserve-switch" data-on={view.on || undefined} aria-label={t('reserve.switch')}>
      <p className="reserve-state">
        <strong>
          {view.on && <span aria-hidden="true">▲ </span>}
          {view.on ? t('reserve.is_on') : t('reserve.is_off')}
        </strong>{' '}
        {view.on ? t('reserve.is_on_so') : t('reserve.is_off_so')}
      </p>
      {since && <p>{view.on ? t('reserve.on_since', since) : t('reserve.off_since', since)}</p>}
      {view.waiting > 0 && <p>{t('reserve.waiting', { count: view.waiting })}</p>}
      {view.on ? (
        <Sure
          className="big"
          label={t('reserve.turn_off')}
          yes={t('reserve.turn_off_yes')}
          no={t('reserve.turn_off_no')}
          act={() => turn(false)}
          refused={refused}
        >
          <p>{t('reserve.off_sure')}</p>
          <p>{t('reserve.off_sure_then')}</p>
        </Sure>
      ) : (
        <>
          <Sure
            className="big"
            label={t('reserve.turn_on')}
            yes={t('reserve.turn_on_yes')}
            no={t('reserve.turn_on_no')}
            act={() => turn(true)}
            refused={refused}
            disabled={used.length === 0}
          >
            <p>{t('reserve.on_sure')}</p>
            <ol className="sentences">
              {used.map((one) => (
                <li key={one.id}>{one.name}</li>
              ))}
            </ol>
            {silent && <p className="fault">▲ {t('reserve.silent')}</p>}
            <p>{t('reserve.on_sure_then')}</p>
          </Sure>
          {used.length === 0 && <p>{t('reserve.none_in_use')}</p>}
        </>
      )}
    </section>
  )
}
