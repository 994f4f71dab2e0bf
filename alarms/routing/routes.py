"""Routes, plans and rotas over HTTP, for a principal's planners and administrators; the preview for its desks too."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import Table, select

from alarms.core.calendar import PLACE, moment
from alarms.core.rota import who_is_on
from alarms.routing import tables
from alarms.routing.documents import rota_of
from alarms.routing.ical import calendar
from alarms.routing.keep import put_plan, put_rota, put_routing, remove_plan, remove_rota
from alarms.routing.reading import ROUTING, Reading, one_writer, stored
from alarms.routing.shown import foreseen, gaps_shown, moment_asked, rota_turns, stored_rota
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.params import Id, OptionalId
from kit.problem import PROBLEM_RESPONSES
from kit.store import Store
from kit.wire.routing import (
    PlanList,
    PlanView,
    PreviewView,
    PutPlan,
    PutRota,
    PutRouting,
    RotaGaps,
    RotaList,
    RotaView,
    RoutingView,
)
from kit.wire.words import CaseKind, Reason
from registry.access import Act, Allowed, Who, Whom
from registry.look import ask, insist
from registry.session_web import Sessions, asks

Seen = Annotated[int, Query(ge=1, le=2_000_000_000, description="The version that was seen.")]
Days = Annotated[int, Query(ge=1, le=92)]
CALENDAR_DAYS = 60


def routing_router(store: Store, bus: Bus, clock: Clock, sessions: Sessions, reading: Reading) -> APIRouter:  # noqa: PLR0915 - a list of routes
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["routing"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    async def changed() -> None:
        async with store.read() as connection:
            await reading.renew(connection)
        await bus.notify(ROUTING)

    @router.get("/routing", openapi_extra=asks(Act.ROUTING_READ))
    async def read_routing(who: Annotated[Who, asker]) -> RoutingView:
        """The principal's own routes."""
        async with store.write() as connection:
            answer = await ask(connection, who, Act.ROUTING_READ, Whom(who.principal), at=clock.now())
            row = await stored(connection, tables.routing, who.principal or "")
        insist(answer)
        nobody = {"version": 0, "changed_at": None, "changed_by": None}
        return RoutingView(**_flat(row) if row else {"principal": who.principal or "", **nobody})

    @router.put("/routing", openapi_extra=asks(Act.ROUTING_WRITE))
    async def write_routing(who: Annotated[Who, asker], body: PutRouting) -> RoutingView:
        """Store the principal's routes; 409 `changed_meanwhile` when they are not as they were seen."""
        at = clock.now()
        principal = await _may_write(store, who, at, "routing")
        async with store.write() as connection:
            await one_writer(connection)
            await reading.renew(connection)
            await put_routing(connection, who, principal, body, await reading.known(connection), at)
            row = await stored(connection, tables.routing, principal)
        await changed()
        assert row is not None
        return RoutingView(**_flat(row))

    @router.get("/routing/preview", openapi_extra=asks(Act.ROUTING_PREVIEW))
    async def preview_routing(
        who: Annotated[Who, asker],
        at: datetime,
        principal: OptionalId = None,
        kind: CaseKind = CaseKind.PERSON,
        reason: Reason = Reason.PRESSED,
    ) -> PreviewView:
        """What would happen to this alarm then: of one's own principal where none is named.

        `at` without a zone is Swedish wall time.
        """
        principal = principal or who.principal
        when = moment_asked(at, "query.at")
        async with store.write() as connection:
            answer = await ask(connection, who, Act.ROUTING_PREVIEW, Whom(principal), at=clock.now())
            seen = None
            if isinstance(answer, Allowed) and principal is not None:
                known = await reading.known(connection)
                seen = await foreseen(connection, known, principal, kind, reason, when)
        insist(answer)
        assert seen is not None
        return seen

    @router.get("/plans", openapi_extra=asks(Act.ROUTING_READ))
    async def list_plans(who: Annotated[Who, asker]) -> PlanList:
        """The principal's escalation plans, by id."""
        rows = await _own(store, who, tables.escalation_plan, clock.now())
        return PlanList(items=[PlanView(**_flat(row)) for row in rows])

    @router.get("/plans/{plan}", openapi_extra=asks(Act.ROUTING_READ))
    async def read_plan(who: Annotated[Who, asker], plan: Id) -> PlanView:
        """One plan."""
        return PlanView(**_flat(await _one(store, who, tables.escalation_plan, plan, clock.now())))

    @router.put("/plans/{plan}", openapi_extra=asks(Act.ROUTING_WRITE))
    async def write_plan(who: Annotated[Who, asker], plan: Id, body: PutPlan) -> PlanView:
        """Store a plan; cases that run go on by the one they began with."""
        at = clock.now()
        principal = await _may_write(store, who, at, plan, tables.escalation_plan)
        async with store.write() as connection:
            await one_writer(connection)
            await reading.renew(connection)
            await put_plan(connection, who, principal, plan, body, await reading.known(connection), at)
            row = await stored(connection, tables.escalation_plan, plan)
        await changed()
        assert row is not None
        return PlanView(**_flat(row))

    @router.delete("/plans/{plan}", status_code=204, openapi_extra=asks(Act.ROUTING_WRITE))
    async def delete_plan(who: Annotated[Who, asker], plan: Id, version: Seen) -> None:
        """Remove a plan that no route names; cases that run go on by the one they began with."""
        principal = await _may_write(store, who, clock.now(), plan, tables.escalation_plan)
        async with store.write() as connection:
            await one_writer(connection)
            await reading.renew(connection)
            await remove_plan(connection, principal, plan, version, await reading.known(connection))
        await changed()

    @router.get("/rotas", openapi_extra=asks(Act.ROUTING_READ))
    async def list_rotas(who: Annotated[Who, asker]) -> RotaList:
        """The principal's rotas, by id, each with who is on now."""
        at = clock.now()
        rows = await _own(store, who, tables.rota, at)
        return RotaList(items=[_rota_view(row, at) for row in rows])

    @router.get("/rotas/{rota}.ics", openapi_extra=asks(Act.ROUTING_READ), response_class=Response)
    async def read_calendar(who: Annotated[Who, asker], rota: Id) -> Response:
        """The coming two months of a rota as iCalendar."""
        at = clock.now()
        row = await _one(store, who, tables.rota, rota, at)
        since = moment(datetime.combine(at.astimezone(PLACE).date(), datetime.min.time()))
        async with store.read() as connection:
            name, found, names = await rota_turns(connection, row, since, since + timedelta(days=CALENDAR_DAYS))
        text = calendar(rota, name, found, names, row["changed_at"])
        return Response(text, media_type="text/calendar; charset=utf-8")

    @router.get("/rotas/{rota}", openapi_extra=asks(Act.ROUTING_READ))
    async def read_rota(who: Annotated[Who, asker], rota: Id) -> RotaView:
        """One rota, with who is on now."""
        at = clock.now()
        return _rota_view(await _one(store, who, tables.rota, rota, at), at)

    @router.put("/rotas/{rota}", openapi_extra=asks(Act.ROUTING_WRITE))
    async def write_rota(who: Annotated[Who, asker], rota: Id, body: PutRota) -> RotaView:
        """Store a rota."""
        at = clock.now()
        principal = await _may_write(store, who, at, rota, tables.rota)
        async with store.write() as connection:
            await one_writer(connection)
            await put_rota(connection, who, principal, rota, body, at)
            row = await stored(connection, tables.rota, rota)
        await changed()
        assert row is not None
        return _rota_view(row, at)

    @router.delete("/rotas/{rota}", status_code=204, openapi_extra=asks(Act.ROUTING_WRITE))
    async def delete_rota(who: Annotated[Who, asker], rota: Id, version: Seen) -> None:
        """Remove a rota that no plan names."""
        principal = await _may_write(store, who, clock.now(), rota, tables.rota)
        async with store.write() as connection:
            await one_writer(connection)
            await reading.renew(connection)
            await remove_rota(connection, principal, rota, version, await reading.known(connection))
        await changed()

    @router.get("/rotas/{rota}/gaps", openapi_extra=asks(Act.ROUTING_READ))
    async def read_gaps(who: Annotated[Who, asker], rota: Id, days: Days = 14) -> RotaGaps:
        """When nobody can be reached within the coming days."""
        at = clock.now()
        row = await _one(store, who, tables.rota, rota, at)
        async with store.read() as connection:
            items = await gaps_shown(connection, stored_rota(row), row["principal"], at, at + timedelta(days=days))
        return RotaGaps(rota=rota, days=days, items=items)

    return router


def _flat(row: Any) -> dict[str, Any]:
    """A stored row as its view: the document's own fields beside its key and version."""
    return {**row["body"], **{name: value for name, value in row.items() if name != "body"}}


def _rota_view(row: Any, at: datetime) -> RotaView:
    view = RotaView(**_flat(row), on_now=None)
    return view.model_copy(update={"on_now": who_is_on(rota_of(view, view.id, view.version), at)})


async def _may_write(store: Store, who: Who, at: datetime, subject: str, table: Table | None = None) -> str:
    """The principal to write in. Raises Refusal; what is another principal's is not there, and the try is logged."""
    async with store.write() as connection:
        row = await stored(connection, table, subject) if table is not None else None
        principal = row["principal"] if row else who.principal
        answer = await ask(connection, who, Act.ROUTING_WRITE, Whom(principal), at=at, subject=subject)
    insist(answer)
    assert principal is not None
    return str(principal)


async def _own(store: Store, who: Who, table: Table, at: datetime) -> list[Any]:
    async with store.write() as connection:
        answer = await ask(connection, who, Act.ROUTING_READ, Whom(who.principal), at=at, subject=table.name)
        query = select(table).where(table.c.principal == who.principal).order_by(table.c.id)
        rows = list((await connection.execute(query)).mappings())
    insist(answer)
    return rows


async def _one(store: Store, who: Who, table: Table, key: str, at: datetime) -> Any:
    """A row that the asker may read. Raises Refusal; what is another principal's is not there."""
    async with store.write() as connection:
        row = await stored(connection, table, key)
        whom = Whom(row["principal"]) if row else Whom()
        answer = await ask(connection, who, Act.ROUTING_READ, whom, at=at, subject=key)
    insist(answer)
    if row is None:
        raise Refusal("not_found", 404)
    return row
