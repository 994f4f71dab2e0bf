// The middle: who, what and where in a line to read aloud; what has happened and is written, which scrolls; and, always in
// sight beneath it, what can be done.
import { type KeyboardEvent, type ReactNode, useSyncExternalStore } from 'react'
import { Button, Label, TextArea, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { timeOfDay } from '../shell/clock'
import { spokenNumber } from '../shell/number'
import type { CaseDetail, CaseView, Me, OperatorOn, ResidentCard } from '../wire/types'
import { type May, may } from './acts'
import { CloseForm } from './CloseForm'
import type { Drafts } from './drafts'
import type { Act, Answer, Pending } from './feed'
import { Handling } from './Handling'
import { HandOver } from './HandOver'
import { IncidentPart } from './IncidentPart'
import type { KeyAct } from './keys'
import { Outcome } from './Outcome'
import { Priority } from './Priority'
import { Running, WaitWords } from './Running'
import { Sheet112 } from './Sheet112'
import { Timeline } from './Timeline'
import { useFollowed } from './useAsked'
import { aloud } from './words'

const MINUTES = [5, 10, 15, 30, 60] as const
/** The timeline is asked for again at most this often while presses pour in. */
const PACE = 300

interface Props {
  id: string | null
  /** Whether there is any case to choose. */
  any: boolean
  view: CaseView | undefined
  card: ResidentCard | null
  me: Me | null
  operators: readonly OperatorOn[]
  callNumber: string
  pending: Pending | undefined
  answer: Answer | undefined
  drafts: Drafts
  holding: boolean
  setHolding(open: boolean): void
  act(act: Act): void
  /** What the key does. */
  press(key: KeyAct): void
  /** The acts of who has the case that reach out of it: seeing the person, opening the door, sending somebody. */
  acts: ReactNode
  /** How it goes for those sent, and the person's picture. */
  more: ReactNode
}

export function CasePanel(props: Props) {
  const { id, view, drafts, any } = props
  const { t } = useTranslation()
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(id ?? ''))
  if (id === null) {
    return (
      <section className="case" aria-label={t('case.title')}>
        <p className="case-none">{t('case.none')}</p>
        {any && <p className="case-none-how">{t('case.none_how')}</p>}
      </section>
    )
  }
  if (!view) {
    return (
      <section className="case" aria-label={t('case.title')}>
        <p className="case-none">{t('case.gone')}</p>
        {draft.note && (
          <>
            <p>{t('case.gone_text')}</p>
            <blockquote>{draft.note}</blockquote>
          </>
        )}
      </section>
    )
  }
  return <Open {...props} view={view} id={id} key={id} />
}

function Open(props: Props & { id: string; view: CaseView }) {
  const { id, view, card, me, callNumber, pending, answer, drafts, act } = props
  const { t, i18n } = useTranslation()
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.get(id))
  const detail = useFollowed<CaseDetail>(`/api/v1/cases/${encodeURIComponent(id)}`, view.version, PACE)
  const can = may(view, me?.person, me?.role)
  const time = (at: string) => timeOfDay(Date.parse(at), i18n.language)
  const waiting = pending !== undefined
  const note = () => {
    const text = draft.note.trim()
    if (text && !waiting) act({ act: 'note', text })
  }
  return (
    <section className="case" aria-label={t('case.title')} data-state={view.state}>
      <header className="case-head">
        <div className="case-mark">
          <Priority priority={view.priority} />
          <Running since={view.raised_at} untaken={can.take && view.kind === 'person'} />
          {can.take && view.kind === 'person' && <WaitWords since={view.raised_at} />}
          {view.presses > 1 && view.kind === 'person' && <span>{t('queue.presses', { count: view.presses })}</span>}
        </div>
        <h2 className="case-aloud">
          {aloud(view, card, t).map((sentence) => (
            <span key={sentence}>{sentence} </span>
          ))}
        </h2>
        {view.kind === 'person' && (
          <p className="case-speech">
            {callNumber ? t('case.speech_number', { number: spokenNumber(callNumber) }) : t('case.speech_none')}
          </p>
        )}
        <Standing view={view} me={me?.person} time={time} />
      </header>
      <div className="case-body">
        {props.more}
        {view.merged_into && <p className="case-standing">{t('handling.merged')}</p>}
        {detail.state === 'here' && (
          <Handling view={view} detail={detail.answer} card={card} me={me} waiting={waiting} act={act} />
        )}
        {can.note && (
          <section className="part note">
            <TextField
              className="field"
              value={draft.note}
              onChange={(text) => drafts.change(id, { note: text })}
              onKeyDown={(event: KeyboardEvent) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) note()
              }}
              maxLength={2000}
            >
              <Label>
                {t('case.note')}{' '}
                <span className="key" aria-hidden="true">
                  N
                </span>
              </Label>
              <TextArea id="note-field" rows={2} />
            </TextField>
            <Button className="act" isDisabled={!draft.note.trim() || waiting} onPress={note}>
              {t('case.note_save')}{' '}
              <span className="key" aria-hidden="true">
                Ctrl ↵
              </span>
            </Button>
          </section>
        )}
        <IncidentPart view={view} />
        <Timeline asked={detail} me={me?.person} />
        {can.close && (
          <CloseForm
            view={view}
            draft={draft}
            me={me?.person}
            maybe={detail.state === 'here' ? detail.answer.maybe : []}
            callOpen={detail.state === 'here' && detail.answer.calls.some((call) => call.state !== 'ended')}
            waiting={waiting}
            change={(part) => drafts.change(id, part)}
            close={act}
          />
        )}
        {can.take && <p className="calm case-need">{t('close.need_take')}</p>}
      </div>
      <footer className="case-foot">
        <Outcome pending={pending} answer={answer} />
        <Acts {...props} can={can} view={view} waiting={waiting} />
      </footer>
    </section>
  )
}

function Standing({ view, me, time }: { view: CaseView; me: string | undefined; time: (at: string) => string }) {
  const { t } = useTranslation()
  if (view.state === 'closed') {
    return <p className="case-standing">{t('case.closed', { time: view.closed_at ? time(view.closed_at) : '' })}</p>
  }
  if (view.handler === null) return null
  const mine = view.handler === me
  return (
    <>
      <p className="case-standing">
        {mine
          ? t('case.mine', { time: view.taken_at ? time(view.taken_at) : '' })
          : t('case.other', { name: view.handler_name ?? view.handler })}
      </p>
      {view.held_until && <p className="case-standing">{t('case.held', { time: time(view.held_until) })}</p>}
      {view.unread > 0 && <p className="case-unread">{t('case.unread', { count: view.unread })}</p>}
    </>
  )
}

interface ActsProps extends Props {
  can: May
  view: CaseView
  waiting: boolean
}

function Acts({ can, view, me, operators, waiting, holding, setHolding, act, press, acts }: ActsProps) {
  const { t } = useTranslation()
  // What was on the screen is read: what came after it stays unread.
  const seen = view.version
  const plain = [
    { may: can.read, act: { act: 'read', seen }, key: 'S' },
    { may: can.resume, act: { act: 'resume' }, key: 'U' },
    { may: can.takeOver, act: { act: 'take_over' }, key: 'O' },
  ] as const
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are acts
    <div className="acts" role="group" aria-label={t('case.acts')}>
      {can.take && (
        <Button className="act act-take" isDisabled={waiting} onPress={() => act({ act: 'take', seen })}>
          {t('case.take')} <Key word="Enter" />
        </Button>
      )}
      {plain.map(
        (one) =>
          one.may && (
            <Button key={one.key} className="act act-first" isDisabled={waiting} onPress={() => act(one.act)}>
              {t(`case.${one.act.act}`)} <Key word={one.key} />
            </Button>
          ),
      )}
      {can.close && (
        <Button className="act" onPress={() => press('call')}>
          {t('handling.call')} <Key word="P" />
        </Button>
      )}
      {acts}
      {can.close && <Sheet112 view={view} />}
      {can.close && me && <HandOver view={view} me={me} operators={operators} waiting={waiting} act={act} />}
      {can.hold && (
        <Button className="act" aria-expanded={holding} onPress={() => setHolding(!holding)}>
          {t('case.hold')} <Key word="H" />
        </Button>
      )}
      {can.hold && holding && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; these are acts
        <div className="hold" role="group" aria-label={t('case.hold_minutes')}>
          <span>{t('case.hold_minutes')}</span>
          {MINUTES.map((minutes) => (
            <Button
              key={minutes}
              className="act"
              data-minutes={minutes}
              isDisabled={waiting}
              onPress={() => {
                act({ act: 'hold', minutes })
                setHolding(false)
              }}
            >
              {t('case.minutes', { count: minutes })}
            </Button>
          ))}
        </div>
      )}
      {can.release && (
        <Button className="act" isDisabled={waiting} onPress={() => act({ act: 'release' })}>
          {t('case.release')} <Key word="R" />
        </Button>
      )}
      {can.close && (
        <Button className="act" onPress={() => press('close')}>
          {t('close.title')} <Key word="C" />
        </Button>
      )}
    </div>
  )
}

function Key({ word }: { word: string }) {
  return (
    <span className="key" aria-hidden="true">
      {word}
    </span>
  )
}
