"""Which case a signal belongs to, and whether it may open one."""

from dataclasses import dataclass
from enum import StrEnum

from alarms.core.signal import Signal
from kit.wire.words import CaseKind, SignalKind


@dataclass(frozen=True, slots=True)
class Sender:
    """The live device behind an account, and whose it is. `resident` is none where a home's device is shared."""

    device: str
    principal: str
    home: str
    resident: str | None


class LaneName(StrEnum):
    """Signals ride in lanes of their own, so that no storm of tests drowns a press (semantics 12)."""

    PERSON = "person"
    OTHER = "other"
    HEARTBEAT = "heartbeat"


LANES = {
    SignalKind.ALARM: LaneName.PERSON,
    SignalKind.CANCEL: LaneName.PERSON,
    SignalKind.RESET: LaneName.PERSON,
    SignalKind.TECHNICAL: LaneName.OTHER,
    SignalKind.RESTORE: LaneName.OTHER,
    SignalKind.TEST: LaneName.OTHER,
    SignalKind.INFORMATION: LaneName.OTHER,
    SignalKind.HEARTBEAT: LaneName.HEARTBEAT,
}


@dataclass(frozen=True, slots=True)
class Belongs:
    """The key of the case a signal belongs to; `opens` says whether it raises one when none is open."""

    open_key: str
    kind: CaseKind
    opens: bool


def person_key(sender: Sender) -> str:
    """The key of the open case of this person, or of this home while nobody knows which of two it is."""
    return f"person:{sender.resident}" if sender.resident else f"person:home:{sender.home}"


def belongs(signal: Signal, sender: Sender) -> Belongs | None:
    """Where a signal goes; none for what is only stored and shown in the history."""
    match signal.kind:
        case SignalKind.ALARM:
            return Belongs(person_key(sender), CaseKind.PERSON, opens=True)
        case SignalKind.CANCEL | SignalKind.RESET | SignalKind.INFORMATION:
            return Belongs(person_key(sender), CaseKind.PERSON, opens=False)
        case SignalKind.TECHNICAL | SignalKind.RESTORE:
            fault = signal.reason.value if signal.reason else "unknown"
            key = f"technical:{sender.device}:{fault}"
            return Belongs(key, CaseKind.TECHNICAL, opens=signal.kind is SignalKind.TECHNICAL)
        case SignalKind.TEST | SignalKind.HEARTBEAT:
            return None
