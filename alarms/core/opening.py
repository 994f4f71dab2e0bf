"""Which case a signal belongs to, and whether it may open one."""

from dataclasses import dataclass
from enum import StrEnum

from alarms.core.signal import Signal
from alarms.core.stale import stale_since
from kit.wire.words import CaseKind, SignalKind


@dataclass(frozen=True, slots=True)
class Sender:
    """The live device behind an account, and whose it is. `resident` is none where a home's device is shared.

    `household` is who lives there where the device is the home's (a lock), and empty where it is one resident's own.
    One that is not `live` yet is being installed: what it sends proves the chain, and reaches no queue.
    """

    device: str
    principal: str
    home: str
    resident: str | None
    household: tuple[str, ...] = ()
    live: bool = True


class LaneName(StrEnum):
    """Signals ride in lanes of their own, so that no storm of tests drowns a press or a fault (semantics 12).

    What concerns a person and happened long ago has one too: an hour that has piled up somewhere must not stand before
    somebody who presses now. A device's own order holds within a lane.
    """

    PERSON = "person"
    STALE = "stale"
    TECHNICAL = "technical"
    TEST = "test"
    OTHER = "other"
    HEARTBEAT = "heartbeat"


LANES = {
    SignalKind.ALARM: LaneName.PERSON,
    SignalKind.CANCEL: LaneName.PERSON,
    SignalKind.RESET: LaneName.PERSON,
    SignalKind.TECHNICAL: LaneName.TECHNICAL,
    SignalKind.RESTORE: LaneName.TECHNICAL,
    SignalKind.TEST: LaneName.TEST,
    SignalKind.INFORMATION: LaneName.OTHER,
    SignalKind.HEARTBEAT: LaneName.HEARTBEAT,
}


def lane_of(signal: Signal) -> LaneName:
    """The lane it rides in."""
    lane = LANES[signal.kind]
    late = lane is LaneName.PERSON and stale_since(signal.occurred_at, signal.received_at) is not None
    return LaneName.STALE if late else lane


@dataclass(frozen=True, slots=True)
class Belongs:
    """The key of the case a signal belongs to; `opens` says whether it raises one when none is open.

    `beside` are cases that hear of it too, if open: what a home's device tells is for everybody's who lives there.
    `counts`: on this case it is only counted.
    """

    open_key: str
    kind: CaseKind
    opens: bool
    beside: tuple[str, ...] = ()
    counts: bool = False


def person_key(sender: Sender) -> str:
    """The key of the open case of this person, or of this home while nobody knows which of two it is."""
    return f"person:{sender.resident}" if sender.resident else f"person:home:{sender.home}"


def belongs(signal: Signal, sender: Sender) -> Belongs | None:
    """Where a signal goes; none for what is only stored and shown in the history."""
    if not sender.live:
        return None
    match signal.kind:
        case SignalKind.ALARM:
            return Belongs(person_key(sender), CaseKind.PERSON, opens=True)
        case SignalKind.CANCEL | SignalKind.RESET:
            # Whose case the home's has become since it pressed, the device cannot know.
            return Belongs(person_key(sender), CaseKind.PERSON, opens=False, beside=_others_at_home(sender))
        case SignalKind.INFORMATION:
            return Belongs(person_key(sender), CaseKind.PERSON, opens=False, beside=_others_at_home(sender))
        case SignalKind.TECHNICAL | SignalKind.RESTORE:
            fault = signal.reason.value if signal.reason else "unknown"
            key = f"technical:{sender.device}:{fault}"
            return Belongs(key, CaseKind.TECHNICAL, opens=signal.kind is SignalKind.TECHNICAL)
        case SignalKind.TEST | SignalKind.HEARTBEAT:
            return None


def _others_at_home(sender: Sender) -> tuple[str, ...]:
    """The keys of every other person case there may be in the home; none for a device that is one resident's own."""
    if not sender.household:
        return ()
    keys = [*(f"person:{resident}" for resident in sender.household), f"person:home:{sender.home}"]
    return tuple(key for key in keys if key != person_key(sender))
