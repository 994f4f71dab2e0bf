// The foot: whether what is shown is live, who is here, and how the hour is going.
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { running } from '../shell/clock'
import { useNow } from '../shell/now'
import { Switches } from '../shell/Switches'
import type { CaseView } from '../wire/types'
import type { Feed } from './feed'
import type { Hub } from './hub'
import { ShiftNote } from './ShiftNote'

interface Props {
  feed: Feed
  hub: Hub
  oldest: CaseView | null
  showKeys(): void
}

export function Foot({ feed, hub, oldest, showKeys }: Props) {
  const { t } = useTranslation()
  const { me, operators, figures } = feed
  return (
    <footer className="foot">
      <LineState feed={feed} hub={hub} />
      {me && (
        <p className="foot-me">
          <strong>{me.name}</strong>, {t(`role.${me.role}`)} · {me.desk_name}
        </p>
      )}
      <Figure name={t('foot.operators')}>
        <span title={operators.map((one) => one.name).join(', ')}>{operators.length}</span>
      </Figure>
      <Figure name={t('foot.oldest')}>{oldest ? <Oldest since={oldest.raised_at} /> : t('foot.nobody')}</Figure>
      <Figure name={t('foot.share')}>
        {figures && figures.raised_last_hour > 0
          ? `${share(figures.answered_60s_last_hour, figures.raised_last_hour)} %`
          : t('foot.no_share')}
      </Figure>
      <div className="foot-end">
        {me?.role === 'supervisor' && (
          <a className="switch foot-board" href="/board">
            {t('foot.board')}
          </a>
        )}
        {me && <ShiftNote me={me.person} />}
        <Button className="switch" onPress={showKeys}>
          {t('foot.keys')}{' '}
          <span className="key" aria-hidden="true">
            ?
          </span>
        </Button>
        <Switches leave />
      </div>
    </footer>
  )
}

/** Whole per cent, rounded down: 97.9 % is not 98. */
export function share(part: number, whole: number): number {
  return Math.floor((part / whole) * 100)
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <p className="foot-figure">
      <span className="foot-name">{name}</span> <strong>{children}</strong>
    </p>
  )
}

function Oldest({ since }: { since: string }) {
  const began = Date.parse(since)
  return useNow((now) => running(now - began))
}

function LineState({ feed, hub }: { feed: Feed; hub: Hub }) {
  const { t } = useTranslation()
  const { heardAt, live } = feed.line
  const seconds = useNow(() => (heardAt === null ? -1 : Math.max(0, Math.floor((hub.clock.mono() - heardAt) / 1000))))
  const word = live ? t('foot.live') : heardAt === null ? t('foot.joining') : t('foot.old')
  return (
    <p className="foot-line" data-live={live}>
      <span className="foot-dot" aria-hidden="true" />
      {word}
      {seconds >= 2 && <span className="calm"> · {t('foot.heard', { count: seconds })}</span>}
    </p>
  )
}
