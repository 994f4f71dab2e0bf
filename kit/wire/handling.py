"""What an operator does with a case that is taken: steps to tick, calls, naming, handing over; and notes beside it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from kit.text import printable
from kit.wire.model import At, Id, Wire

LONGEST = 2000


def _written(text: str) -> str:
    """What somebody has written, line by line, without what no database takes. Raises ValueError for nothing."""
    lines = "\n".join(printable(line, LONGEST) for line in text.splitlines()).strip()
    if not lines:
        raise ValueError("nothing is written")
    return lines


Text = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_written)]


class StepCode(StrEnum):
    """The steps that everybody has who has no list of their own; their texts are the pages'."""

    SPEAK = "speak"
    CALL_BACK = "call_back"
    ASK_HURT = "ask_hurt"
    ASK_BREATHING = "ask_breathing"
    STAY_STILL = "stay_still"
    LEAVE_HOME = "leave_home"
    CALL_112 = "call_112"
    CALL_POLICE = "call_police"
    LISTEN = "listen"
    CALL_CONTACTS = "call_contacts"
    SEND_STAFF = "send_staff"
    FIND_POSITION = "find_position"
    ASK_MEDICINE = "ask_medicine"
    ASK_DOOR = "ask_door"
    FIND_SENDER = "find_sender"
    CHECK_DEVICE = "check_device"
    REPORT_FAULT = "report_fault"


class StepOrigin(StrEnum):
    """Whose list a step is from."""

    DEFAULT = "default"
    PRINCIPAL = "principal"
    RESIDENT = "resident"


class CallTo(StrEnum):
    """Whom a call was made to."""

    RESIDENT = "resident"
    CONTACT = "contact"
    RESPONDER = "responder"
    OTHER = "other"


class CallState(StrEnum):
    """The call's own machine (alarms/core/call.py)."""

    STARTED = "started"
    CONNECTED = "connected"
    ENDED = "ended"


class CallResult(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    NUMBER_FAULT = "number_fault"
    VOICEMAIL = "voicemail"
    REFUSED = "refused"
    CUT_OFF = "cut_off"


class Tick(Wire):
    """Tick a step, or take the tick away."""

    act: Literal["tick"] = "tick"
    step: Id
    done: bool


class Call(Wire):
    """A call is being made: to whom (`contact` by id). With `result` it is over as well."""

    act: Literal["call"] = "call"
    to: CallTo
    contact: Id | None = None
    result: CallResult | None = None


class CallConnected(Wire):
    """Somebody has answered the open call."""

    act: Literal["call_connected"] = "call_connected"


class CallEnded(Wire):
    """What came of the open call; `call` names another's that was left open on the case."""

    act: Literal["call_ended"] = "call_ended"
    result: CallResult
    call: Id | None = None


class Name(Wire):
    """Say which of the household it is. Where that person has an open case, this one ends in it (`merged_into`)."""

    act: Literal["name"] = "name"
    resident: Id


class Offer(Wire):
    """Offer the case to somebody at the same desk; it stays the handler's until that one accepts."""

    act: Literal["offer"] = "offer"
    to: Id


class SendOn(Wire):
    """Offer the case to everybody at another desk that serves its principal; the handler's until one there accepts."""

    act: Literal["send_on"] = "send_on"
    desk: Id


class OtherDesk(Wire):
    """A desk that a case may be sent to, and how many have it open now."""

    id: str
    name: str
    on: int


class OtherDesks(Wire):
    """Every such desk, those where somebody is first."""

    items: list[OtherDesk]


class AcceptOffer(Wire):
    """Take over the case that is offered. What came after version `seen` stays unread."""

    act: Literal["accept_offer"] = "accept_offer"
    seen: int | None = None


class EndOffer(Wire):
    """Say no to an offer, or take one's own back."""

    act: Literal["end_offer"] = "end_offer"


class StepView(Wire):
    """A step to tick. The text is its own or, with a `code`, the page's."""

    id: str
    origin: StepOrigin
    code: StepCode | None
    text: str | None
    ticked_at: At | None
    ticked_by: str | None
    ticked_by_name: str | None


class CallView(Wire):
    """A call made for a case. `contact` is the contact's id and `to_name` its name as it is now."""

    id: str
    operator: str
    to: CallTo
    contact: str | None
    to_name: str | None
    state: CallState
    result: CallResult | None
    started_at: At
    ended_at: At | None


class Handover112(Wire):
    """What to tell 112: the same text in two languages, to read aloud or copy, and the same for machines."""

    case: str
    at: At
    by_name: str
    sv: list[str]
    en: list[str]
    latitude: str | None
    longitude: str | None


class PersonNote(Wire):
    """A note pinned to a person: seen at each of that person's cases until somebody takes it down."""

    id: str
    resident: str
    text: str
    at: At
    by: str
    by_name: str


class PersonNotes(Wire):
    """The notes pinned to a person, oldest first."""

    items: list[PersonNote]


class PinNote(Wire):
    """What to pin. `case` is the open case for which one looks."""

    text: Text
    case: Id | None = None


class ShiftNote(Wire):
    """What one shift leaves for the next at the same desk. Open until somebody else has acknowledged it."""

    id: str
    version: int
    text: str
    at: At
    by: str
    by_name: str
    acknowledged_at: At | None
    acknowledged_by_name: str | None


class ShiftNotes(Wire):
    """The open note, if any, and the last one that was acknowledged."""

    open: ShiftNote | None
    last: ShiftNote | None


class WriteShiftNote(Wire):
    """Write the desk's open note anew. `version` is the one on the screen, 0 where there was none."""

    text: Text
    version: Annotated[int, Field(ge=0, lt=2**31 - 1)] = 0
