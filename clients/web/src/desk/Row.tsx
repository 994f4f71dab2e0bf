// One case in the queue.
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { dayAndTime, timeOfDay } from '../shell/clock'
import type { CaseView, Me } from '../wire/types'
import { isOffered } from './HandOver'
import { levelOf, Priority } from './Priority'
import { Running, WaitWords } from './Running'
import { whereOf, whoOf } from './words'

interface Props {
  view: CaseView
  /** Under the heading that says so already. */
  mine: boolean
  chosen: boolean
  pulses: boolean
  reachable: boolean
  me: Me | null
  choose(id: string): void
}

export const Row = memo(function Row({ view, mine, chosen, pulses, reachable, me, choose }: Props) {
  const { t } = useTranslation()
  const untaken = view.handler === null && view.state !== 'closed'
  return (
    <button
      type="button"
      className="row"
      data-row={view.id}
      data-level={levelOf(view.priority)}
      data-pulse={pulses || undefined}
      data-quiet={!untaken || undefined}
      aria-current={chosen ? 'true' : undefined}
      tabIndex={reachable ? 0 : -1}
      // A row that moves between the button's down and up hears no click: with a mouse it is chosen at the down.
      onPointerDown={(event) => {
        if (event.pointerType === 'mouse' && event.button === 0) choose(view.id)
      }}
      onClick={() => choose(view.id)}
    >
      <span className="row-first">
        <Priority priority={view.priority} />
        <span className="row-what">{t(`reason.${view.reason}`)}</span>
        <Running since={view.raised_at} untaken={untaken && view.kind === 'person'} />
      </span>
      <span className="row-second">
        <span className="row-who">{whoOf(view, t)}</span>
        <span className="row-where">{whereOf(view, t)}</span>
      </span>
      <State view={view} mine={mine} me={me} />
    </button>
  )
})

function State({ view, mine, me }: Pick<Props, 'view' | 'mine' | 'me'>) {
  const { t, i18n } = useTranslation()
  const said: { word: string; tone?: 'new' | 'ask' }[] = []
  if (view.state === 'closed') said.push({ word: t('queue.closed') })
  else if (view.handler !== null) {
    const name = view.handler_name ?? view.handler
    if (!mine) said.push({ word: view.handler === me?.person ? t('queue.mine_row') : t('queue.handler', { name }) })
    if (view.held_until)
      said.push({ word: t('queue.held', { time: timeOfDay(Date.parse(view.held_until), i18n.language) }) })
    if (view.missions > 0) said.push({ word: t('queue.missions', { count: view.missions }) })
    if (view.unread > 0) said.push({ word: t('queue.new', { count: view.unread }), tone: 'new' })
    if (view.escalation >= 2) said.push({ word: t('queue.reminder'), tone: 'ask' })
    if (isOffered(view, me)) said.push({ word: t('handling.offered_row'), tone: 'ask' })
  } else if (view.escalation >= 2) {
    said.push({ word: me?.role === 'supervisor' ? t('queue.asked_for_you') : t('queue.supervisor_asked'), tone: 'ask' })
  }
  if (view.occurred_at) {
    const time = dayAndTime(Date.parse(view.occurred_at), i18n.language)
    said.push({ word: t('queue.happened', { time }), tone: 'ask' })
  }
  if (view.presses > 1 && !view.incident) {
    said.push({
      word:
        view.kind === 'person'
          ? t('queue.presses', { count: view.presses })
          : t('queue.signals', { count: view.presses }),
    })
  }
  const untaken = view.handler === null && view.state !== 'closed' && view.kind === 'person'
  if (said.length === 0 && !untaken) return null
  return (
    <span className="row-third">
      {untaken && <WaitWords since={view.raised_at} />}
      {said.map(({ word, tone }) => (
        <span key={word} className="row-said" data-tone={tone}>
          {word}
        </span>
      ))}
    </span>
  )
}
