// The resident's page: the time, the day, and HELP; after a press, in plain words, what becomes of the alarm.
import './home.css'
import { type ReactNode, useContext, useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { dayAndMonth, machineClock, timeOfDay, weekday } from '../shell/clock'
import { NowContext, useNow } from '../shell/now'
import { spokenNumber } from '../shell/number'
import { useStore } from '../shell/store'
import { useScene, useVisits } from '../shell/useVisits'
import type { Visits } from '../visit/client'
import { HomeVisit, homeScene } from './HomeVisit'
import { keepDevice, keptNumber } from './keep'
import { type Face, faceOf, type Home } from './press'
import { openRoom, type Room } from './room'

export function HomePage({ device }: { device: string }) {
  const now = useContext(NowContext)
  const [room, setRoom] = useState<Room | null>(null)
  const visits = useVisits('home')
  useEffect(() => {
    keepDevice(device)
    const opened = openRoom(device, machineClock, now)
    setRoom(opened)
    return () => opened.end()
  }, [device, now])
  // A long press by an unsteady hand must stay a press: no menu may come up.
  useEffect(() => {
    const none = (event: Event) => event.preventDefault()
    document.addEventListener('contextmenu', none)
    return () => document.removeEventListener('contextmenu', none)
  }, [])
  return room && visits && <Screen room={room} visits={visits} />
}

function Screen({ room, visits }: { room: Room; visits: Visits }) {
  const { t } = useTranslation()
  const home = useStore(room.store, (state) => state)
  const face = faceOf(home)
  const again = face !== 'rest' && face !== 'ended'
  const visit = homeScene(useScene(visits), face)
  return (
    <main className="home" data-face={face} data-visit={visit?.name}>
      {visit ? (
        <HomeVisit visits={visits} scene={visit} home={home} />
      ) : (
        <>
          <div className="home-words" aria-live="assertive" aria-atomic="true">
            <FaceWords face={face} home={home} />
          </div>
          <Notice home={home} face={face} />
        </>
      )}
      <Button className="home-help" data-again={again} onPress={room.press}>
        {again ? t('home.help_again') : t('home.help')}
      </Button>
    </main>
  )
}

function FaceWords({ face, home }: { face: Face; home: Home }) {
  const { t, i18n } = useTranslation()
  const number = numberOf(home)
  const { status } = home
  const alarm = status?.alarm
  switch (face) {
    case 'rest':
      return <Rest />
    case 'sending':
      return <Words first={t('home.sending')} />
    case 'not_received':
      return (
        <Words first={t('home.not_received')}>
          <p>{t('home.not_received_trying')}</p>
          <p className="home-strong">
            {number ? t('home.not_received_call', { number }) : t('home.not_received_call_none')}
          </p>
        </Words>
      )
    case 'received': {
      const helper = status?.helper
      const time = timeOfDay(home.receivedAt ?? 0, i18n.language)
      return (
        <Words first={t('home.received', { time })}>
          <p>{helper ? t('home.received_next', { helper }) : t('home.received_next_plain')}</p>
          {alarm && alarm.presses > 1 ? <p>{t('home.received_again')}</p> : <p>{t('home.worse')}</p>}
        </Words>
      )
    }
    case 'handled': {
      const name = alarm?.handled_by ?? ''
      return (
        <Words first={t('home.handled', { name })}>
          <p>{t('home.handled_next', { name })}</p>
          {number ? <p>{t('home.handled_talk', { number })}</p> : <p>{t('home.worse')}</p>}
        </Words>
      )
    }
    case 'ended':
      return (
        <Words first={t('home.ended')}>
          <p>{t('home.ended_next')}</p>
        </Words>
      )
  }
}

function Words({ first, children }: { first: string; children?: ReactNode }) {
  return (
    <>
      <h1 className="home-first">{first}</h1>
      {children}
    </>
  )
}

function Rest() {
  const { i18n } = useTranslation()
  const { language } = i18n
  const time = useNow((now) => timeOfDay(now, language))
  const day = useNow((now) => weekday(now, language))
  const date = useNow((now) => dayAndMonth(now, language))
  return (
    // The clock changes each minute and is nobody's news.
    <div aria-live="off">
      <h1 className="home-time">{time}</h1>
      <p className="home-day">{day}</p>
      <p className="home-date">{date}</p>
    </div>
  )
}

/** Calm words while there is no line; silent while the page is about to have its first. */
function Notice({ home, face }: { home: Home; face: Face }) {
  const { t } = useTranslation()
  const cut = !home.line.live && (home.line.heardAt !== null || home.line.attempts > 0)
  if (!cut || face === 'not_received' || face === 'sending') return null
  const number = numberOf(home)
  return (
    <p className="home-notice" role="status">
      {number ? t('home.no_line_call', { number }) : t('home.no_line')}
    </p>
  )
}

function numberOf(home: Home): string {
  return unbroken(spokenNumber(home.status?.call_number || keptNumber()))
}

/** A number stands on one line, or it is dialled wrong. */
function unbroken(number: string): string {
  return number.replaceAll(' ', '\u00a0').replaceAll('-', '\u2011')
}

/** A screen that belongs to nobody says so, and what to do instead. */
export function NotConnected() {
  const { t } = useTranslation()
  const number = unbroken(keptNumber())
  return (
    <main className="home" data-face="lost">
      <div className="home-words">
        <h1 className="home-first">{number ? t('home.not_connected_call', { number }) : t('home.not_connected')}</h1>
      </div>
    </main>
  )
}
