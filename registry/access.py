"""Who may do what for whom: one pure decision, asked by every route.

A role never opens everything: an operator reaches the principals that the central has agreements with now, staff reach
their own unit or principal, a device reaches itself. What is out of reach does not exist for the one who asks (404),
and the attempt is logged.

`decide` first asks the wall (is this principal in reach at all?), then the one rule that `RULES` has for this act and
this part. What is not in the table may not happen. The table in README.md is drawn from `RULES`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kit.wire.words import Role


class Act(StrEnum):
    """What a route does, in the access log's words."""

    SESSION_OPEN = "session.open"
    DESK_OPEN = "desk.open"
    CASE_LIST = "case.list"
    CASE_READ = "case.read"
    CASE_ACT = "case.act"
    CASE_TAKE_OVER = "case.take_over"
    RESIDENT_READ = "resident.read"
    DOOR_CODE_READ = "door_code.read"
    DEVICE_LIST = "device.list"
    ACCESS_LOG_READ = "access_log.read"
    DEVICE_EVENT = "device.event"
    HOME_OPEN = "home.open"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Span:
    """From when, until when; `ends_at` none is open-ended."""

    starts_at: datetime
    ends_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the moment lies within."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A central serves this principal for this span."""

    principal: str
    span: Span


@dataclass(frozen=True, slots=True)
class Who:
    """A session: a person in a role, held in a unit, a principal or a central; or a resident's device."""

    person: str
    name: str
    role: Role | None
    unit: str | None
    principal: str | None
    central: str | None
    span: Span
    agreements: tuple[Agreement, ...] = ()
    device: str | None = None


class Right(StrEnum):
    """What a grant gives, in the words of the grants table."""

    SEE = "see"
    SEE_CODE = "see_code"
    CALL = "call"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Grant:
    """`holder` may do what `rights` say for a resident, or for whoever lives in a home, for a purpose, for a span."""

    holder: str
    principal: str
    resident: str | None
    home: str | None
    rights: frozenset[Right]
    purpose: str
    span: Span


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody looks: `kind` and `id` of what they work on (a case), and whether that is still open."""

    kind: str
    id: str
    open: bool


@dataclass(frozen=True, slots=True)
class Whom:
    """What is asked about. Nothing filled in means that there is no such thing, or that a list is asked for.

    `handler` is the person who has the case in `purpose`. `device` is whose events, or whose page.
    """

    principal: str | None = None
    unit: str | None = None
    resident: str | None = None
    home: str | None = None
    handler: str | None = None
    purpose: Purpose | None = None
    device: str | None = None


class Basis(StrEnum):
    """On what a yes rests; it goes into the access log."""

    ANYBODY = "anybody"
    SELF = "self"
    ROLE = "role"
    UNIT = "unit"
    PRINCIPAL = "principal"
    AGREEMENT = "agreement"
    OPEN_CASE = "open_case"
    GRANT = "grant"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    basis: Basis


@dataclass(frozen=True, slots=True)
class Denied:
    """No. `hidden`: the asker learns only that there is no such thing (404); else that it may not be done (403)."""

    code: str
    hidden: bool = False


Decision = Allowed | Denied
HIDDEN = Denied("not_found", hidden=True)
DEVICE = "device"
Rule = Callable[[Who, Whom, Sequence[Grant], datetime], Decision]


def part_of(who: Who) -> str:
    """The column of the table: the role, or "device" for what acts as itself."""
    return DEVICE if who.role is None else who.role.value


def reach(who: Who, at: datetime) -> frozenset[str]:
    """The principals this session may have anything to do with: its own, or those its central serves at that moment."""
    if not who.span.holds(at):
        return frozenset()
    if who.central is not None:
        return frozenset(agreement.principal for agreement in who.agreements if agreement.span.holds(at))
    return frozenset() if who.principal is None else frozenset({who.principal})


def decide(who: Who, what: Act, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """Whether `who` may do `what` about `whom` at that moment. `grants` are the asker's; others are passed over."""
    if what is Act.PUBLIC:
        return Allowed(Basis.ANYBODY)
    if not who.span.holds(at):
        return Denied("session_ended")
    about_somebody = what not in AT_LARGE
    if whom.principal is None and about_somebody:
        return HIDDEN
    if whom.principal is not None and whom.principal not in reach(who, at):
        return HIDDEN
    rule = RULES[what].get(part_of(who))
    return Denied("wrong_role") if rule is None else rule(who, whom, grants, at)


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
    )


def _covers(grant: Grant, whom: Whom) -> bool:
    if grant.resident is not None:
        return grant.resident == whom.resident
    return grant.home is not None and grant.home == whom.home


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
    return Allowed(Basis.AGREEMENT if who.central is not None else Basis.PRINCIPAL)


def _in_own_principal(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """own principal"""
    return Allowed(Basis.PRINCIPAL) if who.principal is not None else Denied("no_principal")


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


def _as_handler(who: Who, whom: Whom, grants: Sequence[Grant], at: datetime) -> Decision:
    """as handler, with a grant"""
    if whom.purpose is None or not whom.purpose.open:
        return Denied("no_purpose")
    if whom.handler != who.person:
        return Denied("not_handler")
    return Allowed(Basis.GRANT) if held(who, whom, grants, at, Right.OPEN, Right.SEE_CODE) else Denied("no_grant")


def _desk(rule: Rule) -> dict[str, Rule]:
    return {Role.OPERATOR: rule, Role.SUPERVISOR: rule}


# These may be asked without naming a principal: a page, or a list that shows only what is in reach.
AT_LARGE = frozenset(
    {Act.SESSION_OPEN, Act.DESK_OPEN, Act.CASE_LIST, Act.DEVICE_LIST, Act.ACCESS_LOG_READ, Act.PUBLIC},
)

RULES: Mapping[Act, Mapping[str, Rule]] = {
    Act.PUBLIC: {},
    Act.SESSION_OPEN: {**dict.fromkeys((role.value for role in Role), _always), DEVICE: _always},
    Act.DESK_OPEN: _desk(_at_desk),
    Act.CASE_LIST: _desk(_at_desk),
    Act.CASE_READ: _desk(_at_desk),
    Act.CASE_ACT: _desk(_at_desk),
    Act.CASE_TAKE_OVER: {Role.SUPERVISOR: _at_desk},
    Act.RESIDENT_READ: {**_desk(_for_a_case), Role.WORKER: _in_own_unit, Role.PLANNER: _in_own_place},
    Act.DOOR_CODE_READ: _desk(_as_handler),
    Act.DEVICE_LIST: {
        **_desk(_at_desk),
        Role.INSTALLER: _in_own_principal,
        Role.PLANNER: _in_own_principal,
        Role.ADMINISTRATOR: _in_own_principal,
    },
    Act.ACCESS_LOG_READ: {Role.REVIEWER: _in_own_principal, Role.ADMINISTRATOR: _in_own_principal},
    Act.DEVICE_EVENT: {DEVICE: _itself},
    Act.HOME_OPEN: {DEVICE: _itself},
}
