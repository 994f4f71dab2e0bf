"""What Contact ID and SIA codes ask of us. Tables only; to teach the receiver a code, change one.

Rule: a code that is not in the tables is an alarm for a human. A restore carries the reason of the fault that it
restores, so that it finds the right technical case; a restore of a person's alarm is a note, never an end to it. A test
that comes by itself is a sign of life: only one that somebody makes proves a button (domain.md, 11).
"""

from collections.abc import Iterable

from alarms.core.door import Meaning
from kit.wire.words import Reason, SignalKind

DANGER, PERSON, URGENT, TECHNICAL, NEWS = 1, 2, 3, 4, 5  # priorities

INFORMATION = Meaning(SignalKind.INFORMATION, None, NEWS)
TEST = Meaning(SignalKind.TEST, None, NEWS)
HEARTBEAT = Meaning(SignalKind.HEARTBEAT, None, NEWS)
CANCEL = Meaning(SignalKind.CANCEL, None, NEWS)
RESET = Meaning(SignalKind.RESET, None, NEWS)
UNKNOWN = Meaning(SignalKind.ALARM, Reason.UNKNOWN_ALARM, PERSON)


def _alarm(reason: Reason, priority: int = PERSON) -> Meaning:
    return Meaning(SignalKind.ALARM, reason, priority)


def _fault(reason: Reason, priority: int = URGENT) -> Meaning:
    return Meaning(SignalKind.TECHNICAL, reason, priority)


def _spread(*groups: tuple[Iterable[int], Meaning]) -> dict[int, Meaning]:
    return {code: meaning for codes, meaning in groups for code in codes}


_CONTACT_ID = _spread(
    ((100, 101), _alarm(Reason.PRESSED)),
    ((120,), _alarm(Reason.PRESSED, DANGER)),  # personal alarms send it for panic and for a fall alike
    ((102, 641, 654), _alarm(Reason.INACTIVITY)),
    (range(110, 119), _alarm(Reason.FIRE, DANGER)),
    ((113, 154), _alarm(Reason.FLOOD)),
    ((121, 122, 123, 124, 125), _alarm(Reason.ATTACK, DANGER)),
    ((*range(130, 137), 138, 139, 140), _alarm(Reason.INTRUDER)),
    ((151, 162), _alarm(Reason.GAS, DANGER)),
    ((137, 144, 145, 341, 383), _fault(Reason.TAMPER)),
    ((147, 350, 351, 352, 353, 354, 355, 356, 381, 382), _fault(Reason.LINK_FAILURE)),
    ((301, 337, 342), _fault(Reason.MAINS_FAILURE)),
    ((302, 384), _fault(Reason.BATTERY_LOW, TECHNICAL)),
    ((309, 311, 338), _fault(Reason.BATTERY_LOW)),
    ((344,), _fault(Reason.RADIO_INTERFERENCE)),
    ((143, 300, 303, 304, 307, 308, 310, 312, 330, 333, 373, 380, 391), _fault(Reason.MALFUNCTION)),
    ((305, 306, *range(400, 406), *range(407, 410), *range(570, 580), *range(621, 633)), INFORMATION),
    ((604, 605, 606, 607, 609, 610, 612, 616), INFORMATION),
    ((406,), CANCEL),
    ((601, 611, 613, 614, 615), TEST),
    ((602, 603, 608), HEARTBEAT),
)

# SIA codes are two letters: mostly what it is about, and what of it.
_FAMILIES: dict[str, Meaning] = {
    "B": _alarm(Reason.INTRUDER),
    "F": _alarm(Reason.FIRE, DANGER),
    "G": _alarm(Reason.GAS, DANGER),
    "H": _alarm(Reason.ATTACK, DANGER),
    "K": _alarm(Reason.FIRE, DANGER),
    "M": _alarm(Reason.PRESSED),
    "P": _alarm(Reason.ATTACK, DANGER),
    "Q": _alarm(Reason.PRESSED),
    "S": _alarm(Reason.FIRE, DANGER),
    "T": _fault(Reason.TAMPER),
    "U": UNKNOWN,
    "W": _alarm(Reason.FLOOD),
    "Z": UNKNOWN,
}
_ALARMS, _RESTORES, _BYPASSES = {"A", "V"}, {"H", "R"}, {"B", "U"}
_TROUBLE, _TROUBLE_OVER, _TESTED = "T", "J", "X"

# Those that are more, or other, than their letters.
_FAULTS: dict[Reason, tuple[str, ...]] = {
    Reason.MAINS_FAILURE: ("AT", "YP"),
    Reason.BATTERY_LOW: ("YT", "YM", "XT"),
    Reason.LINK_FAILURE: ("LT", "YC", "YS", "XL", "UY", "BZ"),
    Reason.RADIO_INTERFERENCE: ("XQ",),
    Reason.MALFUNCTION: ("ET", "IA", "YA", "YI", "YX"),
    Reason.TAMPER: ("ES", "XS"),
}
_WELL_AGAIN: dict[Reason, tuple[str, ...]] = {
    Reason.MAINS_FAILURE: ("AR", "YQ"),
    Reason.BATTERY_LOW: ("YR", "XR"),
    Reason.LINK_FAILURE: ("LR", "YK", "XC", "UJ"),
    Reason.RADIO_INTERFERENCE: ("XH",),
    Reason.MALFUNCTION: ("ER", "IR", "YH", "YJ", "YZ"),
    Reason.TAMPER: ("EJ", "XJ"),
}
_SIA: dict[str, Meaning] = {
    **{code: _fault(reason) for reason, codes in _FAULTS.items() for code in codes},
    **{code: Meaning(SignalKind.RESTORE, reason, NEWS) for reason, codes in _WELL_AGAIN.items() for code in codes},
    "XT": _fault(Reason.BATTERY_LOW, TECHNICAL),  # a battery in a button, not in what answers
    "NA": _alarm(Reason.INACTIVITY),
    **dict.fromkeys(("RX", "TP"), TEST),
    **dict.fromkeys(("RP", "RY", "TX"), HEARTBEAT),
    **dict.fromkeys(("TS", "TE", "TC"), INFORMATION),
    **dict.fromkeys(("BC", "OC"), CANCEL),
    **dict.fromkeys(
        (
            "CA",
            "CF",
            "CG",
            "CL",
            "CP",
            "CQ",
            "OA",
            "OG",
            "OP",
            "OQ",
            "OR",
            "RR",
            "LB",
            "LS",
            "LU",
            "LX",
            "JT",
            "JD",
            "YW",
        ),
        INFORMATION,
    ),
}


def of_contact_id(qualifier: str, code: str) -> Meaning:
    """The kind, reason and priority of an event: its qualifier (1 new, 3 restore, 6 still so) and three digits."""
    meaning = _CONTACT_ID.get(int(code)) if code.isdecimal() else None
    return _restored(meaning or UNKNOWN) if qualifier == "3" else meaning or UNKNOWN


def of_sia(code: str) -> Meaning:
    """The kind, reason and priority of a SIA code, two capital letters."""
    if (meaning := _SIA.get(code)) is not None:
        return meaning
    family, what = _FAMILIES.get(code[:1]), code[1:]
    if family is None:
        return UNKNOWN
    if what in _ALARMS:
        return family
    if what in _RESTORES:
        return _restored(family)
    if what in _BYPASSES:
        return INFORMATION
    if what in {_TROUBLE, _TROUBLE_OVER}:
        fault = _fault(Reason.MALFUNCTION)
        return fault if what == _TROUBLE else _restored(fault)
    return TEST if what == _TESTED else UNKNOWN


def _restored(meaning: Meaning) -> Meaning:
    match meaning.kind:
        case SignalKind.ALARM:
            return RESET
        case SignalKind.TECHNICAL:
            return Meaning(SignalKind.RESTORE, meaning.reason, NEWS)
        case _:
            return meaning
