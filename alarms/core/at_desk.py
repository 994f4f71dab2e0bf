"""What the desk's work does to a case: steps ticked, calls made, the person named, the case handed over; shapes."""

from dataclasses import dataclass
from datetime import datetime

from kit.wire.handling import CallResult, CallTo
from kit.wire.words import Reason


@dataclass(frozen=True, slots=True)
class Ticked:
    """The handler has ticked a step (`done`) or taken the tick away. `code` or `text` says which step it is."""

    by: str
    step: str
    done: bool
    code: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class CallStarted:
    """The handler makes a call. `contact` is the contact's id."""

    by: str
    call: str
    to: CallTo
    contact: str | None


@dataclass(frozen=True, slots=True)
class CallWentOn:
    """The call was answered, or has ended with `result`."""

    by: str
    call: str
    to: CallTo
    contact: str | None
    result: CallResult | None


@dataclass(frozen=True, slots=True)
class Offered:
    """The handler offers the case to `to`."""

    by: str
    to: str


@dataclass(frozen=True, slots=True)
class SentOn:
    """The handler offers the case to everybody at another desk; that it serves the principal was looked at before."""

    by: str
    desk: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Whom the case is offered to takes it over. What came after version `seen` stays unread.

    `desk` is where that one sits.
    """

    by: str
    seen: int | None = None
    desk: str | None = None


@dataclass(frozen=True, slots=True)
class OfferEnded:
    """The handler takes the offer back, or whom it was made to says no. `desk` is where that one sits."""

    by: str
    desk: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """The handler says which of the household it is; nobody has an open case of that person's."""

    by: str
    resident: str


@dataclass(frozen=True, slots=True)
class MergedInto:
    """It is `resident`, who has the open case `into` already: this one ends as a part of that."""

    by: str
    into: str
    resident: str


@dataclass(frozen=True, slots=True)
class MergedFrom:
    """Another case turns out to be this person's: what is on it belongs here."""

    by: str
    case: str
    presses: int
    unread: int
    priority: int
    reason: Reason
    raised_at: datetime
    missions: int = 0
    watched_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told112:
    """The handler has opened what to tell 112."""

    by: str


@dataclass(frozen=True, slots=True)
class AnotherUnknown:
    """One more alarm from accounts that nobody knows, beyond those that have cases of their own."""

    signal: str


DeskEvent = (
    Ticked
    | CallStarted
    | CallWentOn
    | Offered
    | SentOn
    | Accepted
    | OfferEnded
    | Named
    | MergedInto
    | MergedFrom
    | Told112
    | AnotherUnknown
)
