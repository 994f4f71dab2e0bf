// Made by `npm run wire` from kit/wire. Do not edit.

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
  | 'left_zone'
  | 'entered_zone'
  | 'back_in_zone'
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
  | 'unproven'
  | 'silent'
  | 'many_silent'
/**
 * Whether a person or a thing needs a human.
 */
export type CaseKind = 'person' | 'technical'
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
 * What answer times are counted by; hours and days are Stockholm's.
 */
export type Grouping = 'hour' | 'day' | 'principal' | 'reason'
/**
 * Whether a goal for answer times is held.
 *
 * `none`: nothing is decided yet. `few`: it is not held, and a single late case is enough for that. `no_goal`: nothing
 * is promised for this limit.
 */
export type Verdict = 'held' | 'missed' | 'few' | 'none' | 'no_goal'
/**
 * What is stated where neither lock nor tag proves it. `at_the_door`: there, and nobody answers.
 */
export type ArrivedReason = 'let_in' | 'key' | 'lock_failed' | 'met_outside' | 'by_phone' | 'at_the_door'
/**
 * What an arrival is proven by.
 */
export type ArrivedHow = 'lock' | 'tag' | 'stated'
/**
 * What is gone through when nobody answers at the door.
 */
export type DoorStep = 'ring_phone' | 'knock_and_look' | 'ask_around' | 'find_key' | 'call_operator' | 'emergency'
/**
 * Why a step at the door was not done.
 */
export type SkipReason = 'not_possible' | 'nobody_there' | 'not_needed' | 'got_in'
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
 * The case's own machine (alarms/core/case.py).
 */
export type CaseState = 'raised' | 'queued' | 'taken' | 'closed'
/**
 * The next step of an open case; each has a deadline.
 */
export type Step =
  | 'louder'
  | 'supervisor'
  | 'supervisor_again'
  | 'wait'
  | 'team'
  | 'on_call'
  | 'person'
  | 'forward'
  | 'remind_handler'
  | 'hold_ends'
  | 'offer_ends'
/**
 * What the devices of an incident have in common.
 */
export type Scope = 'town' | 'unit' | 'network' | 'model' | 'principal'
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
  | 'step_failed'
  | 'route_failed'
  | 'forwarded'
  | 'reminded'
  | 'device_not_told'
  | 'door'
  | 'lock_asked'
  | 'lock_opened'
  | 'lock_failed'
  | 'mission_sent'
  | 'mission_accepted'
  | 'mission_declined'
  | 'mission_on_the_way'
  | 'mission_arrived'
  | 'mission_no_answer'
  | 'mission_step'
  | 'mission_got_in'
  | 'mission_done'
  | 'mission_cancelled'
  | 'mission_urgent'
  | 'ended'
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
  | 'locate_asked'
  | 'located'
  | 'locate_failed'
  | 'sent_out'
/**
 * Whose list a step is from.
 */
export type StepOrigin = 'default' | 'principal' | 'resident'
/**
 * Whose word a consent to positioning is: the resident's own, or of who may speak for the resident.
 */
export type ConsentBy = 'resident' | 'trustee' | 'cohabitant'
/**
 * The machine of asking a device where it is (alarms/core/locate.py).
 *
 * `cannot_tell`: the device has answered that it does not know. `unreachable`: it never fetched the question.
 */
export type LocateState = 'asked' | 'sent' | 'found' | 'cannot_tell' | 'no_answer' | 'unreachable'
/**
 * What day it is for a calendar: a weekday, or one of the days that the principal holds as holidays.
 */
export type Day = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday' | 'holiday'
/**
 * How somebody stands to a zone (alarms/core/zone.py); `told` is on the wrong side, and that was said.
 */
export type ZoneStanding = 'unknown' | 'right' | 'wrong' | 'told'
/**
 * Why it happened, said at closing.
 */
export type Cause =
  'fall' | 'illness' | 'pain' | 'worry' | 'help_needed' | 'toilet' | 'mistake' | 'technical_fault' | 'visitor' | 'other'
/**
 * What another system may do for its principal. `events:resident` lets events name the resident, by id.
 */
export type ClientScope = 'events:read' | 'events:resident' | 'cases:read'
/**
 * What was done, said at closing.
 */
export type Measure =
  | 'spoke'
  | 'staff_sent'
  | 'ambulance'
  | 'relative_called'
  | 'reported_technical'
  | 'came_back'
  | 'part_of_incident'
  | 'none_needed'
  | 'other'
/**
 * Why a closed case names no person.
 */
export type NobodyReason = 'not_identified' | 'nobody_home' | 'device_only'
/**
 * What an event is about. `device.…` comes beside the `case.…` of the same technical case.
 */
export type EventType =
  | 'nattljus.case.raised'
  | 'nattljus.case.signal'
  | 'nattljus.case.taken'
  | 'nattljus.case.released'
  | 'nattljus.case.escalated'
  | 'nattljus.case.handed_over'
  | 'nattljus.case.named'
  | 'nattljus.case.merged'
  | 'nattljus.case.closed'
  | 'nattljus.mission.sent'
  | 'nattljus.mission.accepted'
  | 'nattljus.mission.declined'
  | 'nattljus.mission.on_the_way'
  | 'nattljus.mission.arrived'
  | 'nattljus.mission.no_answer'
  | 'nattljus.mission.got_in'
  | 'nattljus.mission.done'
  | 'nattljus.mission.cancelled'
  | 'nattljus.mission.urgent'
  | 'nattljus.door.told'
  | 'nattljus.door.opened'
  | 'nattljus.door.failed'
  | 'nattljus.device.silent'
  | 'nattljus.device.heard'
/**
 * Why somebody cannot.
 */
export type DeclineReason = 'busy' | 'too_far' | 'not_on_duty' | 'unsafe_alone' | 'other'
/**
 * Where a device is on its way from the shelf to a home and back (registry/inventory/rules.py).
 */
export type DeviceState = 'stock' | 'paired' | 'tested' | 'live' | 'returned'
/**
 * Whether a device is heard as often as its model says. `unwatched`: its model has no interval, or it is not live.
 *
 * `late` after two missed heartbeats, `lost` after three (domain.md, 10).
 */
export type DeviceHealth = 'ok' | 'late' | 'lost' | 'unwatched'
/**
 * How a device reaches us.
 */
export type Radio = '2g' | '3g' | '4g' | '5g' | 'nb_iot' | 'lte_m' | 'ethernet' | 'wifi' | 'unknown'
/**
 * Which way a leg carries: into the relay (WHIP) or out of it (WHEP).
 */
export type Direction = 'publish' | 'subscribe'
/**
 * How the door itself stands, as far as it has told.
 */
export type DoorState = 'unknown' | 'open' | 'closed' | 'ajar'
/**
 * What a step of an escalation plan does.
 *
 * `wait`: nothing, for a while. `louder`: every desk that has the case sounds. `notify_role`: the supervisor at the
 * desk, or a unit's team. `on_call`: whom a rota says. `persons`: these, one after another. `forward`: another central
 * has the case from then on. `repeat`: from an earlier step on, a number of times or for ever.
 */
export type PlanAct = 'wait' | 'louder' | 'notify_role' | 'on_call' | 'persons' | 'forward' | 'repeat'
/**
 * Days with a name, which a principal may hold as holidays.
 */
export type SwedishDay =
  | 'new_years_day'
  | 'twelfth_night'
  | 'epiphany'
  | 'maundy_thursday'
  | 'good_friday'
  | 'easter_eve'
  | 'easter_day'
  | 'easter_monday'
  | 'walpurgis_eve'
  | 'first_of_may'
  | 'ascension_day'
  | 'national_day'
  | 'whit_eve'
  | 'whit_sunday'
  | 'midsummer_eve'
  | 'midsummer_day'
  | 'all_saints_eve'
  | 'all_saints_day'
  | 'christmas_eve'
  | 'christmas_day'
  | 'boxing_day'
  | 'new_years_eve'
/**
 * Why a route was not followed as it stands; the case is then at every central with an agreement, if need be.
 *
 * `agreement_ended`: the desk that had the case serves this principal no more.
 */
export type RouteFailed = 'no_rule' | 'no_agreement' | 'plan_missing' | 'agreement_ended'
/**
 * Why a step of a plan reached nobody; the next one then acts at once.
 *
 * `somebody_goes`: a responder has accepted and is on time; the next one then keeps its time.
 */
export type StepFailed =
  | 'rota_gap'
  | 'rota_missing'
  | 'off_duty'
  | 'no_agreement'
  | 'no_next_desk'
  | 'already_there'
  | 'already_asked'
  | 'somebody_goes'
  | 'not_sent'
  | 'broke'
/**
 * What can be amiss; `subject` beside it says where.
 *
 * `escalation_late`: deadlines of open cases pass and nothing acts. `case_without_step`: an open case without one.
 * `receiver_silent`: a receiver does not answer a synthetic test (subject: its address). `signal_not_stored`: one was
 * acknowledged and is not in the journal. `desk_silent`: an operator's desk hears nothing. `journal_still`: the feed
 * does not move although signals are stored, or has gone back. `web_silent`: `/readyz` does not answer. `not_ready`: a
 * part of it is not well (subject: the part). `check_broken`: a check of the watchdog itself failed (subject: which).
 */
export type FindingCode =
  | 'escalation_late'
  | 'case_without_step'
  | 'receiver_silent'
  | 'signal_not_stored'
  | 'desk_silent'
  | 'journal_still'
  | 'database_away'
  | 'web_silent'
  | 'not_ready'
  | 'clock_stepped'
  | 'database_clock'
  | 'hub_clock'
  | 'check_broken'
/**
 * What came of it, as the case's timeline says it.
 *
 * `refused`: its answer was another than taken or hold. `sip_refused`: it refused the message itself. `not_let_in`: it
 * asked for a password that we do not have. `all_tried`: no receiver has taken it, and all are tried again. `ended`:
 * somebody has the case, so nobody else is asked any more.
 */
export type ForwardOutcome =
  'taken' | 'held' | 'refused' | 'sip_refused' | 'not_let_in' | 'silent' | 'unreachable' | 'all_tried' | 'ended'
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
 * What keeps somebody in a visit from being seen or heard; `not_connected`: no relay, or no packets.
 */
export type Trouble =
  'camera_refused' | 'microphone_refused' | 'camera_missing' | 'microphone_missing' | 'not_connected'
/**
 * The mission's own machine (alarms/core/mission.py). A declined, done or cancelled mission is over.
 */
export type MissionState =
  'sent' | 'accepted' | 'on_the_way' | 'arrived' | 'no_answer' | 'declined' | 'done' | 'cancelled'
/**
 * What makes an open mission urgent when its deadline passes.
 */
export type MissionStep = 'not_accepted' | 'not_arrived' | 'not_done' | 'door_plan_rests'
/**
 * What happened to a visit.
 */
export type VisitEntryKind =
  'planned' | 'rang' | 'seen' | 'answered' | 'joined' | 'connected' | 'trouble' | 'away' | 'back' | 'ended'
/**
 * What a crossing makes: an alarm for a human, or information for the history and for a case that is open.
 */
export type ZoneMakes = 'alarm' | 'information'
/**
 * What of a safe zone is told: that somebody leaves it, or enters it.
 */
export type ZoneWatch = 'leave' | 'enter'

/**
 * Take over the case that is offered. What came after version `seen` stays unread.
 */
export interface AcceptOffer {
  act: 'accept_offer'
  seen: number | null
}
/**
 * The events are stored. `cases` are the ids of the cases they are on, oldest event first, each once.
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
 * Every list that a principal has, and ours; the list for no reason is for every alarm that has none.
 */
export interface ActionSteps {
  items: OwnSteps[]
  usual: UsualSteps[]
}
/**
 * A principal's own steps for a reason, or for every alarm; no texts where it has none.
 */
export interface OwnSteps {
  reason: Reason | null
  texts: string[]
  tag: string
}
/**
 * What everybody has who has no list of their own for that reason.
 */
export interface UsualSteps {
  kind: CaseKind
  reason: Reason | null
  codes: StepCode[]
}
/**
 * A vendor's integration to enter. Without a `secret` one is drawn.
 *
 * Without `scheme` a generic vendor signs as we do; Tedee signs nothing, and its secret stands in the address.
 */
export interface AddIntegration {
  vendor: 'generic' | 'tedee'
  name: string
  secret: string | null
  scheme: SignatureScheme | null
  mapping: EventMapping | null
}
/**
 * How a vendor signs its calls: HMAC over `id.timestamp.body`, each part where the vendor has it.
 *
 * `header` holds one signature or several (with commas or spaces between), each after `prefix`. Where there is no
 * `timestamp_header`, the time stands in `header` as `t=`. As it is, this is how Nattljus signs its own webhooks;
 * Standard Webhooks are `webhook-signature`, `base64`, `timestamp_header` `webhook-timestamp`, `id_header`
 * `webhook-id`, no prefix, and `key_encoding` `base64`.
 */
export interface SignatureScheme {
  header: string
  digest: 'sha256' | 'sha384' | 'sha512'
  encoding: 'hex' | 'base64'
  prefix: string
  timestamp_header: string | null
  id_header: string | null
  key_encoding: 'text' | 'base64'
  tolerance_s: number
}
/**
 * Where a vendor's JSON says what. As it is, CloudEvents whose `subject` is the device.
 *
 * `events` is where the event, or the list of events, stands. Of `times` the first that is there is when it occurred:
 * put `occurred_at` before `created_at`. Without `types` theirs are taken as ours, with `data` as it stands; with
 * them, types that are not named are passed over.
 */
export interface EventMapping {
  events: string
  id: string
  type: string
  device: string
  /**
   * @minItems 1
   * @maxItems 4
   */
  times: [string, ...string[]]
  data: string
  types: {
    [k: string]: MappedType
  } | null
}
/**
 * What a vendor's event type is here: our `type`, `data` as it is written here, and what is `taken` from theirs.
 */
export interface MappedType {
  type: string
  data: {
    [k: string]: string | number
  }
  taken: {
    [k: string]: string
  }
}
/**
 * How many events will be sent once more.
 */
export interface Again {
  events: number
}
/**
 * The answer times of whole Stockholm days, `last` included; every hour and day that has begun has its line.
 *
 * `principals` are those that the asker may choose from.
 */
export interface AnswerStatistics {
  at: string
  first: string
  last: string
  by: Grouping
  kind: CaseKind
  principals: PrincipalNamed[]
  total: Answered
  items: AnsweredGroup[]
}
/**
 * A principal that the asker may have figures of.
 */
export interface PrincipalNamed {
  id: string
  name: string
}
/**
 * How the cases received in a period were answered, counted from receipt.
 *
 * `unanswered`: nobody has taken it, and it is older than the longest limit or closed. `undecided`: not taken yet, and
 * not older than that; in no share until it is. p50, p90, p99 are whole seconds, rounded up, with the unanswered as
 * the longest; none where that one was never answered, or there is none.
 */
export interface Answered {
  cases: number
  answered: number
  unanswered: number
  undecided: number
  within: AnsweredWithin[]
  p50: number | null
  p90: number | null
  p99: number | null
}
/**
 * Cases taken within `seconds` of being received, of those that are decided for that limit.
 *
 * `permille` is of a thousand, rounded down; none while nothing is decided. `goal` is what is wanted, likewise.
 */
export interface AnsweredWithin {
  seconds: number
  decided: number
  in_time: number
  permille: number | null
  goal: number | null
  verdict: Verdict
}
/**
 * One line. `key` is an hour by Stockholm's clock with its offset, a day, a principal's id, or a reason.
 *
 * `name` is the principal's; `starts_at` and `ends_at` are an hour's or a day's.
 */
export interface AnsweredGroup {
  cases: number
  answered: number
  unanswered: number
  undecided: number
  within: AnsweredWithin[]
  p50: number | null
  p90: number | null
  p99: number | null
  key: string
  name: string | null
  starts_at: string | null
  ends_at: string | null
}
/**
 * Arrived: by the code of the tag at the door, or by a reason that is stated. A lock says so by itself.
 */
export interface ArrivedBody {
  command_id: string | null
  tag: string | null
  reason: ArrivedReason | null
}
/**
 * Ask a device where it is. `urgent` states why life or health is in danger, where there is no consent.
 */
export interface AskWhere {
  device: string | null
  urgent: string | null
  command_id: string | null
}
/**
 * A step at the door where nobody answers; to be done while `at` is none, passed over when `skipped` says why.
 */
export interface AtDoorView {
  step: DoorStep
  at: string | null
  by_name: string | null
  skipped: SkipReason | null
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
 * The supervisor's board: all principals in reach together, then each. `hours` are 24, oldest first, the last one
 * in progress.
 */
export interface Board {
  at: string
  place: string
  waiting: Waiting
  priorities: WaitingAt[]
  taken: number
  on_hold: number
  technical: Waiting
  hour: Answered
  day: Answered
  hours: BoardHour[]
  principals: BoardLine[]
  people: BoardPerson[]
}
/**
 * Cases that nobody has taken; `oldest_at` is when the oldest of them was received.
 */
export interface Waiting {
  cases: number
  oldest_at: string | null
}
/**
 * Those of one priority.
 */
export interface WaitingAt {
  cases: number
  oldest_at: string | null
  priority: number
}
/**
 * Persons' cases received in one hour.
 */
export interface BoardHour {
  cases: number
  answered: number
  unanswered: number
  undecided: number
  within: AnsweredWithin[]
  p50: number | null
  p90: number | null
  p99: number | null
  starts_at: string
}
/**
 * How one principal stands now. Persons' cases, but for `technical`: those that wait there.
 *
 * `hour` and `day`: received since the hour began, and in the last 24 hours with it.
 */
export interface BoardLine {
  id: string
  name: string
  waiting: Waiting
  priorities: WaitingAt[]
  taken: number
  on_hold: number
  technical: Waiting
  hour: Answered
  day: Answered
}
/**
 * Somebody who has a desk open or has a case. `role` is none for who has one without a desk: look after those.
 */
export interface BoardPerson {
  id: string
  name: string
  role: Role | null
  taken: number
  on_hold: number
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
 * Why it is called off, in a few words.
 */
export interface CancelBody {
  command_id: string | null
  why: string
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
  desk: string | null
  missions: number
  occurred_at: string | null
  incident: IncidentBrief | null
  account: string | null
  offered_to: string | null
  offered_to_name: string | null
  offered_desk: string | null
  offered_desk_name: string | null
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
 * What many silent devices have in common, and how many: `silent` now, of `watched` there; `counted` in all.
 *
 * `name` is the town's, network's, model's or unit's own name, or the principal's.
 */
export interface IncidentBrief {
  scope: Scope
  name: string
  silent: number
  counted: number
  watched: number
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
 * `desk` is the central that has it in its queue, none where every one that serves the principal has.
 * `missions` counts those under way: a case with one cannot be closed.
 * `occurred_at` is when it happened, where it reached us minutes or hours later (after an outage); else none.
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
  desk: string | null
  missions: number
  occurred_at: string | null
  incident: IncidentBrief | null
  account: string | null
  offered_to: string | null
  offered_to_name: string | null
  offered_desk: string | null
  offered_desk_name: string | null
  offered_until: string | null
  merged_into: string | null
}
/**
 * All that a case knows of where its person is. `hidden`: a protected identity's, for who has the case.
 *
 * `devices` can be asked; `ask` is the latest question of this case. `map` is none where no tiles are set.
 */
export interface CasePosition {
  position: PositionView | null
  hidden: boolean
  consent: ConsentView | null
  devices: string[]
  ask: LocateView | null
  zones: ZoneView[]
  map: MapSource | null
}
/**
 * A position. `accuracy_m` is how many metres it may be off; `north` and `east` are SWEREF 99 TM, in Sweden.
 *
 * `taken_at` is none where the device did not say; from `old_at` on nobody is known to be there now.
 */
export interface PositionView {
  latitude: number
  longitude: number
  accuracy_m: number | null
  taken_at: string | null
  received_at: string
  old_at: string
  north: number | null
  east: number | null
}
/**
 * A consent to positioning: from whom (`giver` where it is not the resident's own word), written down by whom.
 */
export interface ConsentView {
  id: string
  given_by: ConsentBy
  giver: string
  given_at: string
  written_by: string
  written_by_name: string
  written_at: string
  withdrawn_at: string | null
  withdrawn_by_name: string | null
}
/**
 * A question to a device. `next_step_at` is until when it is waited for, none once it has ended.
 */
export interface LocateView {
  id: string
  state: LocateState
  device: string
  asked_at: string
  by: string
  by_name: string
  urgent: string | null
  next_step_at: string | null
  ended_at: string | null
}
/**
 * A zone and how its resident stands to it; `standing_at` is when the position that says so was taken.
 */
export interface ZoneView {
  name: string
  area: CircleBody | PolygonBody
  /**
   * What of a safe zone is told: that somebody leaves it, or enters it.
   */
  watch: 'leave' | 'enter'
  /**
   * @maxItems 20
   */
  hours: HoursBody[]
  /**
   * What a crossing makes: an alarm for a human, or information for the history and for a case that is open.
   */
  makes: 'alarm' | 'information'
  id: string
  standing: ZoneStanding
  standing_at: string | null
}
/**
 * Within so many metres of a centre.
 */
export interface CircleBody {
  shape: 'circle'
  centre: PlaceBody
  radius_m: number
}
/**
 * Degrees north and east (WGS 84).
 */
export interface PlaceBody {
  latitude: number
  longitude: number
}
/**
 * Within these corners, in order.
 */
export interface PolygonBody {
  shape: 'polygon'
  /**
   * @minItems 3
   * @maxItems 50
   */
  corners: [PlaceBody, PlaceBody, PlaceBody, ...PlaceBody[]]
}
/**
 * Hours in Swedish wall time on these days, none for all. Until an earlier or the same time: past midnight.
 */
export interface HoursBody {
  /**
   * @maxItems 8
   */
  days: Day[]
  starts: string
  ends: string
}
/**
 * Where the page gets pictures of the map, as the setting says; `{z}`, `{x}` and `{y}` stand in `tiles`.
 */
export interface MapSource {
  tiles: string
  attribution: string
}
/**
 * Cases as they stand after `position`. Closed ones come once more, with `closed_at`.
 *
 * `gone` are ids of cases that have gone to another desk.
 */
export interface Change {
  type: 'change'
  position: number
  at: string
  cases: CaseView[]
  gone: string[]
}
/**
 * A system to enter: what it is called, what it may do, and how long its first token is valid.
 */
export interface ClientBody {
  days: number
  name: string
  /**
   * @minItems 1
   * @maxItems 3
   */
  scopes: [ClientScope, ...ClientScope[]]
}
/**
 * A principal's systems, by name.
 */
export interface ClientList {
  items: ClientView[]
}
/**
 * A system that there is. `token_ends_at` is when its newest token ends, none where it never had one.
 */
export interface ClientView {
  id: string
  name: string
  scopes: ClientScope[]
  since: string
  token_ends_at: string | null
}
/**
 * Its bearer token: shown now and never again.
 */
export interface ClientToken {
  client: ClientView
  token: string
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
    | Dispatch
    | Tick
    | Call
    | CallConnected
    | CallEnded
    | Name
    | Offer
    | SendOn
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
 * Send a unit, of which the first to accept goes, or one person; exactly one of the two.
 *
 * Refused `no_such_responder` when there is nobody to send there.
 */
export interface Dispatch {
  act: 'dispatch'
  unit: string | null
  person: string | null
  note: string
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
 * Offer the case to everybody at another desk that serves its principal; the handler's until one there accepts.
 */
export interface SendOn {
  act: 'send_on'
  desk: string
}
/**
 * Say no to an offer, or take one's own back.
 */
export interface EndOffer {
  act: 'end_offer'
}
/**
 * Every consent of a resident, oldest first; at most the last one stands.
 */
export interface ConsentList {
  items: ConsentView[]
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
 * An event that was given up, and why; it can be sent once more.
 */
export interface DeadLetter {
  event: OutwardEvent
  tries: number
  first_at: string
  dead_at: string
  outcome: string
}
/**
 * One event (CloudEvents 1.0.2, JSON format). `id` is the same however often it is sent; `subject` is the case.
 *
 * `sequence` is its place among the principal's events, and the cursor that `GET /api/v1/events?after=` takes.
 * `replayed` marks what was asked for once more, or comes out of the dead letters: its place may be behind what came.
 */
export interface OutwardEvent {
  specversion: '1.0'
  id: string
  source: string
  type: EventType
  subject: string
  time: string
  datacontenttype: 'application/json'
  sequence: string
  replayed: boolean
  data: EventData
}
/**
 * The case it is about, and what happened in codes and ids (`said`; which ones, by type, in alarms/outward/README).
 *
 * `resident` is there only where the subscription, or the client's scope, includes it. `by` is who did it, an id.
 * `resident` and `device` are as they stood when the event was taken from the case's timeline, a moment later.
 */
export interface EventData {
  case: string
  kind: CaseKind
  reason: Reason
  device: string | null
  by: string | null
  said: {
    [k: string]: string | number
  }
  resident: string | null
}
/**
 * Dead letters, oldest first. `next` is the cursor for more, none at the end.
 */
export interface DeadLetters {
  items: DeadLetter[]
  next: string | null
}
/**
 * Why not.
 */
export interface DeclineBody {
  command_id: string | null
  reason: DeclineReason
}
/**
 * Somebody it was offered to cannot.
 */
export interface DeclinedView {
  person: string
  name: string
  reason: DeclineReason
  at: string
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
 * What a device is asked and has not fetched before.
 */
export interface DeviceCommands {
  items: LocateCommand[]
}
/**
 * A CloudEvent: on a device's MQTT command topic, or from `GET /api/v1/device/commands`.
 */
export interface LocateCommand {
  specversion: '1.0'
  id: string
  source: '/nattljus'
  type: 'nattljus.position.ask'
  time: string
  data: LocateCommandData
}
/**
 * What a device is asked. It answers `nattljus.position` with `data.command`, or `nattljus.position.unknown`.
 *
 * A position that names the command was taken for it; one that the device had kept says so in `data.position_at`.
 */
export interface LocateCommandData {
  command: string
  expires_at: string
}
/**
 * A device with every step of its life, oldest first.
 */
export interface DeviceDetail {
  id: string
  kind: string
  model: string
  protocol: string
  account: string
  state: DeviceState
  principal: string
  unit: string | null
  home: string | null
  resident: string | null
  last_seen_at: string | null
  last_test_at: string | null
  health: DeviceHealth
  silent_since: string | null
  faults: DeviceFault[]
  heartbeat_s: number | null
  radio: Radio
  radio_ends_on: string | null
  network: string
  paired_at: string | null
  tested_at: string | null
  live_at: string | null
  steps: DeviceStepView[]
}
/**
 * What a device has said is wrong with it (battery, mains, link, jamming …), and since when.
 */
export interface DeviceFault {
  reason: Reason
  since: string
}
/**
 * A step of a device's life. `by` is none where it was the device's own test, then `signal` is that.
 */
export interface DeviceStepView {
  at: string
  step: string
  state: DeviceState
  by: string | null
  by_name: string | null
  home: string | null
  resident: string | null
  signal: string | null
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
 * A device. `last_seen_at` is the last valid message of any kind; `home` is none on a shelf.
 *
 * `health` is how it is heard, against the `heartbeat_s` of its model; the radio ends on `radio_ends_on`, if ever.
 */
export interface DeviceView {
  id: string
  kind: string
  model: string
  protocol: string
  account: string
  state: DeviceState
  principal: string
  unit: string | null
  home: string | null
  resident: string | null
  last_seen_at: string | null
  last_test_at: string | null
  health: DeviceHealth
  silent_since: string | null
  faults: DeviceFault[]
  heartbeat_s: number | null
  radio: Radio
  radio_ends_on: string | null
  network: string
  paired_at: string | null
  tested_at: string | null
  live_at: string | null
}
/**
 * Whom to send: a unit or a person.
 */
export interface DispatchBody {
  command_id: string | null
  unit: string | null
  person: string | null
  note: string
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
 * A step at the door is done, or passed over for a reason.
 */
export interface DoorStepBody {
  command_id: string | null
  step: DoorStep
  skipped: SkipReason | null
}
/**
 * What somebody is about to store, and the alarm to try it with. `at` without a zone is Swedish wall time.
 */
export interface Draft {
  at: string
  kind: CaseKind
  reason: Reason
  plan: DraftPlan | null
  routing: RoutingBody | null
  rota: DraftRota | null
}
/**
 * A plan that is not stored.
 */
export interface DraftPlan {
  name: string
  /**
   * @maxItems 100
   */
  steps: PlanStepBody[]
  id: string
}
/**
 * One step of a plan. `wait` is seconds from the step before; `urgent_wait` instead for what is urgent.
 */
export interface PlanStepBody {
  id: string
  act: PlanAct
  wait: number
  urgent_wait: number | null
  role: Role | null
  unit: string | null
  rota: string | null
  /**
   * @maxItems 20
   */
  persons: PersonAsked[]
  desk: string | null
  again: string | null
  times: number | null
}
/**
 * One of several persons, and the seconds that one is given before the next is asked.
 */
export interface PersonAsked {
  person: string
  wait: number
}
/**
 * A principal's routes: the first rule that is meant for a case decides. `holidays` none: the usual ones.
 */
export interface RoutingBody {
  /**
   * @maxItems 50
   */
  rules: RuleBody[]
  /**
   * @maxItems 20
   */
  overflows: OverflowBody[]
  holidays: SwedishDay[] | null
}
/**
 * Who answers what, when. An empty list means all; no plan means the default one.
 */
export interface RuleBody {
  id: string
  /**
   * @maxItems 5
   */
  kinds: CaseKind[]
  /**
   * @maxItems 50
   */
  reasons: Reason[]
  /**
   * @maxItems 20
   */
  hours: HoursBody[]
  /**
   * @maxItems 10
   */
  desks: string[]
  plan: string | null
}
/**
 * A rule before all others, for a while.
 */
export interface OverflowBody {
  id: string
  starts_at: string
  ends_at: string
  /**
   * @maxItems 5
   */
  kinds: CaseKind[]
  /**
   * @maxItems 50
   */
  reasons: Reason[]
  /**
   * @maxItems 10
   */
  desks: string[]
  plan: string | null
}
/**
 * A rota that is not stored.
 */
export interface DraftRota {
  name: string
  /**
   * @maxItems 10
   */
  layers: LayerBody[]
  /**
   * @maxItems 200
   */
  overrides: OverrideBody[]
  /**
   * @maxItems 200
   */
  swaps: SwapBody[]
  holidays: SwedishDay[] | null
  id: string
}
/**
 * Persons who take turns of `shift_hours`, the first from `starts` at `handover` on, within `hours`.
 */
export interface LayerBody {
  id: string
  /**
   * @maxItems 100
   */
  persons: string[]
  starts: string
  handover: string
  shift_hours: number
  /**
   * @maxItems 20
   */
  hours: HoursBody[]
}
/**
 * This person and nobody else, for a while.
 */
export interface OverrideBody {
  id: string
  person: string
  starts_at: string
  ends_at: string
}
/**
 * Two persons who take each other's turns, for a while.
 */
export interface SwapBody {
  id: string
  /**
   * @minItems 2
   * @maxItems 2
   */
  persons: [string, string, ...string[]]
  starts_at: string
  ends_at: string
}
/**
 * Why it could not be stored; `about` is the id of the step, rule, layer, change or person.
 */
export interface DraftFault {
  code: string
  about: string | null
}
/**
 * What a draft would come to. A plan is gone through wherever routes lead; `led_to` says whether one leads to it.
 *
 * `preview` is none while the plan cannot be stored, `rota` while the rota cannot or is not asked about.
 */
export interface DraftSeen {
  faults: DraftFault[]
  led_to: boolean
  preview: PreviewView | null
  week: WeekDay[]
  rota: RotaSeen | null
}
/**
 * What would happen to a case raised at `at`. No `desks`: every desk that serves the principal has it.
 *
 * The `steps` go round once; from step number `again` on they go round for ever.
 */
export interface PreviewView {
  principal: string
  kind: CaseKind
  reason: Reason
  at: string
  desks: Named[]
  rule: string | null
  failed: RouteFailed[]
  plan: string
  plan_version: number
  steps: PreviewStep[]
  again: number
}
/**
 * An id with the name that goes with it.
 */
export interface Named {
  id: string
  name: string
}
/**
 * A step of the plan as it would act. `reached` is a person, unit or desk; `failed` why it would reach nobody.
 */
export interface PreviewStep {
  id: string
  step: Step
  at: string
  reached: Named | null
  failed: StepFailed | null
}
/**
 * One day of the week that was asked about.
 */
export interface WeekDay {
  day: string
  holiday: boolean
  stretches: WeekStretch[]
}
/**
 * From one minute of a Swedish day until another where the alarm would go. No `desks`: all that serve.
 */
export interface WeekStretch {
  starts: number
  ends: number
  desks: Named[]
  rule: string | null
  plan: string
  failed: RouteFailed[]
}
/**
 * Two weeks of a rota: who is on in the end, what each layer gives, and when nobody can be reached.
 */
export interface RotaSeen {
  starts_at: string
  ends_at: string
  on_now: Named | null
  turns: TurnView[]
  layers: LayerTurns[]
  gaps: RotaGap[]
}
/**
 * Who is on call from when until when; nobody where there is a gap.
 */
export interface TurnView {
  starts_at: string
  ends_at: string
  person: Named | null
}
/**
 * The turns that one layer alone would give.
 */
export interface LayerTurns {
  layer: string
  turns: TurnView[]
}
/**
 * When nobody can be reached: nobody is on, or `person` is but holds no role here then.
 */
export interface RotaGap {
  starts_at: string
  ends_at: string
  person: string | null
}
/**
 * What became of an event that a device sent over MQTT, told where it asked to be told (its Response Topic).
 *
 * `stored`: it is stored, now or by an earlier try, and need not be sent again. Otherwise `outcome` says why not.
 */
export interface EventKept {
  stored: boolean
  outcome: string
}
/**
 * Events in their order. `next` is the cursor for what comes after them, and after what was not asked for.
 *
 * `missed` is how many places after the cursor are forgotten: events are kept for seven days.
 */
export interface EventPage {
  items: OutwardEvent[]
  next: string
  missed: number
}
/**
 * Some of an array's events could not be understood: the `errors`. The others are stored, as `Accepted` says.
 */
export interface EventsRefused {
  type: string
  title: string
  status: number
  code: string
  detail: {
    [k: string]: string | null
  } | null
  accepted: number
  cases: string[]
  errors: RefusedEvent[]
}
/**
 * One event of an array that could not be understood: where it stood, and why as in a problem of its own.
 */
export interface RefusedEvent {
  index: number
  code: string
  detail: {
    [k: string]: string | null
  } | null
}
/**
 * Something amiss since `since`; `told_at` is when it was last paged. `details` holds ids and numbers.
 */
export interface FindingView {
  code: FindingCode
  subject: string
  since: string
  told_at: string
  details: {
    [k: string]: string | number
  }
}
/**
 * A consent to write down. Who speaks for the resident is named; `given_at` none is now.
 */
export interface GiveConsent {
  given_by: ConsentBy
  giver: string
  given_at: string | null
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
 * A device of an incident. `back_at` is when it was heard again, none while it is silent.
 */
export interface IncidentDevice {
  device: string
  model: string
  resident: string | null
  resident_name: string | null
  unit: string | null
  last_seen_at: string | null
  joined_at: string
  back_at: string | null
}
/**
 * One page of an incident's devices, by id.
 */
export interface IncidentDevices {
  items: IncidentDevice[]
  next: string | null
}
/**
 * An integration as administrators see it: never its secret. `path` is where the vendor calls.
 */
export interface Integration {
  id: string
  vendor: 'generic' | 'tedee'
  name: string
  path: string
  scheme: SignatureScheme | null
  mapping: EventMapping | null
  added_by: string
  added_at: string
}
/**
 * What is there now, and the secret, this once. `path` has it in it where the vendor signs nothing.
 */
export interface IntegrationAdded {
  integration: Integration
  secret: string
  path: string
}
/**
 * A principal's integrations, by id.
 */
export interface Integrations {
  items: Integration[]
}
/**
 * `devices` of the principal's speak it, `heard` of them in the last hour; when one last was.
 */
export interface InwardReceiver {
  protocol: 'scaip' | 'dc09' | 'mqtt' | 'http' | 'webhook'
  up: boolean
  addresses: string[]
  devices: number
  heard: number
  last_heard_at: string | null
}
/**
 * Every receiver. `public_url` is the platform's own address, empty where nobody has said it.
 */
export interface InwardReceivers {
  items: InwardReceiver[]
  public_url: string
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
 * A receiver: whether it hears now, and where. None: it is not set up.
 *
 * An address is `udp:`, `tcp:` or `tls:HOST:PORT`, the broker's `mqtt:` or `mqtts:HOST:PORT`, or what comes after the
 * platform's own address.
 */
export interface Listening {
  protocol: 'scaip' | 'dc09' | 'mqtt' | 'http' | 'webhook'
  up: boolean
  addresses: string[]
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
 * What a door is opened for: the case that an operator has, or the mission that a responder has accepted.
 */
export interface LockPurpose {
  case: string | null
  mission: string | null
}
/**
 * Who sits here, and for which central or unit; `desk` is what a case's `desk` and `offered_desk` say of it.
 */
export interface Me {
  person: string
  name: string
  role: Role
  desk: string
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
 * Something a responder says. `command_id` makes it idempotent: a receipt that waited is sent with its own.
 */
export interface MissionAct {
  command_id: string | null
}
/**
 * The cards of who the mission is to: one, or everybody of the home while nobody knows who it is.
 */
export interface MissionCards {
  items: ResidentCard[]
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
 * One page of missions, newest first; `next` goes into `cursor` for the following page.
 */
export interface MissionList {
  items: MissionView[]
  next: string | null
}
/**
 * A mission. `reason` and `priority` are its case's, `raised_at` is since when somebody waits.
 *
 * `unit` or `person` is whom it was offered to, `responder` who has accepted it. For staff `resident`, `name`, `note`
 * and `locks` are there only for who has accepted it and while it lasts; `town` is none where a protected identity
 * lives, until then. `arrive_by` is when the responder should be there, none before somebody has accepted.
 * `urgent` counts how often it has become urgent. `mine` is whether the asker has it.
 */
export interface MissionView {
  id: string
  version: number
  principal: string
  case: string
  state: MissionState
  reason: Reason
  priority: number
  raised_at: string
  town: string | null
  area: string
  age: number | null
  resident: string | null
  name: string | null
  unit: string | null
  unit_name: string | null
  person: string | null
  person_name: string | null
  responder: string | null
  responder_name: string | null
  mine: boolean
  note: string
  sent_by_name: string | null
  sent_at: string
  accepted_at: string | null
  set_off_at: string | null
  arrive_by: string | null
  arrived_at: string | null
  arrived_how: ArrivedHow | null
  arrived_reason: ArrivedReason | null
  ended_at: string | null
  urgent: number
  next_step: MissionStep | null
  next_step_at: string | null
  declined: DeclinedView[]
  door: AtDoorView[]
  locks: MissionLock[]
}
/**
 * A lock that the responder may open for this mission.
 */
export interface MissionLock {
  id: string
  door: string
}
/**
 * All is well and nothing has changed.
 */
export interface MissionsBeat {
  type: 'beat'
  at: string
}
/**
 * Every open mission of who has the page, and those lately over, newest first.
 */
export interface MissionsNow {
  type: 'missions'
  version: 1
  at: string
  items: MissionView[]
}
/**
 * A device to put on the shelf. An HTTP device's account is its id.
 */
export interface NewDevice {
  protocol: 'scaip' | 'http' | 'dc09'
  id: string | null
  account: string | null
  model: string
  network: string
}
/**
 * Open this door. `command_id` makes it idempotent: the same person's same id gets the same answer.
 */
export interface OpenLock {
  purpose: LockPurpose
  command_id: string | null
}
/**
 * A desk that a case may be sent to, and how many have it open now.
 */
export interface OtherDesk {
  id: string
  name: string
  on: number
}
/**
 * Every such desk, those where somebody is first.
 */
export interface OtherDesks {
  items: OtherDesk[]
}
/**
 * A contact as it is stored.
 */
export interface OutageContact {
  name: string
  email: string
  webhook: string
  id: string
  tag: string
}
/**
 * Whom to tell of an outage; by e-mail, by a POST to a webhook, or both.
 */
export interface OutageContactBody {
  name: string
  email: string
  webhook: string
}
/**
 * A principal's contacts. `may_change` is whether the asker may write them.
 */
export interface OutageContacts {
  items: OutageContact[]
  may_change: boolean
}
/**
 * What a municipality's webhook is told at the start and at the end of an outage.
 */
export interface OutageNote {
  version: 1
  type: 'watchdog.outage'
  id: string
  outage: string
  phase: 'begun' | 'over'
  since: string
  until: string | null
  codes: FindingCode[]
}
/**
 * Alarms may not come through: since when, and when the municipalities were told.
 */
export interface OutageView {
  id: string
  since: string
  told_at: string | null
  codes: FindingCode[]
}
/**
 * The webhook's JSON: what began, still lasts and is over since the last one. `id` is the same when sent again.
 */
export interface PageNote {
  version: 1
  type: 'watchdog.findings'
  id: string
  watchdog: string
  at: string
  begun: FindingView[]
  lasting: FindingView[]
  over: FindingView[]
}
/**
 * For whom: a resident, or a home that several share.
 */
export interface Pairing {
  resident: string | null
  home: string | null
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
 * An escalation plan; its last step repeats for ever.
 */
export interface PlanBody {
  name: string
  /**
   * @maxItems 100
   */
  steps: PlanStepBody[]
}
/**
 * A principal's plans.
 */
export interface PlanList {
  items: PlanView[]
  next: string | null
}
/**
 * A plan as it is stored.
 */
export interface PlanView {
  name: string
  /**
   * @maxItems 100
   */
  steps: PlanStepBody[]
  id: string
  principal: string
  version: number
  changed_at: string
  changed_by: string
}
/**
 * How many open cases carry a plan as it was when they were raised.
 */
export interface PlanRunning {
  plan: string
  version: number
  cases: number
}
/**
 * What a principal's plans, routes and rotas may name. `desks`: its own, and each central it has an agreement with.
 *
 * `office` are those who may have changed something; `holidays` the days that count as such until others are chosen.
 */
export interface PlanningChoices {
  principal: Named
  now: string
  desks: Named[]
  units: Named[]
  workers: WorkerNamed[]
  office: Named[]
  plans: Named[]
  rotas: Named[]
  holidays: SwedishDay[]
  running: PlanRunning[]
}
/**
 * Somebody who can be on call or be asked to go. `units` are the names of where they work.
 */
export interface WorkerNamed {
  id: string
  name: string
  units: string[]
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
 * The same to store, over what was seen.
 */
export interface PutOutageContact {
  name: string
  email: string
  webhook: string
  seen: string
}
/**
 * A plan to store, over the version that was seen.
 */
export interface PutPlan {
  name: string
  /**
   * @maxItems 100
   */
  steps: PlanStepBody[]
  version: number
}
/**
 * One to keep (`id`) or to add. `password` none keeps what was there; it is never shown.
 */
export interface PutReceiver {
  name: string
  address: string
  called: string
  user: string
  account: string
  own_accounts: boolean
  on: boolean
  id: string | null
  password: string | null
}
/**
 * All of it anew, over what was `seen`.
 */
export interface PutReserve {
  on: boolean
  /**
   * @maxItems 5
   */
  receivers: PutReceiver[]
  seen: string
}
/**
 * The same to store.
 */
export interface PutResidentSteps {
  /**
   * @maxItems 20
   */
  items: ResidentStep[]
  seen: string
}
/**
 * What is to be done for a resident besides; no reason: at every alarm.
 */
export interface ResidentStep {
  reason: Reason | null
  text: string
}
/**
 * A rota to store, over the version that was seen.
 */
export interface PutRota {
  name: string
  /**
   * @maxItems 10
   */
  layers: LayerBody[]
  /**
   * @maxItems 200
   */
  overrides: OverrideBody[]
  /**
   * @maxItems 200
   */
  swaps: SwapBody[]
  holidays: SwedishDay[] | null
  version: number
}
/**
 * Routes to store, over the version that was seen.
 */
export interface PutRouting {
  /**
   * @maxItems 50
   */
  rules: RuleBody[]
  /**
   * @maxItems 20
   */
  overflows: OverflowBody[]
  holidays: SwedishDay[] | null
  version: number
}
/**
 * A principal's list for a reason; without texts it has none any more.
 */
export interface PutSteps {
  /**
   * @maxItems 20
   */
  texts: string[]
  seen: string
}
/**
 * A change over what was seen (`tag`).
 */
export interface PutSubscription {
  url: string
  /**
   * @maxItems 24
   */
  types: EventType[]
  resident: boolean
  on: boolean
  seen: string
}
/**
 * An external alarm centre. `address` is udp:, tcp: or tls:HOST:PORT; `called` is whom to ask for there.
 *
 * `account` is ours there; with `own_accounts` a SCAIP device goes by its own. `user` is who knows the password; empty
 * is nobody.
 */
export interface ReceiverBody {
  name: string
  address: string
  called: string
  user: string
  account: string
  own_accounts: boolean
  on: boolean
}
/**
 * One that there is. `password` says whether there is one.
 *
 * It is tested each minute while it is `on`: when last, what came of it, and when it was last answered as it should.
 * `round_trip_ms` is how long that last test took to be answered, none where nothing came.
 */
export interface ReceiverView {
  name: string
  address: string
  called: string
  user: string
  account: string
  own_accounts: boolean
  on: boolean
  id: string
  password: boolean
  tested_at: string | null
  outcome: ForwardOutcome | null
  answered_at: string | null
  round_trip_ms: number | null
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
 * Send again everything after a place in the order (`from`; `0`: all that is kept), or since a moment.
 */
export interface Replay {
  from: string | null
  since: string | null
}
/**
 * The switch, since when and `by` whom (a name) it stands so, and the receivers in order.
 *
 * `waiting` is how many signals are on their way out now; `tag` is for saying what was seen.
 */
export interface ReserveView {
  on: boolean
  since: string | null
  by: string | null
  receivers: ReceiverView[]
  waiting: number
  tag: string
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
 * All that is to be done for one resident besides.
 */
export interface ResidentSteps {
  resident: string
  name: string
  items: ResidentStep[]
  tag: string
}
/**
 * Whom a case's handler can send; the resident's own unit comes first (`own`).
 */
export interface ResponderList {
  teams: TeamView[]
  workers: WorkerView[]
}
/**
 * A unit that can be sent. `workers` counts those who work there, `busy` its open missions.
 */
export interface TeamView {
  id: string
  name: string
  workers: number
  busy: number
  own: boolean
  arrive_within: number
}
/**
 * A person who can be sent. `busy` counts the missions this one has or is offered; `unit` where they work.
 */
export interface WorkerView {
  id: string
  name: string
  unit: string | null
  unit_name: string | null
  busy: number
}
/**
 * A rota: the topmost layer that covers a moment decides.
 */
export interface RotaBody {
  name: string
  /**
   * @maxItems 10
   */
  layers: LayerBody[]
  /**
   * @maxItems 200
   */
  overrides: OverrideBody[]
  /**
   * @maxItems 200
   */
  swaps: SwapBody[]
  holidays: SwedishDay[] | null
}
/**
 * The gaps of a rota within the coming `days`.
 */
export interface RotaGaps {
  rota: string
  days: number
  items: RotaGap[]
}
/**
 * A principal's rotas.
 */
export interface RotaList {
  items: RotaView[]
  next: string | null
}
/**
 * A rota as it is stored, with who is on now.
 */
export interface RotaView {
  name: string
  /**
   * @maxItems 10
   */
  layers: LayerBody[]
  /**
   * @maxItems 200
   */
  overrides: OverrideBody[]
  /**
   * @maxItems 200
   */
  swaps: SwapBody[]
  holidays: SwedishDay[] | null
  id: string
  principal: string
  version: number
  changed_at: string
  changed_by: string
  on_now: string | null
}
/**
 * Routes as they are stored; version 0 where nobody has stored any.
 */
export interface RoutingView {
  /**
   * @maxItems 50
   */
  rules: RuleBody[]
  /**
   * @maxItems 20
   */
  overflows: OverflowBody[]
  holidays: SwedishDay[] | null
  principal: string
  version: number
  changed_at: string | null
  changed_by: string | null
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
 * Where events are sent, which, and whether the resident's id is among what they say. No types: all of them.
 */
export interface SubscriptionBody {
  url: string
  /**
   * @maxItems 24
   */
  types: EventType[]
  resident: boolean
  on: boolean
}
/**
 * A principal's subscriptions.
 */
export interface SubscriptionList {
  items: SubscriptionView[]
}
/**
 * A subscription and how it goes.
 *
 * `state`: `off` by choice; `paused` while its receiver takes nothing (since `paused_since`); else `on`. `sequence` is
 * how far it has come, of `newest`; `waiting` events of earlier places are tried again, `dead` ones are not. The next
 * try is at `asked_again_at`, none while nothing waits. `missed` counts what was forgotten before it could be sent.
 * `outcome` is what the last failure was, in a word.
 */
export interface SubscriptionView {
  id: string
  tag: string
  url: string
  types: EventType[]
  resident: boolean
  state: 'on' | 'off' | 'paused'
  sequence: string
  newest: string
  waiting: number
  dead: number
  missed: number
  heard_at: string | null
  paused_since: string | null
  asked_again_at: string | null
  outcome: string
  rotating_until: string | null
}
/**
 * The key that its signatures are checked with: shown now and never again. `whsec_` and 32 bytes in base64.
 */
export interface SubscriptionSecret {
  subscription: SubscriptionView
  secret: string
}
/**
 * How long a token is to be valid, in days.
 */
export interface TokenBody {
  days: number
}
/**
 * `accepted` events are stored, `passed` are of no interest here, `refused` could not be understood.
 */
export interface VendorAccepted {
  accepted: number
  passed: number
  refused: number
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
 * Every watchdog that runs on this database, or has.
 */
export interface WatchdogList {
  items: WatchdogView[]
}
/**
 * One watchdog as it last said. `round_at` more than three minutes old: it does not run, or cannot write.
 *
 * `heartbeat_at` is when it last said outside that all is well; none when it never has, or has nobody to say it to.
 */
export interface WatchdogView {
  id: string
  state: 'well' | 'amiss'
  round_at: string
  heartbeat_at: string | null
  findings: FindingView[]
  outage: OutageView | null
}
/**
 * Write the desk's open note anew. `version` is the one on the screen, 0 where there was none.
 */
export interface WriteShiftNote {
  text: string
  version: number
}
/**
 * A safe zone: what of it is watched, in which hours (none for always), and what a crossing makes.
 */
export interface ZoneBody {
  name: string
  area: CircleBody | PolygonBody
  /**
   * What of a safe zone is told: that somebody leaves it, or enters it.
   */
  watch: 'leave' | 'enter'
  /**
   * @maxItems 20
   */
  hours: HoursBody[]
  /**
   * What a crossing makes: an alarm for a human, or information for the history and for a case that is open.
   */
  makes: 'alarm' | 'information'
}
/**
 * The zones of a resident, oldest first.
 */
export interface ZoneList {
  items: ZoneView[]
}
