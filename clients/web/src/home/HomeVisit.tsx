// A visit on the resident's page: who rings and one big Answer, then their picture, their name and Leave. HELP stays.
import './visit.css'
import { type ReactNode, useEffect, useRef } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { assertNever } from '../shell/never'
import { Picture } from '../shell/Picture'
import { useStore } from '../shell/store'
import type { Visits } from '../visit/client'
import { troubleOf } from '../visit/media'
import { createRing } from '../visit/ring'
import { firstName, hasNoCamera, hasNoMicrophone, initials, otherIn, type Scene } from '../visit/scene'
import type { VisitView } from '../wire/types'
import { type Face, faceOf, type Home } from './press'

/** How long the page says how a visit ended. */
const OUTCOME_STAYS = 12_000

export type HomeScene = Exclude<Scene, { name: 'rest' | 'starting' | 'ringing_out' }>

/** What of a visit is on the resident's screen; none when the rest of the page is. */
export function homeScene(scene: Scene, face: Face): HomeScene | null {
  switch (scene.name) {
    case 'rest':
    case 'starting':
    case 'ringing_out':
      return null
    case 'gone':
      // How a visit ended never hides what becomes of an alarm.
      return face === 'rest' || face === 'ended' ? scene : null
    default:
      return scene
  }
}

export function HomeVisit({ visits, scene, home }: { visits: Visits; scene: HomeScene; home: Home }) {
  useRing(scene.name === 'ringing_in')
  switch (scene.name) {
    case 'ringing_in':
      return <Ringing visits={visits} visit={scene.visit} home={home} />
    case 'gone':
      return <Over visits={visits} gone={scene.gone} />
    case 'elsewhere':
      return <Elsewhere visits={visits} visit={scene.visit} />
    case 'connecting':
    case 'live':
    case 'paused':
    case 'leaving':
      return <Meeting visits={visits} scene={scene} home={home} />
    default:
      return assertNever(scene)
  }
}

function Ringing({ visits, visit, home }: { visits: Visits; visit: VisitView; home: Home }) {
  const { t } = useTranslation()
  const name = firstName(visit.caller_name)
  const { id } = visit
  useEffect(() => visits.seen(id), [visits, id])
  return (
    <>
      <div className="call-who">
        <Initials name={visit.caller_name} />
        <div role="alert">
          <h1 className="call-name">{visit.caller_name}</h1>
          <p>
            {visit.caller_place
              ? t('home.visit.wants', { name, place: visit.caller_place })
              : t('home.visit.wants_plain', { name })}
          </p>
          <Alarm home={home} />
        </div>
      </div>
      <Button className="call-answer" onPress={() => visits.answer(id)}>
        {t('home.visit.answer')}
      </Button>
      <Button className="call-small call-not-now" onPress={() => visits.decline(id)}>
        {t('home.visit.not_now')}
      </Button>
    </>
  )
}

interface MeetingProps {
  visits: Visits
  scene: Extract<HomeScene, { name: 'connecting' | 'live' | 'paused' | 'leaving' }>
  home: Home
}

function Meeting({ visits, scene, home }: MeetingProps) {
  const { t } = useTranslation()
  const { visit } = scene
  const other = useStore(visits.pictures, (pictures) => pictures.other)
  const picture = useStore(visits.media, (media) => media.picture)
  const seen = picture && (scene.name === 'live' || scene.name === 'paused')
  return (
    <>
      <div className="call-room" data-scene={scene.name}>
        {other && (
          <Picture
            stream={other}
            label={t('visit.other_picture', { name: visit.caller_name })}
            className="call-picture"
          />
        )}
        {!seen && scene.name !== 'paused' && <Initials name={visit.caller_name} />}
      </div>
      <div className="call-plate" role="status">
        <h1 className="call-name">{visit.caller_name}</h1>
        <Said visits={visits} scene={scene} />
        <Alarm home={home} />
      </div>
      {scene.name !== 'leaving' && (
        <Button className="call-small call-leave" onPress={() => visits.hangUp(visit.id)}>
          {t('home.visit.leave')}
        </Button>
      )}
    </>
  )
}

function Said({ visits, scene }: Omit<MeetingProps, 'home'>) {
  const { t } = useTranslation()
  const own = useStore(visits.media, (media) => troubleOf(media).join(' ')).split(' ')
  const asking = useStore(visits.media, (media) => media.camera === 'asking')
  const { visit } = scene
  const name = firstName(visit.caller_name)
  const others = otherIn(visit)?.trouble ?? []
  const sentences: string[] = []
  if (scene.name === 'connecting') {
    sentences.push(asking ? t('home.visit.ask_camera', { name }) : t('home.visit.connecting', { name }))
  }
  if (scene.name === 'leaving') return <p>{t('home.visit.leaving')}</p>
  if (scene.name === 'paused') {
    const own = scene.why === 'own_line' || scene.why === 'silent'
    return <p>{own ? t('home.visit.paused.own_line') : t('home.visit.paused.other', { name })}</p>
  }
  if (hasNoCamera(own) && hasNoMicrophone(own)) sentences.push(t('home.visit.not_seen_heard', { name }))
  else if (hasNoCamera(own)) sentences.push(t('home.visit.not_seen', { name }))
  else if (hasNoMicrophone(own)) sentences.push(t('home.visit.not_heard', { name }))
  if (hasNoCamera(others)) sentences.push(t('home.visit.other_unseen', { name }))
  return sentences.map((sentence) => <p key={sentence}>{sentence}</p>)
}

/** After HELP in a visit: what becomes of it, on the same plate. */
function Alarm({ home }: { home: Home }) {
  const { t, i18n } = useTranslation()
  const face = faceOf(home)
  const words: Partial<Record<Face, string>> = {
    sending: t('home.visit.alarm_sending'),
    not_received: t('home.visit.alarm_not_received'),
    received: t('home.visit.alarm_received', { time: timeOfDay(home.receivedAt ?? 0, i18n.language) }),
    handled: t('home.visit.alarm_handled', { name: home.status?.alarm?.handled_by ?? '' }),
  }
  const sentence = words[face]
  return sentence ? <p className="call-alarm">{sentence}</p> : null
}

function Elsewhere({ visits, visit }: { visits: Visits; visit: VisitView }) {
  const { t } = useTranslation()
  return (
    <>
      <div className="home-words">
        <h1 className="home-first">{t('home.visit.elsewhere', { name: firstName(visit.caller_name) })}</h1>
      </div>
      <Button className="call-small call-leave" onPress={() => visits.claim(visit.id)}>
        {t('home.visit.claim')}
      </Button>
    </>
  )
}

function Over({ visits, gone }: { visits: Visits; gone: Extract<HomeScene, { name: 'gone' }>['gone'] }) {
  const { t } = useTranslation()
  useEffect(() => {
    const timer = setTimeout(visits.dismiss, OUTCOME_STAYS)
    return () => clearTimeout(timer)
  }, [visits])
  const name = firstName(gone.visit.caller_name)
  const outcome = outcomeKey(gone.visit)
  return (
    <div className="home-words" role="status">
      <h1 className="home-first">
        {gone.how === 'elsewhere'
          ? t('home.visit.answered_elsewhere', { name })
          : t(`home.visit.outcome.${outcome}`, { name })}
      </h1>
    </div>
  )
}

export function outcomeKey(visit: VisitView) {
  const { outcome } = visit
  switch (outcome) {
    case 'page_closed':
    case 'connection_lost':
      return 'broken'
    case 'lapsed':
    case 'right_ended':
    case 'time_up':
    case null:
      return 'over'
    default:
      return outcome
  }
}

function Initials({ name }: { name: string }): ReactNode {
  return (
    <p className="call-initials" aria-hidden="true">
      {initials(name)}
    </p>
  )
}

/** It rings while it is on screen. The first touch of the screen lets the browser sound. */
function useRing(on: boolean): void {
  const ring = useRef<ReturnType<typeof createRing>>(undefined)
  useEffect(() => {
    const made = createRing()
    ring.current = made
    document.addEventListener('pointerdown', made.unlock)
    return () => {
      document.removeEventListener('pointerdown', made.unlock)
      made.end()
      ring.current = undefined
    }
  }, [])
  useEffect(() => ring.current?.set(on), [on])
}
