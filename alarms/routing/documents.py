"""From what planners write to what cores decide with."""

from collections.abc import Sequence

from alarms.core.calendar import USUAL_HOLIDAYS, Hours
from alarms.core.plan import Plan, PlanStep
from alarms.core.rota import Layer, Override, Rota, Swap
from alarms.core.routing import Overflow, Routing, Rule
from kit.wire.routing import HoursBody, PlanBody, RotaBody, RoutingBody
from kit.wire.routing_words import SwedishDay
from registry.access import Span


def plan_of(body: PlanBody, plan_id: str, version: int) -> Plan:
    """A plan; whether it may be stored is `core.plan.faults`' to say."""
    steps = tuple(
        PlanStep(
            one.id,
            one.act,
            one.wait,
            one.urgent_wait,
            one.role,
            one.unit,
            one.rota,
            tuple((each.person, each.wait) for each in one.persons),
            one.desk,
            one.again,
            one.times,
        )
        for one in body.steps
    )
    return Plan(plan_id, version, steps)


def routing_of(body: RoutingBody, principal: str, version: int) -> Routing:
    """A principal's routes."""
    rules = tuple(
        Rule(one.id, frozenset(one.kinds), frozenset(one.reasons), hours_of(one.hours), tuple(one.desks), one.plan)
        for one in body.rules
    )
    overflows = tuple(
        Overflow(
            Rule(one.id, frozenset(one.kinds), frozenset(one.reasons), (), tuple(one.desks), one.plan),
            Span(one.starts_at, one.ends_at),
        )
        for one in body.overflows
    )
    return Routing(principal, version, rules, overflows, _held(body.holidays))


def rota_of(body: RotaBody, rota_id: str, version: int) -> Rota:
    """A rota; whether it may be stored is `core.rota.rota_faults`' to say."""
    layers = tuple(
        Layer(one.id, tuple(one.persons), one.starts, _minutes(one.handover), one.shift_hours, hours_of(one.hours))
        for one in body.layers
    )
    overrides = tuple(Override(one.id, one.person, Span(one.starts_at, one.ends_at)) for one in body.overrides)
    swaps = tuple(
        Swap(one.id, (one.persons[0], one.persons[1]), Span(one.starts_at, one.ends_at)) for one in body.swaps
    )
    return Rota(rota_id, version, body.name, layers, overrides, swaps, _held(body.holidays))


def hours_of(some: Sequence[HoursBody]) -> tuple[Hours, ...]:
    """Hours as they are written, as the calendar reads them."""
    return tuple(Hours(frozenset(one.days), _minutes(one.starts), _minutes(one.ends)) for one in some)


def _minutes(shown: str) -> int:
    hours, minutes = shown.split(":")
    return int(hours) * 60 + int(minutes)


def _held(holidays: Sequence[SwedishDay] | None) -> frozenset[SwedishDay]:
    return USUAL_HOLIDAYS if holidays is None else frozenset(holidays)
