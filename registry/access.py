"""Who may do what for whom: one pure decision, asked by every route.

A role never opens everything: an operator reaches the principals that the central has agreements with now, staff reach
their own unit or principal, a device reaches itself. What is out of reach does not exist for the one who asks (404),
and the attempt is logged.

`decide` first asks the wall (is this principal in reach at all?), then the one rule that `RULES` has for this act and
this part. What is not in the table may not happen. The table in README.md is drawn from `RULES`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from kit.wire.client import ClientScope as Scope
from kit.wire.words import Role
from registry.asking import Act, Agreement, Allowed, Basis, Denied, Grant, Purpose, Right, Span, Who, Whom
from registry.walls import NOBODYS, at_this_desk, desk_of, desk_reach, held, in_connection, reach, sees_address

__all__ = [
    "AT_LARGE",
    "CLIENT",
    "DEVICE",
    "HIDDEN",
    "NOBODYS",
    "RULES",
    "Act",
    "Agreement",
    "Allowed",
    "Basis",
    "Decision",
    "Denied",
    "Grant",
    "Purpose",
    "Right",
    "Scope",
    "Span",
    "Who",
    "Whom",
    "at_this_desk",
    "decide",
    "desk_of",
    "desk_reach",
    "held",
    "in_connection",
    "part_of",
    "reach",
    "sees_address",
]

Decision = Allowed | Denied
HIDDEN = Denied("not_found", hidden=True)
DEVICE = "device"
CLIENT = "client"
Rule = Callable[[Who, Whom, Sequence[Grant], datetime], Decision]


def part_of(who: Who) -> str:
    """The column of the table: the role, "client" for another system, or "device" for what acts as itself."""
    if who.role is None:
        return DEVICE if who.client is None else CLIENT
    return who.role.value


def decide(who: Who, what: Act, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """Whether `who` may do `what` about `whom` at that moment. `grants` are the asker's; others are passed over."""
    if what is Act.PUBLIC:
        return Allowed(Basis.ANYBODY)
    if not who.span.holds(at):
        return Denied("session_ended")
    about_somebody = what not in AT_LARGE
    if whom.principal is None and about_somebody:
        return HIDDEN
    reached = desk_reach(who, at) if what in ON_CASES else reach(who, at)
    if whom.principal is not None and whom.principal not in reached:
        return HIDDEN
    rule = RULES[what].get(part_of(who))
    if rule is None:
        return Denied("wrong_role" if who.client is None else "scope")
    return rule(who, whom, grants, at)


def _always(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """yes"""
    return Allowed(Basis.SELF)


def _itself(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """as itself"""
    return Allowed(Basis.SELF) if who.device is not None and whom.device == who.device else HIDDEN


def _at_desk(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """in reach"""
    # A desk serves whole principals: a role held in one unit opens none, since its queue would show the others.
    if who.unit is not None:
        return Denied("no_desk")
    offered = whom.offered_desk is not None and whom.offered_desk == desk_of(who)
    if not (at_this_desk(who, whom.desk) or offered) and whom.handler != who.person:
        return HIDDEN
    return Allowed(Basis.AGREEMENT if who.central is not None else Basis.PRINCIPAL)


def _in_own_principal(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own principal"""
    return Allowed(Basis.PRINCIPAL) if who.principal is not None else Denied("no_principal")


def _in_whole_principal(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own principal, held for all of it"""
    if who.principal is None:
        return Denied("no_principal")
    return Allowed(Basis.PRINCIPAL) if who.unit is None else Denied("other_unit")


def _in_own_place(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own unit or principal"""
    if who.principal is None:
        return Denied("no_principal")
    if who.unit is None:
        return Allowed(Basis.PRINCIPAL)
    return Allowed(Basis.UNIT) if whom.unit == who.unit else Denied("other_unit")


def _in_own_unit(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own unit, or a grant"""
    if who.unit is not None and whom.unit == who.unit:
        return Allowed(Basis.UNIT)
    return Allowed(Basis.GRANT) if held(who, whom, grants, at, Right.SEE) else Denied("other_unit")


def _for_a_case(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """open case in reach, or a grant"""
    if held(who, whom, grants, at, Right.SEE):
        return Allowed(Basis.GRANT)
    if isinstance(desk := _at_desk(who, whom, grants, at), Denied):
        return desk
    purpose = whom.purpose
    return Allowed(Basis.OPEN_CASE) if purpose is not None and purpose.open else Denied("no_purpose")


def _has_the_case(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """as handler"""
    if whom.purpose is None or not whom.purpose.open:
        return Denied("no_purpose")
    return Allowed(Basis.ROLE) if whom.handler == who.person else Denied("not_handler")


def _as_handler(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """as handler, with a grant"""
    if whom.purpose is None or not whom.purpose.open:
        return Denied("no_purpose")
    if whom.handler != who.person:
        return Denied("not_handler")
    return Allowed(Basis.GRANT) if held(who, whom, grants, at, Right.OPEN, Right.SEE_CODE) else Denied("no_grant")


def _with_a_key(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """a grant to open, for its open purpose"""
    purpose = whom.purpose
    if purpose is None or not purpose.open:
        return Denied("no_purpose")
    meant = [grant for grant in grants if grant.purpose == purpose.id]
    return Allowed(Basis.GRANT) if held(who, whom, meant, at, Right.OPEN) else Denied("no_grant")


def _sees_for_a_purpose(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """a grant to see, for an open case"""
    if whom.purpose is None or not whom.purpose.open:
        return Denied("no_purpose")
    return Allowed(Basis.GRANT) if held(who, whom, grants, at, Right.SEE) else Denied("no_grant")


def _on_own_page(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own visits"""
    # The page shows only visits that were started with a right, each checked when it was.
    return Allowed(Basis.SELF if who.device is not None else Basis.ROLE)


def _calls_in_own_unit(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own unit, or a grant to call"""
    if whom.purpose is None and who.unit is not None and whom.unit == who.unit:
        return Allowed(Basis.UNIT)
    return Allowed(Basis.GRANT) if _called_for(who, whom, grants, at) else Denied("other_unit")


def _calls_in_own_place(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own unit or principal"""
    if whom.purpose is not None:
        return Allowed(Basis.GRANT) if _called_for(who, whom, grants, at) else Denied("no_grant")
    return _in_own_place(who, whom, grants, at)


def _calls_for_a_case(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """a grant to call, for its purpose"""
    if whom.purpose is None:
        return Denied("no_purpose")
    return Allowed(Basis.GRANT) if _called_for(who, whom, grants, at) else Denied("no_grant")


def _called_for(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> bool:
    """Whether a grant to call is held, for this very purpose when there is one."""
    meant = [grant for grant in grants if whom.purpose is None or grant.purpose == whom.purpose.id]
    return held(who, whom, meant, at, Right.CALL)


def _by_caller(rule: Rule, text: str) -> Rule:
    """The caller of a visit, whose right to call still holds."""

    def calling(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
        return rule(who, whom, grants, at) if whom.handler == who.person else Denied("not_caller")

    calling.__doc__ = text
    return calling


def _own_visit(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """as caller"""
    # Hanging up needs no right that could have ended meanwhile.
    return Allowed(Basis.ROLE) if whom.handler == who.person else Denied("not_caller")


def _own_or(rule: Rule, text: str) -> Rule:
    """What one called oneself, and what the rule allows."""

    def own_or(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
        return Allowed(Basis.ROLE) if whom.handler == who.person else rule(who, whom, grants, at)

    own_or.__doc__ = text
    return own_or


def _own_missions(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own and own unit's"""
    # A list: what is on it was chosen by who one is.
    return Allowed(Basis.ROLE)


def _sent_to(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """sent to one, or to one's unit"""
    if whom.handler == who.person:
        return Allowed(Basis.ROLE)
    return Allowed(Basis.UNIT) if who.unit is not None and whom.unit == who.unit else Denied("other_unit")


def _with(scope: Scope) -> dict[str, Rule]:
    """Another system, which was given that scope."""

    def scoped(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
        return Allowed(Basis.SCOPE) if scope in who.scopes else Denied("scope")

    scoped.__doc__ = f"scope {scope}"
    return {CLIENT: scoped}


def _staff(worker: Rule, planner: Rule, desk: Rule) -> dict[str, Rule]:
    return {**_desk(desk), Role.WORKER: worker, Role.PLANNER: planner}


def _desk(rule: Rule) -> dict[str, Rule]:
    return {Role.OPERATOR: rule, Role.SUPERVISOR: rule}


def _office() -> dict[str, Rule]:
    return dict.fromkeys((Role.INSTALLER, Role.PLANNER, Role.ADMINISTRATOR), _in_own_principal)


def _known_to_care() -> dict[str, Rule]:
    own: dict[str, Rule] = {
        Role.WORKER: _in_own_unit,
        Role.PLANNER: _in_own_place,
        Role.ADMINISTRATOR: _in_whole_principal,
    }
    return {**_desk(_for_a_case), **own}


def _planned_by_care() -> dict[str, Rule]:
    return {Role.PLANNER: _in_own_place, Role.ADMINISTRATOR: _in_whole_principal}


def _fitters() -> dict[str, Rule]:
    return dict.fromkeys((Role.INSTALLER, Role.ADMINISTRATOR), _in_own_principal)


# These may be asked without naming a principal: a page, or a list that shows only what is in reach.
AT_LARGE = frozenset(
    {
        Act.SESSION_OPEN,
        Act.DESK_OPEN,
        Act.CASE_LIST,
        Act.DEVICE_LIST,
        Act.LOCK_LIST,
        Act.ACCESS_LOG_READ,
        Act.VISIT_LIST,
        Act.MEET_OPEN,
        Act.BOARD_READ,
        Act.STATISTICS_READ,
        Act.WATCHDOG_READ,
        Act.MISSION_LIST,
        Act.SHIFT_NOTE_READ,
        Act.SHIFT_NOTE_WRITE,
        Act.PUBLIC,
    },
)

# These reach nobody's cases too.
ON_CASES = frozenset(
    {Act.CASE_LIST, Act.CASE_READ, Act.CASE_ACT, Act.CASE_TAKE_OVER, Act.HANDOVER_112, Act.POSITION_READ}
)

RULES: Mapping[Act, Mapping[str, Rule]] = {
    Act.PUBLIC: {},
    Act.SESSION_OPEN: {**dict.fromkeys((role.value for role in Role), _always), DEVICE: _always},
    Act.DESK_OPEN: _desk(_at_desk),
    Act.CASE_LIST: {**_desk(_at_desk), **_with(Scope.CASES_READ)},
    Act.CASE_READ: {**_desk(_at_desk), **_with(Scope.CASES_READ)},
    Act.CASE_ACT: _desk(_at_desk),
    Act.CASE_TAKE_OVER: {Role.SUPERVISOR: _at_desk},
    Act.HANDOVER_112: _desk(_has_the_case),
    Act.NOTE_READ: {**_desk(_for_a_case), Role.WORKER: _in_own_unit, Role.PLANNER: _in_own_place},
    Act.NOTE_WRITE: {**_desk(_for_a_case), Role.WORKER: _in_own_unit, Role.PLANNER: _in_own_place},
    Act.SHIFT_NOTE_READ: _desk(_at_desk),
    Act.SHIFT_NOTE_WRITE: _desk(_at_desk),
    Act.RESIDENT_LIST: {Role.WORKER: _in_own_place, Role.PLANNER: _in_own_place},
    Act.RESIDENT_READ: {**_desk(_for_a_case), Role.WORKER: _in_own_unit, Role.PLANNER: _in_own_place},
    Act.DOOR_CODE_READ: {**_desk(_as_handler), Role.WORKER: _as_handler},
    Act.DEVICE_LIST: {**_desk(_at_desk), **_office()},
    Act.LOCK_LIST: {**_desk(_at_desk), **_office()},
    Act.LOCK_OPEN: {**_desk(_with_a_key), Role.WORKER: _with_a_key},
    Act.ACCESS_LOG_READ: {Role.REVIEWER: _in_own_principal, Role.ADMINISTRATOR: _in_own_principal},
    Act.DEVICE_EVENT: {DEVICE: _itself},
    Act.DEVICE_ADD: _fitters(),
    Act.DEVICE_READ: {**_desk(_at_desk), **_office()},
    Act.DEVICE_PAIR: _fitters(),
    Act.DEVICE_GO_LIVE: _fitters(),
    Act.DEVICE_RETURN: _fitters(),
    Act.DEVICE_RESTOCK: _fitters(),
    Act.HOME_OPEN: {DEVICE: _itself},
    Act.VISIT_START: _staff(_calls_in_own_unit, _calls_in_own_place, _calls_for_a_case),
    Act.VISIT_LIST: _staff(_on_own_page, _on_own_page, _on_own_page),
    Act.VISIT_READ: {
        **_staff(
            _own_or(_in_own_unit, "own, and own unit's"),
            _own_or(_in_own_place, "own, and own place's"),
            _own_visit,
        ),
        DEVICE: _itself,
    },
    Act.VISIT_ANSWER: {DEVICE: _itself},
    Act.VISIT_JOIN: {
        **_staff(
            _by_caller(_calls_in_own_unit, "as caller, while the right holds"),
            _by_caller(_calls_in_own_place, "as caller, while the right holds"),
            _by_caller(_calls_for_a_case, "as caller, while the right holds"),
        ),
        DEVICE: _itself,
    },
    Act.VISIT_END: {**_staff(_own_visit, _own_visit, _own_visit), DEVICE: _itself},
    Act.ROUTING_READ: {Role.PLANNER: _in_whole_principal, Role.ADMINISTRATOR: _in_whole_principal},
    Act.ROUTING_WRITE: {Role.PLANNER: _in_whole_principal, Role.ADMINISTRATOR: _in_whole_principal},
    Act.ROUTING_PREVIEW: {
        Role.SUPERVISOR: _at_desk,
        Role.PLANNER: _in_whole_principal,
        Role.ADMINISTRATOR: _in_whole_principal,
    },
    Act.ACTION_STEPS_READ: {Role.PLANNER: _in_whole_principal, Role.ADMINISTRATOR: _in_whole_principal},
    Act.ACTION_STEPS_WRITE: {Role.PLANNER: _in_whole_principal, Role.ADMINISTRATOR: _in_whole_principal},
    Act.RESIDENT_STEPS_READ: {Role.PLANNER: _in_own_place},
    Act.RESIDENT_STEPS_WRITE: {Role.PLANNER: _in_own_place},
    Act.OUTAGE_CONTACT_READ: {Role.PLANNER: _in_whole_principal, Role.ADMINISTRATOR: _in_whole_principal},
    Act.OUTAGE_CONTACT_WRITE: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.MEET_OPEN: {**_staff(_on_own_page, _on_own_page, _on_own_page), DEVICE: _on_own_page},
    Act.BOARD_READ: _desk(_at_desk),
    Act.STATISTICS_READ: {Role.SUPERVISOR: _at_desk, Role.ADMINISTRATOR: _in_own_principal},
    Act.WATCHDOG_READ: {Role.SUPERVISOR: _at_desk},
    Act.MISSION_LIST: {**_desk(_at_desk), Role.WORKER: _own_missions},
    Act.MISSION_READ: {**_desk(_at_desk), Role.WORKER: _sent_to},
    Act.MISSION_ACT: {**_desk(_at_desk), Role.WORKER: _sent_to},
    Act.POSITION_READ: {**_desk(_for_a_case), Role.WORKER: _sees_for_a_purpose},
    Act.POSITION_ASK: {**_desk(_has_the_case), Role.WORKER: _sees_for_a_purpose},
    Act.CONSENT_READ: _known_to_care(),
    Act.CONSENT_WRITE: _planned_by_care(),
    Act.ZONE_READ: _known_to_care(),
    Act.ZONE_WRITE: _planned_by_care(),
    Act.DEVICE_COMMANDS: {DEVICE: _itself},
    Act.EVENT_READ: {Role.ADMINISTRATOR: _in_whole_principal, **_with(Scope.EVENTS_READ)},
    Act.SUBSCRIPTION_READ: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.SUBSCRIPTION_WRITE: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.RESERVE_READ: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.RESERVE_WRITE: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.CLIENT_READ: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.CLIENT_WRITE: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.INTEGRATION_READ: {Role.ADMINISTRATOR: _in_whole_principal},
    Act.INTEGRATION_WRITE: {Role.ADMINISTRATOR: _in_whole_principal},
}
