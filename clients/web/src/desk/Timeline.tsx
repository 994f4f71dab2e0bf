// What has happened on the case, newest last, with who and when. A signal nobody has read yet is marked until it is.
import type { TFunction } from 'i18next'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { dayAndTime, timeWithSeconds } from '../shell/clock'
import { assertNever } from '../shell/never'
import type sv from '../text/sv.json'
import type {
  CaseDetail,
  DeclineReason,
  DoorStep,
  LocateState,
  MissionStep,
  SignalView,
  SkipReason,
  TimelineView,
} from '../wire/types'
import { planSentence } from './planned'
import type { Asked } from './useAsked'

export function Timeline({ asked, me }: { asked: Asked<CaseDetail>; me: string | undefined }) {
  const { t } = useTranslation()
  const list = useRef<HTMLOListElement>(null)
  const detail = asked.state === 'here' ? asked.answer : null
  const length = detail?.timeline.length ?? 0
  useEffect(() => {
    if (length > 0) list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [length])
  return (
    <section className="part timeline" aria-labelledby="timeline-title">
      <h3 id="timeline-title">{t('case.timeline')}</h3>
      {asked.state === 'waiting' && <p className="calm">{t('case.timeline_wait')}</p>}
      {asked.state === 'failed' && <p className="calm">{t('case.timeline_failed')}</p>}
      {detail && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable with the keyboard
        <ol ref={list} tabIndex={0} aria-labelledby="timeline-title">
          {detail.timeline.map((line) => (
            <Line key={line.id} line={line} signal={signalOf(line, detail.signals)} me={me} />
          ))}
        </ol>
      )}
    </section>
  )
}

function signalOf(line: TimelineView, signals: readonly SignalView[]): SignalView | undefined {
  return signals.find((signal) => signal.id === line.data.signal)
}

function Line({ line, signal, me }: { line: TimelineView; signal: SignalView | undefined; me: string | undefined }) {
  const { t, i18n } = useTranslation()
  const who = line.by === null ? t('case.system') : line.by === me ? t('case.you') : (line.by_name ?? line.by)
  return (
    <li data-new={signal?.unread || undefined} data-by={line.by === null ? 'system' : 'person'}>
      <time dateTime={line.at}>{timeWithSeconds(Date.parse(line.at), i18n.language)}</time>
      <span className="timeline-what">
        {signal?.unread && <strong className="new-mark">{t('case.new')}</strong>} {sentence(line, signal, t)}
        {typeof line.data.occurred_at === 'string' && (
          <span className="timeline-defects">
            {t('timeline.stale', { time: dayAndTime(Date.parse(line.data.occurred_at), i18n.language) })}
          </span>
        )}
        {signal && signal.defects.length > 0 && (
          <span className="timeline-defects">{t('case.defects', { what: signal.defects.join(', ') })}</span>
        )}
        {signal?.raw && (
          <details>
            <summary>{t('case.raw')}</summary>
            <pre>{signal.raw}</pre>
          </details>
        )}
      </span>
      <span className="timeline-who">{who}</span>
    </li>
  )
}

type Words = typeof sv

function reasonWord(reason: unknown, t: TFunction): string | null {
  return typeof reason === 'string' && reason ? t(`reason.${reason as keyof Words['reason']}`) : null
}

function withZone(what: string | null, zone: unknown, t: TFunction): string | null {
  return what && typeof zone === 'string' ? t('timeline.zone', { what, zone }) : what
}

function sentence(line: TimelineView, signal: SignalView | undefined, t: TFunction): string {
  const { data } = line
  switch (line.kind) {
    case 'raised': {
      const reason = withZone(reasonWord(data.reason ?? signal?.reason, t), data.zone, t)
      return reason ? t('timeline.raised', { reason }) : t('timeline.raised_plain')
    }
    case 'signal': {
      const kind = data.kind ?? signal?.kind
      if (typeof kind !== 'string') return t('timeline.signal_unknown')
      const word = t(`signal.${kind as keyof Words['signal']}`)
      const reason = withZone(reasonWord(data.reason ?? signal?.reason, t), data.zone, t)
      return reason ? t('timeline.signal', { kind: word, reason }) : t('timeline.signal_plain', { kind: word })
    }
    case 'noted':
      return t('timeline.noted', { text: data.text ?? '' })
    case 'held':
      return t('timeline.held', { count: Number(data.minutes ?? 0) })
    case 'escalated':
    case 'step_failed':
    case 'route_failed':
    case 'forwarded':
      return planSentence(line.kind, data, t)
    case 'closed': {
      if (!data.cause || !data.measure) return t('timeline.closed_plain')
      const cause = t(`cause.${data.cause as keyof Words['cause']}`)
      const measure = t(`measure.${data.measure as keyof Words['measure']}`)
      const told = { cause, measure }
      return data.text ? t('timeline.closed_text', { ...told, text: data.text }) : t('timeline.closed', told)
    }
    case 'door': {
      const event = t(`door_event.${String(data.door) as keyof Words['door_event']}`)
      if (!data.how) return t('timeline.door', { event })
      return t('timeline.door_how', { event, how: t(`door_how.${String(data.how) as keyof Words['door_how']}`) })
    }
    case 'lock_failed':
      return t('timeline.lock_failed', {
        why: t(`lock_outcome.${String(data.outcome) as keyof Words['lock_outcome']}`),
      })
    case 'ended':
      return data.measure === 'part_of_incident' ? t('timeline.ended_part') : t('timeline.ended_back')
    case 'mission_accepted':
      return t('timeline.mission_accepted', { count: Number(data.minutes ?? 0) })
    case 'mission_declined':
      return t('timeline.mission_declined', { reason: t(`mission.reason.${data.reason as DeclineReason}`) })
    case 'mission_arrived':
      return t('timeline.mission_arrived', {
        how: t(`mission.how.${(data.reason ?? data.how) as keyof Words['mission']['how']}`),
      })
    case 'mission_step': {
      const step = t(`mission.door.${data.step as DoorStep}`)
      if (!data.skipped) return t('timeline.mission_step', { step })
      return t('timeline.mission_step_skipped', { step, why: t(`mission.skipped.${data.skipped as SkipReason}`) })
    }
    case 'mission_cancelled':
      return data.text ? t('timeline.mission_cancelled_text', { text: data.text }) : t('timeline.mission_cancelled')
    case 'mission_urgent':
      return t('timeline.mission_urgent', { why: t(`mission.step.${data.step as MissionStep}`) })
    case 'mission_sent':
    case 'mission_on_the_way':
    case 'mission_no_answer':
    case 'mission_got_in':
    case 'mission_done':
    case 'ticked':
    case 'unticked': {
      const code = data.code as keyof Words['handling']['step'] | null
      return t(`timeline.${line.kind}`, { step: code ? t(`handling.step.${code}`) : (data.text ?? '') })
    }
    case 'call_started':
    case 'call_connected':
    case 'call_ended': {
      const to = t(`handling.to.${String(data.to) as keyof Words['handling']['to']}`)
      if (line.kind !== 'call_ended') return t(`timeline.${line.kind}`, { to })
      const result = t(`handling.result.${String(data.result) as keyof Words['handling']['result']}`)
      return t('timeline.call_ended', { to, result })
    }
    case 'offer_ended':
      return t(`handling.how.${String(data.how) as keyof Words['handling']['how']}`)
    case 'locate_asked':
      return data.text ? t('timeline.locate_asked_urgent', { text: data.text }) : t('timeline.locate_asked')
    case 'locate_failed':
      return t('timeline.locate_failed', {
        why: t(`position.why.${data.outcome as Exclude<LocateState, 'asked' | 'sent' | 'found'>}`),
      })
    case 'sent_out':
      return t(`sent_out.${String(data.outcome) as keyof Words['sent_out']}`, {
        name: data.name ?? '',
        code: data.snu ?? data.status ?? '',
      })
    case 'offered':
      return data.name ? t('timeline.offered_desk', { name: data.name }) : t('timeline.offered')
    case 'handed_over':
      return data.name ? t('timeline.handed_over_desk', { name: data.name }) : t('timeline.handed_over')
    case 'named':
    case 'merged':
    case 'told_112':
    case 'counted':
    case 'taken':
    case 'taken_over':
    case 'released':
    case 'hold_ended':
    case 'woken':
    case 'read':
    case 'reminded':
    case 'device_not_told':
    case 'lock_asked':
    case 'lock_opened':
    case 'located':
      return t(`timeline.${line.kind}`)
    default:
      return assertNever(line.kind)
  }
}
