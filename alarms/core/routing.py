"""Which desks answer a new case, in which order, and by which plan: a principal's rules, read at one moment.

The first rule that is meant for the case decides, and before all rules a temporary overflow. A desk without a running
agreement is no desk. A route that leads nowhere leads to everybody who serves the principal, and says so: nothing may
ever hide a case (domain.md, semantics 6 and 19).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from alarms.core.calendar import USUAL_HOLIDAYS, Hours, covers, wall
from alarms.core.plan import DEFAULTS, Frozen, Plan, freeze
from alarms.core.rota import Rota
from kit.wire.routing_words import RouteFailed, SwedishDay
from kit.wire.words import CaseKind, Reason
from registry.asking import Agreement, Span


@dataclass(frozen=True, slots=True)
class Rule:
    """Who answers what, when. Empty `kinds`, `reasons`, `hours`: all of them. Empty `desks`: every one that serves."""

    id: str
    kinds: frozenset[CaseKind] = frozenset()
    reasons: frozenset[Reason] = frozenset()
    hours: tuple[Hours, ...] = ()
    desks: tuple[str, ...] = ()
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Overflow:
    """A rule before all others, from one moment until another."""

    rule: Rule
    span: Span


@dataclass(frozen=True, slots=True)
class Routing:
    """All that a principal has said about where its cases go."""

    principal: str
    version: int
    rules: tuple[Rule, ...] = ()
    overflows: tuple[Overflow, ...] = ()
    holidays: frozenset[SwedishDay] = USUAL_HOLIDAYS


@dataclass(frozen=True, slots=True)
class Known:
    """Everything stored that routes are read from, as of one reading. `agreements`: what each central serves."""

    routings: Mapping[str, Routing] = field(default_factory=dict)
    plans: Mapping[str, tuple[str, Plan]] = field(default_factory=dict)
    rotas: Mapping[str, tuple[str, Rota]] = field(default_factory=dict)
    agreements: Mapping[str, tuple[Agreement, ...]] = field(default_factory=dict)

    def plan(self, principal: str, plan_id: str) -> Plan | None:
        """That principal's plan of this id."""
        owner, plan = self.plans.get(plan_id, (None, None))
        return plan if owner == principal else None

    def rota(self, principal: str, rota_id: str) -> Rota | None:
        """That principal's rota of this id."""
        owner, rota = self.rotas.get(rota_id, (None, None))
        return rota if owner == principal else None

    def serves(self, desk: str, principal: str, at: datetime) -> bool:
        """Whether that central serves the principal then, through an agreement; its own desk always does."""
        if desk == principal:
            return True
        return any(one.principal == principal and one.span.holds(at) for one in self.agreements.get(desk, ()))


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a new case goes: `desks` in order, none for every one that serves; with which plan, by which rule.

    `failed` says what could not be followed.
    """

    desks: tuple[str, ...]
    plan: Plan
    rule: str | None
    failed: tuple[RouteFailed, ...] = ()

    @property
    def desk(self) -> str | None:
        """The desk that has the case first."""
        return self.desks[0] if self.desks else None

    @property
    def frozen(self) -> Frozen:
        """The plan as the case carries it."""
        return _frozen(self.plan, self.desks)


_frozen = lru_cache(maxsize=1024)(freeze)


def route(known: Known, principal: str, kind: CaseKind, reason: Reason, at: datetime) -> Routed:
    """Where a case of that kind and reason goes that is raised at that moment."""
    routing = known.routings.get(principal)
    if routing is None:
        return Routed((), DEFAULTS[kind], None)
    rule = _meant(routing, kind, reason, at)
    if rule is None:
        return Routed((), DEFAULTS[kind], None, (RouteFailed.NO_RULE,))
    failed = []
    desks = tuple(desk for desk in rule.desks if known.serves(desk, principal, at))
    if rule.desks and not desks:
        failed.append(RouteFailed.NO_AGREEMENT)
    plan = DEFAULTS[kind]
    if rule.plan is not None:
        named = known.plan(principal, rule.plan)
        if named is None:
            failed.append(RouteFailed.PLAN_MISSING)
        else:
            plan = named
    return Routed(desks, plan, rule.id, tuple(failed))


def _meant(routing: Routing, kind: CaseKind, reason: Reason, at: datetime) -> Rule | None:
    for overflow in routing.overflows:
        if overflow.span.holds(at) and _is_for(overflow.rule, kind, reason):
            return overflow.rule
    shown = wall(at)
    for rule in routing.rules:
        held = routing.holidays
        if _is_for(rule, kind, reason) and (not rule.hours or any(covers(one, shown, held) for one in rule.hours)):
            return rule
    return None


def _is_for(rule: Rule, kind: CaseKind, reason: Reason) -> bool:
    return (not rule.kinds or kind in rule.kinds) and (not rule.reasons or reason in rule.reasons)


@dataclass(frozen=True, slots=True)
class RoutingFault:
    """Why routes cannot be stored: a stable code and the rule it is about."""

    code: str
    rule: str


def routing_faults(routing: Routing, known: Known, at: datetime) -> list[RoutingFault]:
    """What is wrong with routes that somebody wants to store; a desk must serve the principal, now or later."""
    rules = [*(overflow.rule for overflow in routing.overflows), *routing.rules]
    found = [RoutingFault("rule_twice", twice) for twice in _twice(rule.id for rule in rules)]
    for overflow in routing.overflows:
        if overflow.span.ends_at is None or overflow.span.ends_at <= overflow.span.starts_at:
            found.append(RoutingFault("overflow_ends", overflow.rule.id))
    for rule in rules:
        if any(not _may_serve(known, desk, routing.principal, at) for desk in rule.desks):
            found.append(RoutingFault("desk_unknown", rule.id))
        if rule.plan is not None and known.plan(routing.principal, rule.plan) is None:
            found.append(RoutingFault("plan_unknown", rule.id))
    return found


def _may_serve(known: Known, desk: str, principal: str, at: datetime) -> bool:
    ahead = (one for one in known.agreements.get(desk, ()) if one.principal == principal)
    return desk == principal or any(one.span.ends_at is None or one.span.ends_at > at for one in ahead)


def _twice(ids: Iterable[str]) -> Sequence[str]:
    seen: set[str] = set()
    return [one for one in ids if one in seen or seen.add(one)]  # type: ignore[func-returns-value]
