// The right third: the person, so that an answer can be given to who they are.
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { dayAndTime } from '../shell/clock'
import type { CaseList, CaseView, DeviceView, ResidentCard } from '../wire/types'
import { DoorCode } from './DoorCode'
import { PinnedNotes } from './PinnedNotes'
import { Position } from './Position'
import { type Asked, useAsked } from './useAsked'
import { floorOf } from './words'

interface Props {
  view: CaseView | undefined
  /** The case is one's own. */
  mine: boolean
  card: Asked<ResidentCard>
  again(): void
  doorKeyHeld: boolean
}

export function PersonPanel({ view, mine, card, again, doorKeyHeld }: Props) {
  const { t } = useTranslation()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className="person" aria-label={t('person.title')} tabIndex={0}>
      {!view && <p className="calm">{t('person.none')}</p>}
      {view && view.resident === null && (
        <>
          <p className="person-name">{t('person.unnamed')}</p>
          {view.account !== null && <p>{t('handling.unknown_text')}</p>}
          {view.household > 0 && <p>{t('person.unnamed_household', { count: view.household })}</p>}
        </>
      )}
      {view?.resident && card.state === 'waiting' && (
        <>
          <h2 className="person-name">{view.person?.name ?? t('person.title')}</h2>
          <p className="calm">{t('person.wait')}</p>
        </>
      )}
      {view?.resident && card.state === 'failed' && (
        <>
          <p>{card.code === 'forbidden' || card.code === 'not_found' ? t('person.forbidden') : t('person.failed')}</p>
          <Button className="act" onPress={again}>
            {t('person.again')}
          </Button>
        </>
      )}
      {view && (view.resident === null || card.state === 'failed') && (
        <Position key={view.id} view={view} mine={mine} name={view.person?.name ?? t('position.person')} />
      )}
      {view && card.state === 'here' && <Card view={view} mine={mine} card={card.answer} doorKeyHeld={doorKeyHeld} />}
    </section>
  )
}

interface CardProps {
  view: CaseView
  mine: boolean
  card: ResidentCard
  doorKeyHeld: boolean
}

function Card({ view, mine, card, doorKeyHeld }: CardProps) {
  const { t } = useTranslation()
  const place = [floorOf(card.floor, t), card.door && t('person.door', { door: card.door }), card.town].filter(Boolean)
  return (
    <>
      <h2 className="person-name">{card.name}</h2>
      <p className="person-line">
        {[
          card.age !== null && t('person.years', { age: card.age }),
          card.born && t('person.born', { date: card.born }),
          card.pronounced && t('person.pronounced', { how: card.pronounced }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {card.do_not_enter_alone && <p className="person-warning">{t('person.alone')}</p>}
      {card.instructions && (
        <Part title={t('person.instructions')}>
          <p className="person-instructions">{card.instructions}</p>
        </Part>
      )}
      <PinnedNotes resident={card.id} on={view.id} open={view.state !== 'closed'} />
      <Part title={t('person.address')}>
        {card.protected ? (
          <p className="person-warning">{t('person.protected')}</p>
        ) : (
          <p>
            {card.address}
            <br />
            {place.join(' · ')}
          </p>
        )}
        {card.has_door_code && <DoorCode resident={card.id} on={view.id} keyHeld={doorKeyHeld} />}
      </Part>
      <Position key={view.id} view={view} mine={mine} name={card.name} />
      <dl className="facts">
        <Fact name={t('person.phone')} value={card.phone} />
        <Fact name={t('person.language')} value={card.language} />
        <Fact name={t('person.hearing')} value={card.hearing} />
        <Fact name={t('person.sight')} value={card.sight} />
        <Fact name={t('person.speech')} value={card.speech} />
        <Fact name={t('person.pets')} value={card.pets} />
        <Fact
          name={t('person.household')}
          value={card.household
            .map((one) => (one.age === null ? one.name : t('queue.age', { name: one.name, age: one.age })))
            .join('; ')}
        />
        <Fact name={t('person.unit')} value={[card.unit_name, card.principal_name].filter(Boolean).join(', ')} />
      </dl>
      <Part title={t('person.contacts')}>
        {card.contacts.length === 0 && <p className="calm">{t('person.no_contacts')}</p>}
        <ol className="contacts">
          {card.contacts.map((contact) => (
            <li key={contact.id}>
              <span>
                <strong>{contact.name}</strong>, {contact.relation}
              </span>
              <span className="contact-number">{contact.phone}</span>
              {contact.has_key && <span className="contact-key">{t('person.has_key')}</span>}
            </li>
          ))}
        </ol>
      </Part>
      <Part title={t('person.devices')}>
        <ul className="devices">
          {card.devices.map((device) => (
            <Device key={device.id} device={device} />
          ))}
        </ul>
      </Part>
      <Earlier resident={card.id} />
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="person-part">
      <h3>{title}</h3>
      {children}
    </div>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  if (!value) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function Device({ device }: { device: DeviceView }) {
  const { t, i18n } = useTranslation()
  const time = (at: string) => dayAndTime(Date.parse(at), i18n.language)
  return (
    <li>
      <strong>{device.model || device.kind}</strong>
      {(device.health === 'late' || device.health === 'lost') && <span>{t(`device_health.${device.health}`)}</span>}
      {device.faults.map((fault) => (
        <span key={fault.reason}>{t(`reason.${fault.reason}`)}</span>
      ))}
      <span className="calm">
        {device.last_seen_at ? t('person.seen', { time: time(device.last_seen_at) }) : t('person.never_seen')}
        {' · '}
        {device.last_test_at ? t('person.tested', { time: time(device.last_test_at) }) : t('person.never_tested')}
      </span>
    </li>
  )
}

function Earlier({ resident }: { resident: string }) {
  const { t, i18n } = useTranslation()
  const [asked] = useAsked<CaseList>(`/api/v1/cases?state=closed&resident=${encodeURIComponent(resident)}&limit=5`, 0)
  return (
    <Part title={t('person.earlier')}>
      {asked.state === 'failed' && <p className="calm">{t('person.earlier_failed')}</p>}
      {asked.state === 'here' && asked.answer.items.length === 0 && <p className="calm">{t('person.no_earlier')}</p>}
      {asked.state === 'here' && (
        <ul className="earlier">
          {asked.answer.items.map((one) => (
            <li key={one.id}>
              {t(`reason.${one.reason}`)}
              <span className="calm">{dayAndTime(Date.parse(one.raised_at), i18n.language)}</span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  )
}
