"""What to do for which kind of alarm: the list that everybody has who has none of their own.

A principal's own list for a reason stands instead of it; what the registry says for the resident is added at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.wire.handling import StepCode, StepOrigin
from kit.wire.words import CaseKind, Reason

_PERSON = (StepCode.SPEAK, StepCode.ASK_HURT, StepCode.CALL_CONTACTS, StepCode.SEND_STAFF)
_THING = (StepCode.CHECK_DEVICE, StepCode.CALL_BACK, StepCode.REPORT_FAULT)
_POLICE = (StepCode.LISTEN, StepCode.CALL_POLICE, StepCode.CALL_112)
_LOST = (StepCode.SPEAK, StepCode.FIND_POSITION, StepCode.CALL_CONTACTS, StepCode.SEND_STAFF)
_NOBODYS = (StepCode.SPEAK, StepCode.FIND_SENDER, StepCode.FIND_POSITION, StepCode.REPORT_FAULT)

DEFAULT: Mapping[Reason, tuple[StepCode, ...]] = {
    Reason.FELL: (
        StepCode.SPEAK,
        StepCode.ASK_HURT,
        StepCode.STAY_STILL,
        StepCode.ASK_BREATHING,
        StepCode.SEND_STAFF,
        StepCode.CALL_112,
    ),
    Reason.ATTACK: _POLICE,
    Reason.DURESS: _POLICE,
    Reason.INTRUDER: _POLICE,
    Reason.DOOR_FORCED: _POLICE,
    Reason.FIRE: (StepCode.SPEAK, StepCode.LEAVE_HOME, StepCode.CALL_112, StepCode.SEND_STAFF),
    Reason.GAS: (StepCode.SPEAK, StepCode.LEAVE_HOME, StepCode.CALL_112, StepCode.SEND_STAFF),
    Reason.FLOOD: (StepCode.SPEAK, StepCode.ASK_HURT, StepCode.SEND_STAFF),
    Reason.EPILEPSY: (StepCode.SPEAK, StepCode.ASK_BREATHING, StepCode.SEND_STAFF, StepCode.CALL_112),
    Reason.INACTIVITY: (StepCode.SPEAK, StepCode.CALL_BACK, StepCode.CALL_CONTACTS, StepCode.SEND_STAFF),
    Reason.LEFT_BED: (StepCode.SPEAK, StepCode.CALL_BACK, StepCode.SEND_STAFF),
    **dict.fromkeys((Reason.WANDERING, Reason.LEFT_ZONE, Reason.ENTERED_ZONE), _LOST),
    Reason.PILL_NOT_TAKEN: (StepCode.SPEAK, StepCode.ASK_MEDICINE, StepCode.SEND_STAFF),
    Reason.DOOR: (StepCode.SPEAK, StepCode.ASK_DOOR, StepCode.SEND_STAFF),
}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step before it stands on a case: one of ours by its code, or somebody's own words."""

    origin: StepOrigin
    code: StepCode | None
    text: str | None


def plan(
    kind: CaseKind, reason: Reason, *, known: bool, own: Sequence[str], additions: Sequence[str]
) -> list[PlannedStep]:
    """The steps for such a case. `known` is whether anybody knows whose the device is, `own` the principal's list."""
    if own:
        steps = [PlannedStep(StepOrigin.PRINCIPAL, None, text) for text in own]
    else:
        codes = DEFAULT.get(reason, _PERSON) if kind is CaseKind.PERSON else _THING
        steps = [PlannedStep(StepOrigin.DEFAULT, code, None) for code in (codes if known else _NOBODYS)]
    return steps + [PlannedStep(StepOrigin.RESIDENT, None, text) for text in additions]


def usual() -> list[tuple[CaseKind, Reason | None, tuple[StepCode, ...]]]:
    """Our own lists, by kind and reason; no reason is every other alarm of that kind."""
    by_reason = [(CaseKind.PERSON, reason, codes) for reason, codes in DEFAULT.items()]
    return [(CaseKind.PERSON, None, _PERSON), (CaseKind.TECHNICAL, None, _THING), *by_reason]
