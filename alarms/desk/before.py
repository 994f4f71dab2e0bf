"""Which cases are before an operator: those of the desk, in SQL and for one case."""

from sqlalchemy import ColumnElement, or_, true

from alarms.tables import case
from kit.wire.case import CaseView
from kit.wire.words import Role
from registry.access import Who, at_this_desk, desk_of


def before(who: Who) -> ColumnElement[bool]:
    """The same as `registry.access` decides: at this desk, offered to it, at none, one's own; all for a supervisor and
    for another system of the principal's.
    """
    if who.role is Role.SUPERVISOR or who.client is not None:
        return true()
    here = desk_of(who)
    return or_(case.c.desk.is_(None), case.c.desk == here, case.c.offered_desk == here, case.c.handler == who.person)


def is_before(who: Who, view: CaseView) -> bool:
    """Whether this case belongs on this operator's screen."""
    offered = view.offered_desk is not None and view.offered_desk == desk_of(who)
    return at_this_desk(who, view.desk) or offered or view.handler == who.person
