"""The walls: which principals are in reach, at which desk somebody sits, what a grant opens. Pure; part of `access`."""

from collections.abc import Iterable
from datetime import datetime

from kit.wire.words import Role
from registry.asking import Grant, Right, Who, Whom

NOBODYS = ""
"""The principal of a case that an account nobody knows has raised (deploy/decisions/0014)."""


def reach(who: Who, at: datetime) -> frozenset[str]:
    """The principals this session may have anything to do with: its own, or those its central serves at that moment."""
    if not who.span.holds(at):
        return frozenset()
    if who.central is not None:
        return frozenset(agreement.principal for agreement in who.agreements if agreement.span.holds(at))
    return frozenset() if who.principal is None else frozenset({who.principal})


def desk_reach(who: Who, at: datetime) -> frozenset[str]:
    """What stands in this session's queue: the principals in reach and, at a central that serves any, nobody's too."""
    reached = reach(who, at)
    nobodys = who.central is not None and who.role in {Role.OPERATOR, Role.SUPERVISOR}
    return reached | {NOBODYS} if reached and nobodys else reached


def desk_of(who: Who) -> str | None:
    """The desk that somebody sits at: the central, or the principal's own."""
    return who.central or who.principal


def at_this_desk(who: Who, desk: str | None) -> bool:
    """Whether a case that is at that desk is before this operator; a supervisor sees what is at any in reach."""
    return desk is None or desk == desk_of(who) or who.role is Role.SUPERVISOR


def held(who: Who, whom: Whom, grants: Iterable[Grant], at: datetime, *rights: Right) -> bool:
    """Whether the asker holds one of these rights for this resident, or for this home, at that moment."""
    return any(
        grant.holder == who.person
        and grant.principal == whom.principal
        and grant.span.holds(at)
        and not grant.rights.isdisjoint(rights)
        and _covers(grant, whom)
        for grant in grants
    )


def sees_address(who: Who, whom: Whom, grants: Iterable[Grant], at: datetime, *, protected: bool) -> bool:
    """Whether a card that may be read also says where; a protected identity's only to who has a grant."""
    return not protected or held(who, whom, grants, at, Right.SEE, Right.OPEN)


def in_connection(whom: Whom, case: Whom | None) -> Whom:
    """The same subject, with the case as purpose if the case is about it.

    A case that names its resident is about that one alone; while nobody knows which of several it is, about each who
    lives in the home.
    """
    if case is None or case.principal is None or case.principal != whom.principal:
        return whom
    about = case.resident == whom.resident if case.resident is not None else case.home == whom.home
    if not about or (case.resident is None and case.home is None):
        return whom
    return Whom(
        principal=whom.principal,
        unit=whom.unit,
        resident=whom.resident,
        home=whom.home,
        handler=case.handler,
        purpose=case.purpose,
        device=whom.device,
        desk=case.desk,
        offered_desk=case.offered_desk,
    )


def _covers(grant: Grant, whom: Whom) -> bool:
    if grant.resident is not None:
        return grant.resident == whom.resident
    return grant.home is not None and grant.home == whom.home
