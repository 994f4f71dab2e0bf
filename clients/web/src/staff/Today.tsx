// Today: what has been done and what comes, by time; the next visit with one large button, under the thumb.
import { useContext, useEffect, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { ask } from '../shell/ask'
import { dayAndMonth, timeOfDay, weekday } from '../shell/clock'
import { NowContext, useNow } from '../shell/now'
import { useStore } from '../shell/store'
import type { Visits } from '../visit/client'
import { firstName } from '../visit/scene'
import type { VisitList, VisitView } from '../wire/types'
import { byTime, dayOf, mayRing, nextOf, timeOfVisit } from './today'

/** A plan that somebody else has changed is seen within this time. */
const ASK_EVERY = 20_000
const ASK_AGAIN = 2500

type Day = { state: 'waiting' } | { state: 'failed' } | { state: 'here'; visits: VisitView[] }

export function Today({ visits, me, begin }: { visits: Visits; me: string | null; begin(): void }) {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  const day = useDay(visits)
  const title = useNow((now) => `${weekday(now, language)} ${dayAndMonth(now, language)}`)
  const list = day.state === 'here' ? byTime(day.visits) : []
  const next = nextOf(list, me)
  return (
    <main className="staff-day">
      <h1 className="staff-date">{title}</h1>
      <div className="staff-list">
        {day.state === 'waiting' && <p className="calm">{t('staff.wait')}</p>}
        {day.state === 'failed' && <p role="alert">{t('staff.failed')}</p>}
        {day.state === 'here' && list.length === 0 && <p className="staff-none">{t('staff.none')}</p>}
        {list.length > 0 && (
          <ol>
            {list.map((visit) => (
              <Row key={visit.id} visit={visit} visits={visits} me={me} ring={visit !== next && mayRing(visit, me)} />
            ))}
          </ol>
        )}
      </div>
      <div className="staff-acts">
        {next && (
          <section className="staff-next" aria-labelledby="next-title">
            <h2 id="next-title">
              {t('staff.next')} <strong>{timeOfDay(timeOfVisit(next), language)}</strong>
            </h2>
            <p>
              {next.resident_name} · {t(`staff.kind.${next.kind}`)}
            </p>
            <Button className="staff-big" onPress={() => visits.ring(next.id)}>
              {t('staff.ring', { name: firstName(next.resident_name) })}
            </Button>
          </section>
        )}
        <Button className="staff-act" onPress={begin}>
          {t('staff.new')}
        </Button>
      </div>
    </main>
  )
}

interface RowProps {
  visit: VisitView
  visits: Visits
  me: string | null
  ring: boolean
}

function Row({ visit, visits, me, ring }: RowProps) {
  const { t, i18n } = useTranslation()
  const late = useNow((now) => visit.state === 'planned' && timeOfVisit(visit) < now - 60_000)
  const state = visit.outcome
    ? t(`staff.outcome.${visit.outcome}`)
    : visit.state === 'planned'
      ? late
        ? t('staff.late')
        : t('staff.planned')
      : t('staff.open')
  const name = firstName(visit.resident_name)
  return (
    <li className="staff-row" data-state={visit.state} data-outcome={visit.outcome} data-late={late}>
      <time dateTime={visit.planned_at ?? visit.rang_at ?? ''}>{timeOfDay(timeOfVisit(visit), i18n.language)}</time>
      <span className="staff-who">
        <strong>{visit.resident_name}</strong>
        <span className="calm">
          {t(`staff.kind.${visit.kind}`)}
          {visit.caller !== me && ` · ${visit.caller_name}`}
        </span>
      </span>
      <span className="staff-how">{state}</span>
      {ring && (
        <Button className="staff-act" onPress={() => visits.ring(visit.id)}>
          {t('staff.ring', { name })}
        </Button>
      )}
    </li>
  )
}

/** The day's list, asked for again when a visit changes, now and then, and until it is there. */
function useDay(visits: Visits): Day {
  const now = useContext(NowContext)
  const [day, setDay] = useState<Day>({ state: 'waiting' })
  const stamp = useStore(visits.meet, (meet) =>
    [meet.line.live, meet.gone?.visit.id, ...[...meet.visits.values()].map((one) => `${one.id} ${one.version}`)].join(),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: a visit that has changed is the reason to ask again
  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      try {
        const path = `/api/v1/visits?day=${dayOf(now.get())}`
        const items: VisitView[] = []
        for (let cursor: string | null = ''; cursor !== null; ) {
          const more: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''
          const page: VisitList = await ask<VisitList>(path + more, { signal: leaving.signal })
          items.push(...page.items)
          cursor = page.next
        }
        setDay({ state: 'here', visits: items })
        timer = setTimeout(look, ASK_EVERY)
      } catch {
        if (leaving.signal.aborted) return
        setDay((before) => (before.state === 'here' ? before : { state: 'failed' }))
        timer = setTimeout(look, ASK_AGAIN)
      }
    }
    void look()
    return () => {
      leaving.abort()
      clearTimeout(timer)
    }
  }, [now, stamp])
  return day
}
