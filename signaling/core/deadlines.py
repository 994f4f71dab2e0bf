"""By when something must have happened to a visit; what then happens otherwise is in `visit`.

Everything is worked out from what stands on the visit itself, so that a restart loses no deadline.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from kit.wire.words import Away, VisitKind, VisitState, VisitStep
from signaling.core.shapes import Participant, Visit

RING = timedelta(seconds=45)
CONNECT = timedelta(seconds=120)  # a browser's question about the camera takes somebody of ninety a while
PLAN_LAPSES = timedelta(hours=4)
AWAY: Mapping[Away, timedelta] = {
    Away.CONNECTION_LOST: timedelta(seconds=60),
    Away.PAGE_CLOSED: timedelta(seconds=15),  # time to load the page again, no longer: somebody waits
}
# A look to see that all is well takes about 30 s (domain.md, 13); what is left on by mistake must not stay on.
LONGEST: Mapping[VisitKind, timedelta] = {
    VisitKind.HOME: timedelta(hours=2),
    VisitKind.SUPERVISION: timedelta(minutes=3),
    VisitKind.ALARM: timedelta(hours=2),
}


def away_ends_at(participant: Participant) -> datetime | None:
    """When somebody who is away has left; none for who is there."""
    if participant.away is None or participant.away_since is None:
        return None
    return participant.away_since + AWAY[participant.away]


def next_step(visit: Visit) -> tuple[VisitStep, datetime] | None:
    """The first of what will happen to an open visit by itself; none for one that has ended."""
    own = _own_step(visit)
    if own is None:
        return None
    ends = [(VisitStep.AWAY_ENDS, at) for one in visit.participants if (at := away_ends_at(one)) is not None]
    return min([own, *ends], key=lambda step: step[1])


def _own_step(visit: Visit) -> tuple[VisitStep, datetime] | None:
    match visit.state:
        case VisitState.PLANNED:
            return VisitStep.PLAN_LAPSES, visit.planned_at + PLAN_LAPSES
        case VisitState.RINGING:
            assert visit.rang_at is not None
            return VisitStep.RING_ENDS, visit.rang_at + RING
        case VisitState.ANSWERED:
            assert visit.answered_at is not None
            return VisitStep.CONNECTING_ENDS, visit.answered_at + CONNECT
        case VisitState.IN_PROGRESS:
            assert visit.connected_at is not None
            return VisitStep.TIME_ENDS, visit.connected_at + LONGEST[visit.kind]
        case VisitState.ENDED:
            return None
