// The doors of the home, for who has the case: one button each, what the lock answers, and what to do if it does not.
import { useEffect } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { timeWithSeconds } from '../shell/clock'
import { openable } from '../shell/door'
import { useOpening } from '../shell/useOpening'
import type { CaseView, LockList, LockView } from '../wire/types'
import { useFollowed } from './useAsked'

/** Doors that have just moved are asked about anew, at most this often. */
const PACE = 500

export function Doors({ view }: { view: CaseView }) {
  const { t } = useTranslation()
  const { opening, sentence, open, forget } = useOpening({ case: view.id }, timeWithSeconds)
  const [whose, id] = view.resident !== null ? ['resident', view.resident] : ['home', view.home]
  const where = id !== null && `${whose}=${encodeURIComponent(id)}`
  const asked = useFollowed<LockList>(where ? `/api/v1/locks?${where}` : null, view.version, PACE)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case has other doors
  useEffect(forget, [view.id])
  if (asked.state !== 'here') {
    if (asked.state === 'none') return null
    return <p className="calm">{asked.state === 'failed' ? t('lock.failed_list') : t('lock.wait')}</p>
  }
  const doors = openable(asked.answer.items)
  if (doors.length === 0) return <p className="calm">{t('lock.none')}</p>
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are acts
    <div className="doors" role="group" aria-label={t('case.door')}>
      {doors.map((lock, index) => (
        <Button
          key={lock.id}
          id={index === 0 ? 'door-button' : `door-${lock.id}`}
          className="act"
          isDisabled={opening?.state === 'asking'}
          onPress={() => void open(lock.id)}
        >
          {doors.length === 1 ? t('case.open_door') : t('lock.open_one', { door: lock.door || t('lock.front') })}{' '}
          {index === 0 && (
            <span className="key" aria-hidden="true">
              L
            </span>
          )}
        </Button>
      ))}
      {doors.map((lock) => (
        <Stands key={lock.id} lock={lock} />
      ))}
      <p className="doors-said" role="status" data-how={opening?.state}>
        {sentence}
      </p>
    </div>
  )
}

function Stands({ lock }: { lock: LockView }) {
  const { t } = useTranslation()
  const words = [lock.door]
  if (lock.state !== 'unknown') words.push(t(`lock.state.${lock.state}`))
  if (lock.battery_low) words.push(t('lock.battery'))
  if (lock.reachable === false) words.push(t('lock.unreachable'))
  return <span className="calm">{words.filter(Boolean).join(' · ')}</span>
}
