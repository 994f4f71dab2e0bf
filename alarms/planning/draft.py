"""What a draft would come to: the rules that a night follows, with the draft in place of what is stored. Nothing is
written."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.calendar import day_of, midnight, wall
from alarms.core.rota import Rota, Turn, turns, who_is_on
from alarms.core.routing import Known, Routing, route
from alarms.core.week import monday_of, week
from alarms.routing.documents import plan_of, rota_of, routing_of
from alarms.routing.keep import Wrong, plan_wrong, rota_wrong, routing_wrong
from alarms.routing.names import names_of
from alarms.routing.shown import foreseen, gaps_shown
from kit.wire.planning import Draft, DraftFault, DraftSeen, LayerTurns, RotaSeen, TurnView, WeekDay, WeekStretch
from kit.wire.routing import Named
from kit.wire.routing_words import Day
from registry.find import person_names

LOOK = timedelta(days=14)


async def seen(
    connection: AsyncConnection, known: Known, principal: str, draft: Draft, when: datetime, at: datetime
) -> DraftSeen:
    """The draft's faults, and how such an alarm would go at `when`. `at` is now: what it names must be there now."""
    wrong: list[Wrong] = []
    rota = plan = None
    if draft.rota is not None:
        rota = rota_of(draft.rota, draft.rota.id, 0)
        faults = await rota_wrong(connection, principal, rota)
        known = known if faults else replace(known, rotas={**known.rotas, rota.id: (principal, rota)})
        wrong += faults
        rota = None if any(fault.what == "what" for fault in faults) else rota
    if draft.plan is not None:
        plan = plan_of(draft.plan, draft.plan.id, 0)
        faults = await plan_wrong(connection, principal, plan, known, at)
        known = known if faults else replace(known, plans={**known.plans, plan.id: (principal, plan)})
        wrong += faults
        plan = None if faults else plan
    if draft.routing is not None:
        routing = routing_of(draft.routing, principal, 0)
        wrong += routing_wrong(routing, known, at)
        known = replace(known, routings={**known.routings, principal: routing})
    led_to = draft.plan is not None and route(known, principal, draft.kind, draft.reason, when).plan.id == draft.plan.id
    preview = None
    if draft.plan is None or plan is not None:
        preview = await foreseen(connection, known, principal, draft.kind, draft.reason, when, plan)
    return DraftSeen(
        faults=[DraftFault(code=one.code, about=one.about) for one in wrong],
        led_to=led_to,
        preview=preview,
        week=[] if draft.routing is None else await _week(connection, known, principal, draft, when),
        rota=None if rota is None else await _rota(connection, rota, principal, when, at),
    )


async def _week(
    connection: AsyncConnection, known: Known, principal: str, draft: Draft, when: datetime
) -> list[WeekDay]:
    held = known.routings.get(principal, Routing(principal, 0)).holidays
    days = week(known, principal, draft.kind, draft.reason, monday_of(when))
    names = await names_of(connection, {desk for _, some in days for one in some for desk in one.routed.desks})
    return [
        WeekDay(
            day=day,
            holiday=day_of(day, held) is Day.HOLIDAY,
            stretches=[
                WeekStretch(
                    starts=one.starts,
                    ends=one.ends,
                    desks=[Named(id=desk, name=names.get(desk, desk)) for desk in one.routed.desks],
                    rule=one.routed.rule,
                    plan=one.routed.plan.id,
                    failed=list(one.routed.failed),
                )
                for one in some
            ],
        )
        for day, some in days
    ]


async def _rota(connection: AsyncConnection, rota: Rota, principal: str, when: datetime, at: datetime) -> RotaSeen:
    since = midnight(wall(when).date())
    until = since + LOOK
    found = turns(rota, since, until)
    layers = [
        (layer.id, turns(replace(rota, layers=(layer,), overrides=(), swaps=()), since, until)) for layer in rota.layers
    ]
    on_now = who_is_on(rota, at)
    asked = {turn.person for some in (found, *(each for _, each in layers)) for turn in some if turn.person}
    names = await person_names(connection, asked | ({on_now} if on_now else set()))

    def shown(some: Iterable[Turn]) -> list[TurnView]:
        return [
            TurnView(starts_at=turn.starts_at, ends_at=turn.ends_at, person=_named(turn.person, names)) for turn in some
        ]

    return RotaSeen(
        starts_at=since,
        ends_at=until,
        on_now=_named(on_now, names),
        turns=shown(found),
        layers=[LayerTurns(layer=layer, turns=shown(some)) for layer, some in layers],
        gaps=await gaps_shown(connection, rota, principal, max(since, at), until),
    )


def _named(person: str | None, names: dict[str, str]) -> Named | None:
    return None if person is None else Named(id=person, name=names.get(person, person))
