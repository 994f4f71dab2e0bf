// Made by `npm run wire` from kit/wire. Do not edit.

/**
 * Why somebody in a visit is not there at this moment.
 */
export type Away = 'page_closed' | 'connection_lost'
/**
 * What somebody is, in a unit, a principal or a central.
 */
export type Role = 'operator' | 'supervisor' | 'worker' | 'planner' | 'installer' | 'administrator' | 'reviewer'
/**
 * Whom a call was made to.
 */
export type CallTo = 'resident' | 'contact' | 'responder' | 'other'
/**
 * What came of a call.
 */
export type CallResult = 'answered' | 'no_answer' | 'busy' | 'number_fault' | 'voicemail' | 'refused' | 'cut_off'
/**
 * The call's own machine (alarms/core/call.py).
 */
export type CallState = 'started' | 'connected' | 'ended'
/**
 * Whether a person or a thing needs a human.
 */
export type CaseKind = 'person' | 'technical'
/**
 * The case's own machine (alarms/core/case.py).
 */
export type CaseState = 'raised' | 'queued' | 'taken' | 'closed'
/**
 * Why a signal or a case is there: what the desk says first.
 */
export type Reason =
  | 'pressed'
  | 'fell'
  | 'attack'
  | 'fire'
  | 'gas'
  | 'flood'
  | 'inactivity'
  | 'wandering'
  | 'epilepsy'
  | 'left_bed'
  | 'pill_not_taken'
  | 'door'
  | 'door_forced'
  | 'duress'
  | 'intruder'
  | 'assistance'
  | 'unknown_alarm'
  | 'unreadable'
  | 'battery_low'
  | 'mains_failure'
  | 'link_failure'
  | 'radio_interference'
  | 'tamper'
  | 'door_jammed'
  | 'door_ajar'
  | 'malfunction'
/**
 * The next step of an open case; each has a deadline.
 */
export type Step = 'louder' | 'supervisor' | 'supervisor_again' | 'remind_handler' | 'hold_ends' | 'offer_ends'
/**
 * What a signal asks of us (semantics 1: a signal is not a case).
 */
export type SignalKind = 'alarm' | 'technical' | 'restore' | 'reset' | 'cancel' | 'test' | 'heartbeat' | 'information'
/**
 * What happened to a case.
 */
export type TimelineKind =
  | 'raised'
  | 'signal'
  | 'taken'
  | 'taken_over'
  | 'released'
  | 'noted'
  | 'held'
  | 'hold_ended'
  | 'woken'
  | 'read'
  | 'escalated'
  | 'reminded'
  | 'device_not_told'
  | 'door'
  | 'lock_asked'
  | 'lock_opened'
  | 'lock_failed'
  | 'closed'
  | 'ticked'
  | 'unticked'
  | 'call_started'
  | 'call_connected'
  | 'call_ended'
  | 'offered'
  | 'handed_over'
  | 'offer_ended'
  | 'named'
  | 'merged'
  | 'told_112'
  | 'counted'
/**
 * Whose list a step is from.
 */
export type StepOrigin = 'default' | 'principal' | 'resident'
/**
 * The steps that everybody has who has no list of their own; their texts are the pages'.
 */
export type StepCode =
  | 'speak'
  | 'call_back'
  | 'ask_hurt'
  | 'ask_breathing'
  | 'stay_still'
  | 'leave_home'
  | 'call_112'
  | 'call_police'
  | 'listen'
  | 'call_contacts'
  | 'send_staff'
  | 'find_position'
  | 'ask_medicine'
  | 'ask_door'
  | 'find_sender'
  | 'check_device'
  | 'report_fault'
/**
 * Why it happened, said at closing.
 */
export type Cause =
  'fall' | 'illness' | 'pain' | 'worry' | 'help_needed' | 'toilet' | 'mistake' | 'technical_fault' | 'visitor' | 'other'
/**
 * What was done, said at closing.
 */
export type Measure =
  'spoke' | 'staff_sent' | 'ambulance' | 'relative_called' | 'reported_technical' | 'none_needed' | 'other'
/**
 * Why a closed case names no person.
 */
export type NobodyReason = 'not_identified' | 'nobody_home' | 'device_only'
/**
 * Which way a leg carries: into the relay (WHIP) or out of it (WHEP).
 */
export type Direction = 'publish' | 'subscribe'
/**
 * How the door itself stands, as far as it has told.
 */
export type DoorState = 'unknown' | 'open' | 'closed' | 'ajar'
/**
 * The act that the decision behind a visit rests on (domain.md, 18).
 */
export type LegalBasis = 'SoL' | 'HSL' | 'LSS'
/**
 * How a lock stands, as far as it has told.
 */
export type LockState = 'unknown' | 'locked' | 'unlocked' | 'unlatched' | 'jammed'
/**
 * What a visit is for.
 */
export type VisitKind = 'home' | 'supervision' | 'alarm'
/**
 * The visit's own machine (signaling/core/visit.py).
 */
export type VisitState = 'planned' | 'ringing' | 'answered' | 'in_progress' | 'ended'
/**
 * How a visit ended.
 *
 * `completed`: both were in it, and one of them hung up. `cancelled`: the caller hung up before anybody answered, or
 * took a planned visit away. `lapsed`: a planned visit that nobody started. `not_connected`: answered, but no picture
 * or sound came about, and no page said why.
 */
export type VisitOutcome =
  | 'completed'
  | 'no_answer'
  | 'declined'
  | 'cancelled'
  | 'lapsed'
  | 'camera_refused'
  | 'microphone_refused'
  | 'not_connected'
  | 'page_closed'
  | 'connection_lost'
  | 'right_ended'
  | 'time_up'
/**
 * Who somebody is in a visit.
 */
export type VisitPart = 'caller' | 'resident'
/**
 * What happens to an open visit when its deadline passes.
 */
export type VisitStep = 'plan_lapses' | 'ring_ends' | 'connecting_ends' | 'away_ends' | 'time_ends'
/**
 * What keeps somebody in a visit from being seen or heard, as that one's own page reports it.
 *
 * `not_connected`: the relay could not be reached, or no packets come through.
 */
export type Trouble =
  'camera_refused' | 'microphone_refused' | 'camera_missing' | 'microphone_missing' | 'not_connected'
/**
 * What happened to a visit.
 */
export type VisitEntryKind =
  'planned' | 'rang' | 'seen' | 'answered' | 'joined' | 'connected' | 'trouble' | 'away' | 'back' | 'ended'

/**
 * Take over the case that is offered. What came after version `seen` stays unread.
 */
export interface AcceptOffer {
  act: 'accept_offer'
  seen: number | null
}
/**
 * The events are stored. `cases` are the ids of the cases they are on, in the order of the events, each once.
 */
export interface Accepted {
  accepted: number
  cases: string[]
}
/**
 * One page of the access log, newest first.
 */
export interface AccessLogPage {
  items: AccessRow[]
  next: string | null
}
/**
 * One row of the access log: who, in which role and unit, did what, for whom, why, when.
 */
export interface AccessRow {
  id: string
  at: string
  principal: string
  person: string
  role: string
  unit: string | null
  act: string
  resident: string | null
  subject: string | null
  purpose: string | null
  allowed: boolean
  sealed: boolean
}
/**
 * All is well and nothing has happened after `position`; three seconds without one means old data.
 */
export interface Beat {
  type: 'beat'
  position: number
  at: string
  operators: OperatorOn[]
  figures: Figures
}
/**
 * Somebody who has a desk open.
 */
export interface OperatorOn {
  id: string
  name: string
  role: Role
}
/**
 * The foot of the desk: how the last hour went. Of person cases raised in the last 60 minutes.
 *
 * A case that is younger than 60 s counts from when it is answered: nobody has failed it yet.
 */
export interface Figures {
  raised_last_hour: number
  answered_60s_last_hour: number
}
/**
 * A call is being made: to whom (`contact` by id). With `result` it is over as well.
 */
export interface Call {
  act: 'call'
  to: CallTo
  contact: string | null
  result: CallResult | null
}
/**
 * Somebody has answered the open call.
 */
export interface CallConnected {
  act: 'call_connected'
}
/**
 * What came of the open call; `call` names another's that was left open on the case.
 */
export interface CallEnded {
  act: 'call_ended'
  result: CallResult
  call: string | null
}
/**
 * A call made for a case. `contact` is the contact's id and `to_name` its name as it is now.
 */
export interface CallView {
  id: string
  operator: string
  to: CallTo
  contact: string | null
  to_name: string | null
  state: CallState
  result: CallResult | null
  started_at: string
  ended_at: string | null
}
/**
 * A case with everything on it, newest last.
 *
 * `maybe` is who lives in the home while nobody knows which of them it is: whom a closing may name.
 */
export interface CaseDetail {
  id: string
  version: number
  kind: CaseKind
  state: CaseState
  priority: number
  principal: string
  principal_name: string
  resident: string | null
  person: ResidentBrief | null
  home: string | null
  town: string | null
  household: number
  device: string | null
  reason: Reason
  presses: number
  unread: number
  handler: string | null
  handler_name: string | null
  escalation: number
  held_until: string | null
  next_step: Step | null
  next_step_at: string | null
  raised_at: string
  taken_at: string | null
  closed_at: string | null
  account: string | null
  offered_to: string | null
  offered_to_name: string | null
  offered_until: string | null
  merged_into: string | null
  signals: SignalView[]
  timeline: TimelineView[]
  maybe: HouseholdMember[]
  steps: StepView[]
  calls: CallView[]
}
/**
 * What a row in the queue says of a resident. `age` in whole years.
 */
export interface ResidentBrief {
  id: string
  name: string
  age: number | null
  unit: string
  unit_name: string
}
/**
 * One signal on a case. `reference` is the device's own; `raw` is what it sent, undecodable bytes replaced.
 *
 * `details` holds what the device said besides: place, texts, position.
 */
export interface SignalView {
  id: string
  protocol: string
  type: string
  kind: SignalKind
  reason: Reason | null
  reference: string
  received_at: string
  occurred_at: string | null
  unread: boolean
  defects: string[]
  details: {
    [k: string]: string
  }
  raw: string
}
/**
 * One line of what happened. `by` is a person's id, `by_name` that person's name; none for the platform itself.
 */
export interface TimelineView {
  id: string
  at: string
  kind: TimelineKind
  by: string | null
  by_name: string | null
  data: {
    [k: string]: string | number | null
  }
}
/**
 * Another resident of the same home.
 */
export interface HouseholdMember {
  id: string
  name: string
  age: number | null
}
/**
 * A step to tick. The text is its own or, with a `code`, the page's.
 */
export interface StepView {
  id: string
  origin: StepOrigin
  code: StepCode | null
  text: string | null
  ticked_at: string | null
  ticked_by: string | null
  ticked_by_name: string | null
}
/**
 * One page of cases; `next` goes into `cursor` for the following page.
 */
export interface CaseList {
  items: CaseView[]
  next: string | null
}
/**
 * A case as a row in a queue. Priority 1 comes first; `presses` counts the person's alarms on this case.
 *
 * `escalation` is 0 while it waits as it should, 1 when every desk is louder, 2 when the supervisor has been asked.
 * `account` is there where nobody knows whose alarm it is: what the sender calls itself, empty where it is several.
 * `merged_into` is the case that this one turned out to be a part of.
 */
export interface CaseView {
  id: string
  version: number
  kind: CaseKind
  state: CaseState
  priority: number
  principal: string
  principal_name: string
  resident: string | null
  person: ResidentBrief | null
  home: string | null
  town: string | null
  household: number
  device: string | null
  reason: Reason
  presses: number
  unread: number
  handler: string | null
  handler_name: string | null
  escalation: number
  held_until: string | null
  next_step: Step | null
  next_step_at: string | null
  raised_at: string
  taken_at: string | null
  closed_at: string | null
  account: string | null
  offered_to: string | null
  offered_to_name: string | null
  offered_until: string | null
  merged_into: string | null
}
/**
 * Cases as they stand after `position`. Closed ones come once more, with `closed_at`.
 */
export interface Change {
  type: 'change'
  position: number
  at: string
  cases: CaseView[]
}
/**
 * End the case. Needs a resident on the case, one named here, or the reason why there is none.
 */
export interface Close {
  act: 'close'
  cause: Cause
  measure: Measure
  note: string
  resident: string | null
  nobody: NobodyReason | null
}
/**
 * An act on a case. `id` makes it idempotent: the same id again gets the same answer.
 */
export interface Command {
  type: 'command'
  id: string
  case: string
  act:
    | Take
    | TakeOver
    | Release
    | Note
    | Hold
    | Resume
    | Read
    | Close
    | Tick
    | Call
    | CallConnected
    | CallEnded
    | Name
    | Offer
    | AcceptOffer
    | EndOffer
}
/**
 * Become the handler. Refused `taken` when another was first.
 *
 * `seen` is the version of the case on the screen: what came after it stays unread.
 */
export interface Take {
  act: 'take'
  seen: number | null
}
/**
 * A supervisor becomes the handler of what another has.
 */
export interface TakeOver {
  act: 'take_over'
}
/**
 * Give the case back to the queue.
 */
export interface Release {
  act: 'release'
}
/**
 * Write something down on the case.
 */
export interface Note {
  act: 'note'
  text: string
}
/**
 * Set the case aside for that many minutes; a new press wakes it.
 */
export interface Hold {
  act: 'hold'
  minutes: number
}
/**
 * Take the case up from hold.
 */
export interface Resume {
  act: 'resume'
}
/**
 * Mark every signal on the case as read. Refused `unread_signal` when one came after version `seen`.
 */
export interface Read {
  act: 'read'
  seen: number | null
}
/**
 * Tick a step, or take the tick away.
 */
export interface Tick {
  act: 'tick'
  step: string
  done: boolean
}
/**
 * Say which of the household it is. Where that person has an open case, this one ends in it (`merged_into`).
 */
export interface Name {
  act: 'name'
  resident: string
}
/**
 * Offer the case to somebody at the same desk; it stays the handler's until that one accepts.
 */
export interface Offer {
  act: 'offer'
  to: string
}
/**
 * Say no to an offer, or take one's own back.
 */
export interface EndOffer {
  act: 'end_offer'
}
/**
 * Somebody to call, in order. Only contacts with consent are shown.
 */
export interface ContactView {
  id: string
  order: number
  name: string
  relation: string
  phone: string
  has_key: boolean
}
/**
 * Everybody the demonstration offers.
 */
export interface DemoPeople {
  items: DemoPerson[]
}
/**
 * Somebody to be, in the demonstration only. `page` is where that person works.
 */
export interface DemoPerson {
  id: string
  name: string
  what: string
  page: string
}
/**
 * One event. `id` with `source` makes it idempotent. Attributes we do not know are kept with the raw event.
 */
export interface DeviceEvent {
  specversion: '1.0'
  id: string
  source: string
  type: string
  time: string | null
  data: {
    [k: string]: unknown
  } | null
  [k: string]: unknown
}
/**
 * One page of devices.
 */
export interface DeviceList {
  items: DeviceView[]
  next: string | null
}
/**
 * A device in the home. `last_seen_at` is the last valid message of any kind.
 */
export interface DeviceView {
  id: string
  kind: string
  model: string
  protocol: string
  state: string
  home: string
  resident: string | null
  last_seen_at: string | null
  last_test_at: string | null
}
/**
 * The command is carried out and stored.
 */
export interface Done {
  type: 'done'
  id: string
  case: CaseView
}
/**
 * The code at the door, shown while a key is held.
 */
export interface DoorCode {
  resident: string
  door_code: string
}
/**
 * What to tell 112: the same text in two languages, to read aloud or copy, and the same for machines.
 */
export interface Handover112 {
  case: string
  at: string
  by_name: string
  sv: string[]
  en: string[]
  latitude: string | null
  longitude: string | null
}
/**
 * First message. `resume_from` is the last position and `sight` the last snapshot's; none for a fresh page.
 */
export interface Hello {
  type: 'hello'
  version: 1
  resume_from: number | null
  sight: string | null
}
/**
 * The resident's open alarm. `handled_by` is a first name, none until somebody has taken it.
 */
export interface HomeAlarm {
  case: string
  received_at: string
  presses: number
  handled_by: string | null
  handled_at: string | null
}
/**
 * The line lives; each second.
 */
export interface HomeBeat {
  type: 'beat'
  at: string
}
/**
 * What the page shows. `alarm` is none when no case is open; `helper` is the alarm centre's name.
 */
export interface HomeStatus {
  type: 'status'
  version: 1
  at: string
  resident_name: string
  device: string
  helper: string
  call_number: string
  alarm: HomeAlarm | null
}
/**
 * A server for the browser's RTCConfiguration.
 */
export interface IceServer {
  urls: string[]
  username: string | null
  credential: string | null
}
/**
 * `POST /api/v1/visits/{id}/legs`. `of` is the participant to subscribe to; none for the asker's own publishing.
 *
 * `leg` renews the token of a leg given before, for its PATCH and DELETE; the rest must be as it was then.
 */
export interface LegOrder {
  direction: Direction
  of: string | null
  leg: string | null
}
/**
 * A place at the relay: POST the SDP offer to `url` (WHIP or WHEP, same origin) with `token` as Bearer.
 */
export interface LegView {
  leg: string
  url: string
  token: string
  expires_at: string
  ice_servers: IceServer[]
}
/**
 * What came of a command: `data` of a CloudEvent `nattljus.command.answered` on a lock's `ack` topic.
 */
export interface LockAnswerData {
  command: string
  result: 'unlocked' | 'unlatched' | 'opened' | 'jammed' | 'refused'
}
/**
 * A CloudEvent on `nattljus/v1/<principal>/<device>/command`.
 */
export interface LockCommand {
  specversion: '1.0'
  id: string
  source: '/nattljus'
  type: 'nattljus.lock.open'
  time: string
  data: LockCommandData
}
/**
 * What a lock on our own topics is told; after `expires_at` it does nothing any more.
 */
export interface LockCommandData {
  command: string
  action: 'unlock' | 'unlatch'
  expires_at: string
}
/**
 * One page of locks; `next` goes into `cursor` for the following page.
 */
export interface LockList {
  items: LockView[]
  next: string | null
}
/**
 * A lock of a home. `account` is what it calls itself in its protocol; `can_open` whether it takes commands.
 *
 * `reachable` is none until the lock has said either; `heard_at` is when it last told how it stands.
 */
export interface LockView {
  id: string
  principal: string
  home: string
  door: string
  protocol: string
  account: string
  can_open: boolean
  state: LockState
  door_state: DoorState
  battery_low: boolean
  reachable: boolean | null
  heard_at: string | null
}
/**
 * The lock has confirmed. `state` is how it stands, `command` the command's id, `at` when it was confirmed.
 */
export interface LockOpened {
  lock: string
  command: string
  state: LockState
  door_state: DoorState
  at: string
}
/**
 * What a door is opened for.
 */
export interface LockPurpose {
  case: string
}
/**
 * Who sits here, and for which central or unit.
 */
export interface Me {
  person: string
  name: string
  role: Role
  desk_name: string
}
/**
 * The line lives; each second.
 */
export interface MeetBeat {
  type: 'beat'
  at: string
}
/**
 * First message. `resume` is the visit that was on the screen: the state then has it, even if it has ended.
 */
export interface MeetHello {
  type: 'hello'
  version: 1
  resume: string | null
}
/**
 * The page lives: the answer to a `beat`.
 */
export interface MeetHere {
  type: 'here'
}
/**
 * Hang up. The caller of a ringing visit takes it back; in a visit it ends.
 */
export interface MeetLeave {
  type: 'leave'
  visit: string
}
/**
 * The ring is on this screen and can be heard.
 */
export interface MeetSeen {
  type: 'seen'
  visit: string
}
/**
 * Every visit of this participant that rings or runs, and the one resumed; what is not here is over.
 *
 * For a resident's device also what is planned for the next 24 hours, by time: who is to call, and when.
 */
export interface MeetState {
  type: 'meet_state'
  version: 1
  at: string
  visits: VisitView[]
}
/**
 * A visit. The caller is there from the first ring, the resident from the answer.
 *
 * `me` is the asker's own participant id, none when the asker is not in the visit. `caller_place` is where the caller
 * works, in words ("Hemtjänst Norr"). `devices` counts the resident's devices that can ring, `reached` those whose
 * page is open now; `seen_at` is when one of them first showed the ring. `legal_basis`, `decision` and `case` are none
 * for a resident's device. `ended_by` is whose doing the end was (hung up, declined, went away), none for time itself.
 * `seconds` is how long both were in it.
 */
export interface VisitView {
  id: string
  version: number
  kind: VisitKind
  state: VisitState
  principal: string
  resident: string
  resident_name: string
  caller: string
  caller_name: string
  caller_place: string
  legal_basis: LegalBasis | null
  decision: string | null
  case: string | null
  device: string | null
  devices: number
  reached: number
  planned_at: string | null
  rang_at: string | null
  seen_at: string | null
  answered_at: string | null
  connected_at: string | null
  ended_at: string | null
  outcome: VisitOutcome | null
  ended_by: VisitPart | null
  seconds: number
  next_step: VisitStep | null
  next_step_at: string | null
  me: string | null
  participants: ParticipantView[]
}
/**
 * Somebody in a visit. `person` is staff's id, `device` the resident's device that answered.
 *
 * `publishing` is whether a leg into the relay has been given out, so that the others may subscribe to it: each time
 * `publishes` grows there is a new one. `away` says why this one is not there now; `away_ends_at` is when the visit
 * ends for it. `trouble` is what this one's own page has reported, empty when all is well.
 */
export interface ParticipantView {
  id: string
  part: VisitPart
  name: string
  person: string | null
  device: string | null
  joined_at: string | null
  publishing: boolean
  publishes: number
  away: Away | null
  away_since: string | null
  away_ends_at: string | null
  trouble: Trouble[]
}
/**
 * What is wrong on this page now, the whole list each time; empty when all is well again.
 */
export interface MeetTrouble {
  type: 'trouble'
  visit: string
  /**
   * @maxItems 5
   */
  trouble: Trouble[]
}
/**
 * A visit as it stands after a change: ringing, answered, in progress, somebody away or back, ended.
 */
export interface MeetVisit {
  type: 'visit'
  at: string
  visit: VisitView
}
/**
 * Open this door. `command_id` makes it idempotent: the same person's same id gets the same answer.
 */
export interface OpenLock {
  purpose: LockPurpose
  command_id: string | null
}
/**
 * A note pinned to a person: seen at each of that person's cases until somebody takes it down.
 */
export interface PersonNote {
  id: string
  resident: string
  text: string
  at: string
  by: string
  by_name: string
}
/**
 * The notes pinned to a person, oldest first.
 */
export interface PersonNotes {
  items: PersonNote[]
}
/**
 * What to pin. `case` is the open case for which one looks.
 */
export interface PinNote {
  text: string
  case: string | null
}
/**
 * An error as RFC 9457 problem details; `code` is stable, `title` is a sentence.
 */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: {
    [k: string]: string | null
  } | null
}
/**
 * The command changed nothing. `code` is stable; `handler_name` says who has it when the code is `taken`.
 */
export interface Refused {
  type: 'refused'
  id: string
  code: string
  handler_name: string | null
}
/**
 * Everything the person in front of the alarm needs. `address` is none when the identity is protected.
 *
 * `door_code` is not here: it has a call of its own, logged as a look of its own.
 */
export interface ResidentCard {
  id: string
  name: string
  pronounced: string
  born: string | null
  age: number | null
  principal: string
  principal_name: string
  unit: string
  unit_name: string
  protected: boolean
  address: string | null
  town: string | null
  floor: string
  door: string
  has_door_code: boolean
  phone: string
  language: string
  hearing: string
  sight: string
  speech: string
  pets: string
  do_not_enter_alone: boolean
  instructions: string
  household: HouseholdMember[]
  contacts: ContactView[]
  devices: DeviceView[]
}
/**
 * One page of residents by id; `next` goes into `cursor` for the following page.
 */
export interface ResidentList {
  items: ResidentListed[]
  next: string | null
}
/**
 * A resident in a list to choose from. `town` is none when the identity is protected.
 */
export interface ResidentListed {
  id: string
  name: string
  town: string | null
  unit: string
  unit_name: string
}
/**
 * The person, role and unit behind this session. A resident's device has `device` and no role.
 */
export interface SessionView {
  person: string | null
  name: string
  role: Role | null
  unit: string | null
  device: string | null
  expires_at: string
}
/**
 * What one shift leaves for the next at the same desk. Open until somebody else has acknowledged it.
 */
export interface ShiftNote {
  id: string
  version: number
  text: string
  at: string
  by: string
  by_name: string
  acknowledged_at: string | null
  acknowledged_by_name: string | null
}
/**
 * The open note, if any, and the last one that was acknowledged.
 */
export interface ShiftNotes {
  open: ShiftNote | null
  last: ShiftNote | null
}
/**
 * Every open case this desk may see, as of `position`.
 *
 * `sight` stands for what this session may see; a page that resumes with another one is given a snapshot.
 */
export interface Snapshot {
  type: 'snapshot'
  version: 1
  position: number
  sight: string
  at: string
  me: Me
  call_number: string
  cases: CaseView[]
  operators: OperatorOn[]
  figures: Figures
}
/**
 * `POST /api/v1/visits/{id}/ring | answer | decline | end`. `command_id` makes it idempotent.
 */
export interface VisitCommand {
  command_id: string | null
}
/**
 * A visit with everything that happened to it, oldest first.
 */
export interface VisitDetail {
  id: string
  version: number
  kind: VisitKind
  state: VisitState
  principal: string
  resident: string
  resident_name: string
  caller: string
  caller_name: string
  caller_place: string
  legal_basis: LegalBasis | null
  decision: string | null
  case: string | null
  device: string | null
  devices: number
  reached: number
  planned_at: string | null
  rang_at: string | null
  seen_at: string | null
  answered_at: string | null
  connected_at: string | null
  ended_at: string | null
  outcome: VisitOutcome | null
  ended_by: VisitPart | null
  seconds: number
  next_step: VisitStep | null
  next_step_at: string | null
  me: string | null
  participants: ParticipantView[]
  entries: VisitEntry[]
}
/**
 * One line of what happened. `part` is who did it, none for time itself.
 */
export interface VisitEntry {
  id: string
  at: string
  kind: VisitEntryKind
  part: VisitPart | null
  data: {
    [k: string]: string | number | null
  }
}
/**
 * One page of visits, by time; `next` goes into `cursor` for the following page.
 */
export interface VisitList {
  items: VisitView[]
  next: string | null
}
/**
 * `POST /api/v1/visits`: ring the resident now, or, with `planned_at`, plan a visit to be rung later.
 *
 * `case` is the taken case that an alarm visit is for. `command_id` makes it idempotent.
 */
export interface VisitOrder {
  resident: string
  kind: VisitKind
  legal_basis: LegalBasis
  decision: string
  case: string | null
  planned_at: string | null
  command_id: string | null
}
/**
 * Write the desk's open note anew. `version` is the one on the screen, 0 where there was none.
 */
export interface WriteShiftNote {
  text: string
  version: number
}
