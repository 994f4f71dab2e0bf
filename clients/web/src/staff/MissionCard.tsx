// Whom the mission is to, for who has accepted it: name, where, telephone and what to know before going in.
import { useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../shell/ask'
import type { DoorCode, MissionCards, MissionView, ResidentCard } from '../wire/types'

const AGAIN = 2500

type Asked = { state: 'waiting' | 'failed' } | { state: 'here'; cards: readonly ResidentCard[] }

export function MissionCard({ mission }: { mission: MissionView }) {
  const { t } = useTranslation()
  const asked = useCards(mission.id)
  if (asked.state !== 'here') {
    return (
      <p className="calm" role="status">
        {asked.state === 'waiting' ? t('mission.card_wait') : t('mission.card_failed')}
      </p>
    )
  }
  return (
    <>
      {asked.cards.map((card) => (
        <section key={card.id} className="mission-card" aria-label={card.name}>
          <h2>{card.name}</h2>
          {card.address && (
            <p className="mission-address">
              {[card.address, card.floor, card.town].filter(Boolean).join(', ')}
              {card.door && ` · ${card.door}`}
            </p>
          )}
          {card.do_not_enter_alone && <p className="mission-warning">{t('mission.not_alone')}</p>}
          {card.instructions && <p>{card.instructions}</p>}
          {[card.hearing, card.sight, card.speech, card.pets].filter(Boolean).map((word) => (
            <p key={word}>{word}</p>
          ))}
          {card.phone && (
            <a className="staff-act mission-link" href={`tel:${card.phone.replaceAll(/[^+\d]/g, '')}`}>
              {t('mission.phone', { number: card.phone })}
            </a>
          )}
        </section>
      ))}
      {asked.cards.some((card) => card.has_door_code) && <Code mission={mission.id} />}
    </>
  )
}

/** The code is fetched when it is asked for, since each look at it is logged. */
function Code({ mission }: { mission: string }) {
  const { t } = useTranslation()
  const [code, setCode] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)
  const show = async () => {
    try {
      setCode((await ask<DoorCode>(`/api/v1/missions/${encodeURIComponent(mission)}/door-code`)).door_code)
      setFailed(false)
    } catch {
      setFailed(true)
    }
  }
  return (
    <div className="mission-code" role="status">
      {code !== null ? (
        <p>
          <strong>{t('mission.code_is', { code })}</strong>
        </p>
      ) : (
        <Button className="staff-act" onPress={() => void show()}>
          {t('mission.code')}
        </Button>
      )}
      {failed && <p>{t('mission.code_failed')}</p>}
    </div>
  )
}

/** Asked for once the mission is one's own, and again until it is here. Kept on no disk. */
function useCards(mission: string): Asked {
  const [asked, setAsked] = useState<Asked>({ state: 'waiting' })
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      try {
        const path = `/api/v1/missions/${encodeURIComponent(mission)}/cards`
        const { items } = await ask<MissionCards>(path, { signal: leaving.signal })
        setAsked({ state: 'here', cards: items })
      } catch (error) {
        if (leaving.signal.aborted) return
        setAsked({ state: 'failed' })
        const refused = error instanceof Problem && error.status >= 400 && error.status < 500
        if (!refused) timer = setTimeout(look, AGAIN)
      }
    }
    void look()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [mission])
  return asked
}
