// In a visit: the other's picture full, one's own small, what is the matter on a plate, and four buttons with words.
import { useEffect, useRef } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Picture } from '../shell/Picture'
import { useStore } from '../shell/store'
import type { Visits } from '../visit/client'
import { troubleOf } from '../visit/media'
import { hasNoCamera, hasNoMicrophone, initials, type Scene } from '../visit/scene'
import { standing, troublesOf } from '../visit/words'
import type { VisitView } from '../wire/types'
import { OwnPicture } from './OwnPicture'
import { Sign } from './Sign'

type Shown = Exclude<Scene, { name: 'rest' | 'gone' | 'ringing_in' }>

export function VisitScreen({ visits, scene }: { visits: Visits; scene: Shown }) {
  const { t } = useTranslation()
  const media = useStore(visits.media, (state) => state)
  const pictures = useStore(visits.pictures, (state) => state)
  const screen = useRef<HTMLElement>(null)
  useEffect(() => screen.current?.focus(), [])
  useAwake()
  const visit = scene.name === 'starting' ? null : scene.visit
  const name = visit?.resident_name ?? ''
  const seen = media.picture && (scene.name === 'live' || scene.name === 'paused')
  const own = troubleOf(media)
  return (
    <main className="meeting" data-scene={scene.name} ref={screen} tabIndex={-1}>
      <div className="meeting-room">
        {pictures.other && (
          <Picture stream={pictures.other} label={t('visit.other_picture', { name })} className="other" />
        )}
        {!seen && scene.name !== 'paused' && (
          <p className="meeting-initials" aria-hidden="true">
            {initials(name)}
          </p>
        )}
        <div className="meeting-plate" role="status">
          <h1>{name}</h1>
          <p>{standing(scene, t)}</p>
          {visit && troublesOf(visit, own, t).map((sentence) => <p key={sentence}>{sentence}</p>)}
        </div>
        {pictures.own && !hasNoCamera(own) && <OwnPicture stream={pictures.own} />}
      </div>
      {scene.name === 'elsewhere' ? (
        <Elsewhere visits={visits} visit={scene.visit} />
      ) : (
        <Acts visits={visits} visit={visit} />
      )}
    </main>
  )
}

function Acts({ visits, visit }: { visits: Visits; visit: VisitView | null }) {
  const { t } = useTranslation()
  const pictures = useStore(visits.pictures, (state) => state)
  const own = useStore(visits.media, troubleKey)
  const noCamera = hasNoCamera(own.split(' ')) || !pictures.own
  const noMicrophone = hasNoMicrophone(own.split(' ')) || !pictures.own
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are acts
    <div className="meeting-acts" role="group" aria-label={t('visit.acts')}>
      <Button
        className="meeting-act"
        isDisabled={noMicrophone}
        data-off={!pictures.microphone}
        onPress={() => visits.switchOn('microphone', !pictures.microphone)}
      >
        <Sign of={pictures.microphone ? 'microphone' : 'microphone_off'} />
        {pictures.microphone ? t('visit.microphone') : t('visit.microphone_off')}
      </Button>
      <Button
        className="meeting-act"
        isDisabled={noCamera}
        data-off={!pictures.camera}
        onPress={() => visits.switchOn('camera', !pictures.camera)}
      >
        <Sign of={pictures.camera ? 'camera' : 'camera_off'} />
        {pictures.camera ? t('visit.camera') : t('visit.camera_off')}
      </Button>
      <Button className="meeting-act" isDisabled={noCamera || !pictures.camera} onPress={visits.turnCamera}>
        <Sign of="turn" />
        {t('visit.turn')}
      </Button>
      <Button className="meeting-act meeting-end" isDisabled={!visit} onPress={() => visit && visits.hangUp(visit.id)}>
        <Sign of="hang_up" />
        {t('visit.hang_up')}
      </Button>
    </div>
  )
}

function Elsewhere({ visits, visit }: { visits: Visits; visit: VisitView }) {
  const { t } = useTranslation()
  return (
    <div className="staff-acts">
      <Button className="staff-act" onPress={() => visits.hangUp(visit.id)}>
        {t('visit.hang_up')}
      </Button>
      <Button className="staff-big" onPress={() => visits.claim(visit.id)}>
        {t('visit.claim')}
      </Button>
    </div>
  )
}

const troubleKey = (media: Parameters<typeof troubleOf>[0]) => troubleOf(media).join(' ')

/** The screen stays lit while somebody is in a visit, where the browser lets it. */
function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let over = false
    navigator.wakeLock
      ?.request('screen')
      .then((got) => {
        lock = got
        if (over) void got.release()
      })
      .catch(() => undefined)
    return () => {
      over = true
      void lock?.release()
    }
  }, [])
}
