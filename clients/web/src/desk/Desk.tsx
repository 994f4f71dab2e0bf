// The alarm operator's page: the queue to the left, the case in the middle, the person to the right.
import './desk.css'
import './queue.css'
import './case.css'
import './person.css'
import './handling.css'
import { useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { machineClock } from '../shell/clock'
import { NowContext } from '../shell/now'
import { useStore } from '../shell/store'
import { useScene, useVisits } from '../shell/useVisits'
import type { Visits } from '../visit/client'
import type { CaseView, ResidentCard } from '../wire/types'
import { may } from './acts'
import { CasePanel } from './CasePanel'
import { Doors } from './Doors'
import { createDrafts } from './drafts'
import { Foot } from './Foot'
import type { Act } from './feed'
import { OfferStrip, offeredTo } from './HandOver'
import { type Hub, openHub } from './hub'
import type { KeyAct } from './keys'
import { arrange, type Layout, loudness, NOTHING, oldestUntaken } from './order'
import { PersonPanel } from './PersonPanel'
import { Queue, walked } from './Queue'
import { maySee, orderFor, See, SeeButton } from './See'
import { SendButton, SendForm, SentOut } from './Send'
import { Shortcuts } from './Shortcuts'
import { Strips } from './Strips'
import { createSound, type Sound } from './sound'
import { useArrivals } from './useArrivals'
import { useAsked } from './useAsked'
import { useHand } from './useHand'
import { useKeys } from './useKeys'
import { useTitle } from './useTitle'

const drafts = createDrafts()
/** A card is opened when the choice has rested: walking past a row is not looking at the person. */
const CHOICE_RESTS = 350

export function Desk() {
  const now = useContext(NowContext)
  const [over, setOver] = useState(false)
  const [sentence, arrived] = useArrivals()
  const visits = useVisits('staff')
  const [opened, setOpened] = useState<{ hub: Hub; sound: Sound } | null>(null)
  useEffect(() => {
    const sessionOver = () => setOver(true)
    // Drafts outlive the reload; the other person's page begins afresh.
    const somebodyElse = () => location.reload()
    const hub = openHub({ clock: machineClock, now, drafts, arrived, sessionOver, somebodyElse })
    const sound = createSound()
    const unlock = () => sound.unlock()
    document.addEventListener('keydown', unlock, true)
    document.addEventListener('pointerdown', unlock, true)
    setOpened({ hub, sound })
    return () => {
      document.removeEventListener('keydown', unlock, true)
      document.removeEventListener('pointerdown', unlock, true)
      hub.end()
      sound.end()
    }
  }, [now, arrived])
  return (
    <>
      <div className="unseen" aria-live="assertive" data-arrivals="">
        {sentence}
      </div>
      {opened && visits && <Room hub={opened.hub} sound={opened.sound} over={over} visits={visits} />}
    </>
  )
}

function Room({ hub, sound, over, visits }: { hub: Hub; sound: Sound; over: boolean; visits: Visits }) {
  const scene = useScene(visits)
  const feed = useStore(hub.store, (state) => state)
  const { cases, me } = feed
  const [chosen, setChosen] = useState<string | null>(null)
  const [technicalOpen, setTechnicalOpen] = useState(false)
  const [keysOpen, setKeysOpen] = useState(false)
  const [holding, setHolding] = useState(false)
  const [sending, setSending] = useState(false)
  const [doorKeyHeld, setDoorKeyHeld] = useState(false)
  const { hand, moved, left } = useHand()
  const { t } = useTranslation()

  const before = useRef<Layout>(NOTHING)
  const layout = useMemo(() => arrange(before.current, cases, me?.person, hand), [cases, me, hand])
  useEffect(() => {
    before.current = layout
  }, [layout])

  const oldest = useMemo(() => oldestUntaken(cases), [cases])
  const loud = useMemo(() => loudness(cases, me?.person), [cases, me])
  useEffect(() => sound.set(loud), [sound, loud])
  const waits = useMemo(
    () => [...cases.values()].filter((view) => may(view, me?.person, me?.role).take && view.kind === 'person').length,
    [cases, me],
  )
  useTitle(waits)

  const view = chosen === null ? undefined : cases.get(chosen)
  const resident = view?.resident ?? null
  const path =
    chosen !== null && resident !== null
      ? `/api/v1/residents/${encodeURIComponent(resident)}?case=${encodeURIComponent(chosen)}`
      : null
  const [card, again] = useAsked<ResidentCard>(path, CHOICE_RESTS)

  const choose = useCallback((id: string) => {
    setChosen(id)
    setHolding(false)
    setSending(false)
  }, [])
  const pending = useMemo(
    () => [...feed.pending.values()].findLast((one) => one.case === chosen),
    [feed.pending, chosen],
  )
  const mine = view !== undefined && me !== null && may(view, me.person, me.role).close
  const see = () => {
    const order = view && orderFor(view)
    if (order && maySee(view, mine, scene)) visits.start(order)
  }
  const act = (what: Act) => {
    if (chosen !== null) hub.act(chosen, what)
  }

  // A case that turned out to be a part of another's leads there.
  const merged = view?.merged_into ?? null
  useEffect(() => {
    if (merged !== null && cases.has(merged)) choose(merged)
  }, [merged, cases, choose])
  const answerOffer = (on: CaseView, what: Act) => {
    hub.act(on.id, what)
    if (what.act === 'accept_offer') choose(on.id)
  }

  const walk = (step: 1 | -1) => {
    const order = walked(layout, technicalOpen)
    const at = chosen === null ? -1 : order.indexOf(chosen)
    const next = at < 0 ? (layout.waiting[0] ?? order[0]) : order[Math.min(order.length - 1, Math.max(0, at + step))]
    if (next === undefined) return false
    moved()
    choose(next)
    rowOf(next)?.focus()
    return true
  }
  const key = (what: KeyAct, down: boolean): boolean => {
    const can = view && may(view, me?.person, me?.role)
    switch (what) {
      case 'door_code':
        setDoorKeyHeld(down)
        return down
      case 'down':
        return walk(1)
      case 'up':
        return walk(-1)
      case 'take':
        if (view === undefined || view.state === 'closed') return walk(1)
        if (can?.take) act({ act: 'take', seen: view.version })
        return true
      case 'take_over':
        if (can?.takeOver) act({ act: 'take_over' })
        return true
      case 'release':
        if (can?.release) act({ act: 'release' })
        return true
      case 'read':
        if (view && can?.read) act({ act: 'read', seen: view.version })
        return true
      case 'resume':
        if (can?.resume) act({ act: 'resume' })
        return true
      case 'hold':
        if (!can?.hold) return true
        setHolding(true)
        requestAnimationFrame(() => focus('.hold button'))
        return true
      case 'note':
        return focus('#note-field')
      case 'close':
        return focus('[data-choice="cause"] input:checked') || focus('[data-choice="cause"] input')
      case 'see':
        see()
        return true
      case 'hang_up':
        if ('visit' in scene) visits.hangUp(scene.visit.id)
        return true
      case 'open_door':
        pressOn('#door-button')
        return true
      case 'steps':
        return focus('#steps input:not(:checked)') || focus('#steps input')
      case 'call':
        return focus('#calls button')
      case 'who':
        return focus('#who button')
      case 'offer':
        pressOn('#offer-button')
        focusSoon('#offer-to button')
        return true
      case 'accept': {
        const on = offeredTo(me, cases)
        if (on) answerOffer(on, { act: 'accept_offer', seen: on.version })
        return true
      }
      case 'send':
        if (!mine) return true
        setSending(true)
        focusSoon('.send-form button')
        return true
      case 'tell_112':
        return pressOn('#button-112')
      case 'pin_note':
        return focus('#pin-field')
      case 'shift_note':
        return pressOn('#shift-button')
      case 'locate':
        return focus('#locate-why') || pressOn('#locate-button')
      case 'technical':
        setTechnicalOpen(!technicalOpen)
        return true
      case 'help':
        setKeysOpen(true)
        return true
      case 'leave':
        setHolding(false)
        setSending(false)
        if (chosen !== null && rowOf(chosen)) rowOf(chosen)?.focus()
        else if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
        return true
    }
  }
  useKeys(key)

  return (
    <div className="desk" data-live={feed.line.live}>
      <div>
        <Strips line={feed.line} over={over} sound={sound} />
        <OfferStrip cases={cases} me={me} answer={answerOffer} />
      </div>
      <main className="desk-rooms">
        <h1 className="unseen">{t('queue.document_none')}</h1>
        <Queue
          cases={cases}
          layout={layout}
          me={me}
          operators={feed.operators}
          chosen={chosen}
          technicalOpen={technicalOpen}
          joined={me !== null}
          choose={choose}
          setTechnicalOpen={setTechnicalOpen}
          moved={moved}
          left={left}
        />
        <div className="desk-side">
          <CasePanel
            id={chosen}
            any={cases.size > 0}
            view={view}
            card={card.state === 'here' ? card.answer : null}
            me={me}
            operators={feed.operators}
            callNumber={feed.callNumber}
            pending={pending}
            answer={chosen === null ? undefined : feed.answers.get(chosen)}
            drafts={drafts}
            holding={holding}
            setHolding={setHolding}
            act={act}
            press={(what) => key(what, true)}
            acts={
              view &&
              mine && (
                <>
                  {maySee(view, mine, scene) && <SeeButton view={view} see={see} />}
                  <Doors view={view} />
                  <SendButton open={sending} setOpen={setSending} />
                  {sending && (
                    <SendForm
                      view={view}
                      open={sending}
                      waiting={pending !== undefined}
                      setOpen={setSending}
                      act={act}
                    />
                  )}
                </>
              )
            }
            more={
              <>
                {view && <SentOut key={view.id} view={view} mine={mine} />}
                <See visits={visits} scene={scene} on={chosen} />
              </>
            }
          />
          <PersonPanel view={view} mine={mine} card={card} again={again} doorKeyHeld={doorKeyHeld} />
        </div>
      </main>
      <Foot feed={feed} hub={hub} oldest={oldest} showKeys={() => setKeysOpen(true)} />
      <Shortcuts open={keysOpen} setOpen={setKeysOpen} />
    </div>
  )
}

function rowOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)
}

/** When what is asked for from the hub is there, within a second; a hand that moved on meanwhile is left alone. */
function focusSoon(selector: string, tries = 40): void {
  const before = document.activeElement
  const look = (left: number) => {
    if (document.activeElement !== before || focus(selector) || left === 0) return
    setTimeout(() => look(left - 1), 25)
  }
  requestAnimationFrame(() => look(tries))
}

function pressOn(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector)
  found?.focus()
  found?.click()
  return found !== null
}

function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector)
  found?.focus()
  // The whole of the part that it begins, not its first line alone.
  found?.closest('.part')?.scrollIntoView({ block: 'nearest' })
  return found !== null
}
