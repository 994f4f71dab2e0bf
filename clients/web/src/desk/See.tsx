// Seeing a person from a case that one has: their screen is rung, and their picture stands here, beside the case.
import './see.css'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Picture } from '../shell/Picture'
import { useStore } from '../shell/store'
import type { Visits } from '../visit/client'
import { troubleOf } from '../visit/media'
import type { Scene } from '../visit/scene'
import { firstName, initials } from '../visit/scene'
import { outcomeOf, refusalOf, standing, troublesOf } from '../visit/words'
import type { CaseView } from '../wire/types'

/** The order of an alarm visit: the alarm itself is why, and the case is its reference. */
export function orderFor(view: CaseView) {
  if (view.resident === null) return null
  return { resident: view.resident, kind: 'alarm', legal_basis: 'SoL', decision: view.id, case: view.id } as const
}

/** Whether the case's person can be rung now: the case is one's own, and nobody is being seen. */
export function maySee(view: CaseView | undefined, mine: boolean, scene: Scene): boolean {
  const free = scene.name === 'rest' || scene.name === 'gone'
  return view !== undefined && view.resident !== null && mine && free
}

/** A visit that goes on stands beside every case; how it went, beside the one it was for. */
export function See({ visits, scene, on }: { visits: Visits; scene: Scene; on: string | null }) {
  const { t } = useTranslation()
  const refused = useStore(visits.meet, (meet) => meet.refused)
  switch (scene.name) {
    case 'rest': {
      if (!refused) return null
      const { sentence, code } = refusalOf(refused.code, t('visit.person'), t)
      return (
        <p className="outcome" data-how="refused" role="status">
          {sentence} {code && <small>({code})</small>}
        </p>
      )
    }
    case 'gone':
      return scene.gone.visit.case !== on ? null : (
        <p className="see-gone" role="status">
          {outcomeOf(scene.gone.visit, t).join(' ')}
        </p>
      )
    default:
      return <Seen visits={visits} scene={scene} />
  }
}

function Seen({ visits, scene }: { visits: Visits; scene: Exclude<Scene, { name: 'rest' | 'gone' }> }) {
  const { t } = useTranslation()
  const media = useStore(visits.media, (state) => state)
  const pictures = useStore(visits.pictures, (state) => state)
  const visit = scene.name === 'starting' ? null : scene.visit
  const name = visit?.resident_name ?? ''
  const seen = media.picture && (scene.name === 'live' || scene.name === 'paused')
  return (
    <section className="see" aria-label={t('case.visit')} data-scene={scene.name}>
      <div className="see-room">
        {pictures.other && (
          <Picture stream={pictures.other} label={t('visit.other_picture', { name })} className="see-picture" />
        )}
        {!seen && scene.name !== 'paused' && (
          <p className="see-initials" aria-hidden="true">
            {initials(name)}
          </p>
        )}
        <div className="see-plate" role="status">
          <p className="see-name">{standing(scene, t)}</p>
          {visit && troublesOf(visit, troubleOf(media), t).map((sentence) => <p key={sentence}>{sentence}</p>)}
        </div>
        {pictures.own && <Picture stream={pictures.own} label="" className="see-own" own />}
      </div>
      <div className="acts">
        {visit && scene.name === 'elsewhere' && (
          <Button className="act act-first" onPress={() => visits.claim(visit.id)}>
            {t('visit.claim')}
          </Button>
        )}
        <Button
          className="act"
          aria-pressed={!pictures.microphone}
          isDisabled={!pictures.own}
          onPress={() => visits.switchOn('microphone', !pictures.microphone)}
        >
          {pictures.microphone ? t('visit.microphone') : t('visit.microphone_off')}
        </Button>
        <Button
          className="act"
          aria-pressed={!pictures.camera}
          isDisabled={!pictures.own}
          onPress={() => visits.switchOn('camera', !pictures.camera)}
        >
          {pictures.camera ? t('visit.camera') : t('visit.camera_off')}
        </Button>
        {visit && (
          <Button className="act act-first" onPress={() => visits.hangUp(visit.id)}>
            {t('visit.hang_up')}{' '}
            <span className="key" aria-hidden="true">
              X
            </span>
          </Button>
        )}
      </div>
    </section>
  )
}

/** The button that begins it. */
export function SeeButton({ view, see }: { view: CaseView; see(): void }) {
  const { t } = useTranslation()
  return (
    <Button className="act" onPress={see}>
      {t('case.see')}
      {view.person && ` ${firstName(view.person.name)}`}{' '}
      <span className="key" aria-hidden="true">
        V
      </span>
    </Button>
  )
}
