"""The way of a new case, which nothing may block: routed, or else before everybody who serves its principal."""

from datetime import datetime

from alarms.core.routing import Known, Routed, route
from kit.log import get_logger
from kit.wire.words import CaseKind, Reason

log = get_logger(__name__)

NOTHING_KNOWN = Known()


def routed(known: Known, principal: str, kind: CaseKind, reason: Reason, at: datetime) -> Routed:
    """Where a new case goes. Should our own code break on it, to everybody by the default plan."""
    try:
        return route(known, principal, kind, reason, at)
    except Exception:
        log.exception("routing_failed", principal=principal)
        return route(NOTHING_KNOWN, principal, kind, reason, at)
