"""Which cases are before an operator: those of the desk, in SQL and for one case."""

from sqlalchemy import ColumnElement, or_, true

from alarms.tables import case
from kit.wire.case import CaseView
from kit.wire.words import Role
from registry.access import Who, at_this_desk, desk_of


def before(who: Who) -> ColumnElement[bool]:
    """The same as `registry.access` decides for one: at this desk or at all, one's own, and for a supervisor any."""
    if who.role is Role.SUPERVISOR:
        return true()
    return or_(case.c.desk.is_(None), case.c.desk == desk_of(who), case.c.handler == who.person)


def is_before(who: Who, view: CaseView) -> bool:
    """Whether this case belongs on this operator's screen."""
    return at_this_desk(who, view.desk) or view.handler == who.person
