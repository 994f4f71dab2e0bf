// Sending somebody, and how it goes for those sent: whom, how far, how long is left, and calling it off.
import './send.css'
import { useState } from 'react'
import { Button, Input, Label, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask, Problem } from '../shell/ask'
import { running, timeOfDay } from '../shell/clock'
import { useNow } from '../shell/now'
import type { CaseView, MissionList, MissionView, ResponderList } from '../wire/types'
import type { Act } from './feed'
import { useAsked, useFollowed } from './useAsked'
import { whyNot } from './words'

const PACE = 300

interface SendProps {
  view: CaseView
  open: boolean
  waiting: boolean
  setOpen(open: boolean): void
  act(act: Act): void
}

/** The button, and the choice of whom to send. The person's own team comes first. */
export function SendButton({ open, setOpen }: Pick<SendProps, 'open' | 'setOpen'>) {
  const { t } = useTranslation()
  return (
    <Button className="act" aria-expanded={open} onPress={() => setOpen(!open)}>
      {t('mission.send')}{' '}
      <span className="key" aria-hidden="true">
        M
      </span>
    </Button>
  )
}

export function SendForm({ view, waiting, setOpen, act }: SendProps) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const [asked] = useAsked<ResponderList>(`/api/v1/cases/${encodeURIComponent(view.id)}/responders`, 0)
  const send = (to: { unit: string | null; person: string | null }) => {
    act({ act: 'dispatch', note: note.trim(), ...to })
    setOpen(false)
  }
  return (
    <section className="part send-form" aria-labelledby="send-title">
      <h3 id="send-title">{t('mission.send_whom')}</h3>
      {asked.state === 'failed' && <p role="alert">{t('mission.send_failed')}</p>}
      {asked.state === 'waiting' && <p className="calm">{t('mission.send_wait')}</p>}
      {asked.state === 'here' && (
        <>
          <p className="calm">{t('mission.send_teams')}</p>
          <div className="send-options">
            {asked.answer.teams.map((team) => (
              <Button
                key={team.id}
                className={team.own ? 'act act-first' : 'act'}
                isDisabled={waiting}
                onPress={() => send({ unit: team.id, person: null })}
              >
                {[
                  team.name,
                  team.own && t('mission.own_team'),
                  team.busy > 0 && t('mission.busy', { count: team.busy }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Button>
            ))}
          </div>
          <p className="calm">{t('mission.send_people')}</p>
          <div className="send-options">
            {asked.answer.workers.map((one) => (
              <Button
                key={`${one.id} ${one.unit}`}
                className="act"
                isDisabled={waiting}
                onPress={() => send({ unit: null, person: one.id })}
              >
                {[one.name, one.unit_name, one.busy > 0 && t('mission.busy', { count: one.busy })]
                  .filter(Boolean)
                  .join(' · ')}
              </Button>
            ))}
          </div>
        </>
      )}
      <TextField className="field" value={note} onChange={setNote} maxLength={500}>
        <Label>{t('mission.send_note')}</Label>
        <Input />
      </TextField>
    </section>
  )
}

/** Everybody sent for this case, newest first. */
export function SentOut({ view, mine }: { view: CaseView; mine: boolean }) {
  const { t } = useTranslation()
  const [refused, setRefused] = useState('')
  const path = `/api/v1/missions?case=${encodeURIComponent(view.id)}`
  const asked = useFollowed<MissionList>(path, view.version, PACE)
  const items = asked.state === 'here' ? asked.answer.items : []
  const cancel = async (mission: MissionView) => {
    try {
      const body = { command_id: crypto.randomUUID() }
      await ask(`/api/v1/missions/${encodeURIComponent(mission.id)}/cancel`, { method: 'POST', body })
      setRefused('')
    } catch (error) {
      setRefused(whyNot(error instanceof Problem ? error.code : 'unknown', null, t).sentence)
    }
  }
  if (items.length === 0) return null
  return (
    <section className="sent" aria-labelledby="sent-title">
      <h3 id="sent-title">{t('case.missions')}</h3>
      <ul>
        {items.map((one) => (
          <Sent key={one.id} mission={one} cancel={mine && CANCELLABLE.has(one.state) ? cancel : null} />
        ))}
      </ul>
      <p role="status">{refused}</p>
    </section>
  )
}

const CANCELLABLE: ReadonlySet<MissionView['state']> = new Set(['sent', 'accepted', 'on_the_way'])

function Sent({ mission, cancel }: { mission: MissionView; cancel: ((mission: MissionView) => void) | null }) {
  const { t, i18n } = useTranslation()
  const name = mission.responder_name ?? mission.person_name ?? mission.unit_name ?? ''
  // Until somebody is there, what counts is when that one should be; a deadline that repeats itself starts anew each time.
  const going = mission.arrived_at === null && mission.arrive_by !== null
  const deadline = going ? mission.arrive_by : mission.next_step_at
  const due = deadline === null ? null : Date.parse(deadline)
  const left = useNow((now) => (due === null ? '' : running(Math.abs(due - now))))
  const past = useNow((now) => due !== null && now > due)
  const unheard = mission.state === 'no_answer' || (mission.state === 'sent' && mission.urgent > 0)
  const late = mission.ended_at === null && (past || unheard)
  const time = mission.ended_at && timeOfDay(Date.parse(mission.ended_at), i18n.language)
  const declined = mission.declined.filter((one) => one.person !== mission.responder)
  const done = mission.door.filter((one) => one.at !== null).length
  return (
    <li data-mission={mission.id} data-state={mission.state} data-late={late || undefined}>
      <strong>{mission.responder_name ? name : t('mission.for_whom', { name })}</strong>
      <span className="sent-state">{t(`mission.state.${mission.state}`)}</span>
      <span className="sent-time">
        {time ?? (due === null ? '' : past ? t('mission.over', { time: left }) : t('mission.left', { time: left }))}
      </span>
      {cancel && (
        <Button className="act" aria-label={t('mission.cancel_of', { name })} onPress={() => cancel(mission)}>
          {t('mission.cancel')}
        </Button>
      )}
      {declined.map((one) => (
        <span key={one.person} className="sent-more">
          {t('mission.cannot', { name: one.name, reason: t(`mission.reason.${one.reason}`) })}
        </span>
      ))}
      {mission.door.length > 0 && (
        <span className="sent-more">{t('mission.door_count', { done, all: mission.door.length })}</span>
      )}
      {mission.arrived_how && (
        <span className="sent-more">
          {t('timeline.mission_arrived', { how: t(`mission.how.${mission.arrived_reason ?? mission.arrived_how}`) })}
        </span>
      )}
    </li>
  )
}
