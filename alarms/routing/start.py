"""Where a new case begins: routed by what is known, whoever raises it, and before everybody should that break."""

from datetime import datetime

from alarms.core.routing import Known, Routed, route
from alarms.core.shapes import Entry
from kit.log import get_logger
from kit.wire.words import CaseKind, Reason, TimelineKind

log = get_logger(__name__)

NOTHING_KNOWN = Known()


def routed_by(known: Known, principal: str, kind: CaseKind, reason: Reason, at: datetime) -> Routed:
    """Where a new case goes. Should our own code break on it, to everybody by the default plan."""
    try:
        return route(known, principal, kind, reason, at)
    except Exception:
        log.exception("routing_failed", principal=principal)
        return route(NOTHING_KNOWN, principal, kind, reason, at)


def not_followed(routed: Routed, at: datetime) -> tuple[Entry, ...]:
    """A line for the timeline for each thing that the route said and that could not be followed."""
    said = {"rule": routed.rule}
    return tuple(Entry(TimelineKind.ROUTE_FAILED, at, data={**said, "code": why.value}) for why in routed.failed)
