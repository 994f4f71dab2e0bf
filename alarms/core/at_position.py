"""What asking a device where its person is does to a case: shapes."""

from dataclasses import dataclass

from kit.wire.position_words import LocateState


@dataclass(frozen=True, slots=True)
class LocateAsked:
    """Somebody has asked a device of the person where it is. `urgent` is what was stated where there is no consent."""

    by: str
    device: str
    urgent: str | None


@dataclass(frozen=True, slots=True)
class LocateEnded:
    """What came of it."""

    device: str
    state: LocateState


PositionEvent = LocateAsked | LocateEnded
