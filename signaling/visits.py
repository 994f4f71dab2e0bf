"""What people do with visits: start, ring, answer, decline, end, join; one transaction each, idempotent by id.

In the transaction: the command's id is claimed, the visit locked, access decided and logged, the visit's own machine
asked, and visit and entries written. A refusal is remembered under the id as well; whoever asks is told after the
commit, so that the log has what was tried.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.store import Store, insert
from kit.wire.visit import VisitOrder, VisitView
from kit.wire.words import Away, VisitEntryKind, VisitKind, VisitPart
from registry.access import Act, Denied, Purpose, Who, Whom
from registry.find import place_name, whom_of_resident
from registry.look import ask
from registry.publication import Product, is_published
from signaling import tables
from signaling.core import shapes
from signaling.core.shapes import Decision, Refused, Visit
from signaling.core.visit import decide, planned
from signaling.devices import holder_of, ringing_device
from signaling.journal import VISITS, Busy, add, live_visit, lock_visit, write
from signaling.nodes import choose_node
from signaling.presence import is_here
from signaling.views import shown, told

RACES = 3
"""How often a ring is begun again because another process rang the same resident first; the next look sees it."""


class No(Exception):
    """What was asked may not be. Raised within the transaction and answered after its commit."""

    def __init__(self, code: str, status: int = 409, **detail: str | None) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, status, **detail)


class Visits:
    """Carries out what people ask of visits."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self.store = store
        self._bus = bus
        self._clock = clock

    async def start(self, who: Who, order: VisitOrder) -> VisitView:
        """Ring a resident, or plan a visit. Raises Refusal (`busy`, `no_relay`, `not_published` …) and StorageDown."""

        async def work(connection: AsyncConnection, at: datetime, visit_id: str) -> None:
            await self._order(connection, who, order, visit_id, at)

        return await self._carry_out(who, order.command_id, None, work)

    async def ring(self, who: Who, visit_id: str, command_id: str | None) -> VisitView:
        """Ring for a visit that was planned. Raises Refusal and StorageDown."""

        async def work(connection: AsyncConnection, at: datetime, visit_id: str) -> None:
            visit = await self._asked(connection, who, Act.VISIT_START, visit_id, at)
            if visit.caller != who.person:
                raise No("not_caller", 403)
            await self._ring(connection, who, visit, at, new=False)

        return await self._carry_out(who, command_id, visit_id, work)

    async def answer(self, who: Who, visit_id: str, command_id: str | None) -> VisitView:
        """A device answers; the first one wins, others are refused `answered_elsewhere`."""

        async def work(connection: AsyncConnection, at: datetime, visit_id: str) -> None:
            visit = await self._asked(connection, who, Act.VISIT_ANSWER, visit_id, at)
            away = None if await is_here(connection, holder_of(who)) else Away.CONNECTION_LOST
            event = shapes.Answer(who.person, new_id("participant", at), away)
            await self._let(connection, visit, event, at)

        return await self._carry_out(who, command_id, visit_id, work)

    async def decline(self, who: Who, visit_id: str, command_id: str | None) -> VisitView:
        """Somebody at home says "not now"."""

        async def work(connection: AsyncConnection, at: datetime, visit_id: str) -> None:
            visit = await self._asked(connection, who, Act.VISIT_ANSWER, visit_id, at)
            await self._let(connection, visit, shapes.Decline(who.person), at)

        return await self._carry_out(who, command_id, visit_id, work)

    async def end(self, who: Who, visit_id: str, command_id: str | None) -> VisitView:
        """Hang up, or take a visit back before it is answered. What has ended already is done."""

        async def work(connection: AsyncConnection, at: datetime, visit_id: str) -> None:
            visit = await self._asked(connection, who, Act.VISIT_END, visit_id, at)
            await self._let(connection, visit, shapes.HangUp(holder_of(who)), at)

        return await self._carry_out(who, command_id, visit_id, work)

    async def note(self, who: Who, visit_id: str, event: shapes.Seen | shapes.Report) -> None:
        """What a page reports by itself; what does not fit the visit as it stands is passed over."""
        at = self._clock.now()
        async with self.store.write() as connection:
            visit = await lock_visit(connection, visit_id)
            if visit is None or not await _concerns(connection, who, visit):
                return
            decision = decide(visit, event, at)
            if isinstance(decision, Refused) or not decision.changed:
                return
            await write(connection, visit, decision, at)
        await self._bus.notify(VISITS)

    async def end_without_right(self, visit_id: str) -> None:
        """The caller's right to call is no more: the visit ends."""
        at = self._clock.now()
        async with self.store.write() as connection:
            visit = await lock_visit(connection, visit_id)
            decision = decide(visit, shapes.RightEnded(), at) if visit else None
            if visit is not None and isinstance(decision, Decision):
                await write(connection, visit, decision, at)
        await self._bus.notify(VISITS)

    async def _carry_out(
        self,
        who: Who,
        command_id: str | None,
        visit_id: str | None,
        work: Callable[[AsyncConnection, datetime, str], Awaitable[None]],
    ) -> VisitView:
        for _ in range(RACES):
            try:
                return await self._once(who, command_id, visit_id, work)
            except (Busy, IntegrityError):
                continue
        raise Refusal("busy")

    async def _once(
        self,
        who: Who,
        command_id: str | None,
        visit_id: str | None,
        work: Callable[[AsyncConnection, datetime, str], Awaitable[None]],
    ) -> VisitView:
        at = self._clock.now()
        visit_id = visit_id or new_id("visit", at)
        key = f"{holder_of(who)}:{command_id}" if command_id is not None else None
        view, no = None, None
        async with self.store.write() as connection:
            earlier = await _claim(connection, key, visit_id, at) if key is not None else None
            try:
                if earlier is None:
                    await work(connection, at, visit_id)
                elif earlier[1] is not None:
                    raise No(earlier[1], 404 if earlier[1] == "not_found" else 409)
                else:
                    visit_id = earlier[0]
                view = await _view(connection, visit_id, holder_of(who))
            except No as error:
                no = error.refusal
                if key is not None and earlier is None:
                    await _remember(connection, key, no.code)
        await self._bus.notify(VISITS)
        if no is not None:
            raise no
        assert view is not None
        return view

    async def _order(
        self, connection: AsyncConnection, who: Who, order: VisitOrder, visit_id: str, at: datetime
    ) -> None:
        found = await whom_of_resident(connection, order.resident)
        purpose = Purpose("case", order.case, open=True) if order.case is not None else None
        whom = replace(found, handler=who.person, purpose=purpose)
        answer = await ask(connection, who, Act.VISIT_START, whom, at=at, subject=visit_id)
        if isinstance(answer, Denied):
            raise No(answer.code, 404 if answer.hidden else 403)
        if (order.kind is VisitKind.ALARM) != (order.case is not None):
            raise No("case_missing" if order.case is None else "case_unwanted", 422)
        assert found.principal is not None, "whom nobody knows is hidden from everybody"
        assert found.unit is not None
        assert found.home is not None
        visit = planned(
            visit_id,
            kind=order.kind,
            principal=found.principal,
            unit=found.unit,
            resident=order.resident,
            home=found.home,
            caller=who.person,
            caller_place=await place_name(connection, who),
            legal_basis=order.legal_basis,
            decision=order.decision,
            planned_at=order.planned_at or at,
            case=order.case,
        )
        if order.planned_at is None:
            await self._ring(connection, who, visit, at, new=True)
            return
        if order.planned_at <= at:
            raise No("planned_in_the_past", 422)
        await _insist_published(connection, visit, at)
        entry = shapes.Entry(VisitEntryKind.PLANNED, at, VisitPart.CALLER)
        await add(connection, Decision(visit, (entry,)), at)

    async def _ring(self, connection: AsyncConnection, who: Who, visit: Visit, at: datetime, *, new: bool) -> None:
        await _insist_published(connection, visit, at)
        other = await live_visit(connection, visit.resident)
        if other is not None and other.id != visit.id:
            raise No("busy", visit=other.id if other.caller == who.person else None)
        node = await choose_node(connection, at, visit.node)
        if node is None:
            raise No("no_relay", 503)
        away = None if await is_here(connection, holder_of(who)) else Away.CONNECTION_LOST
        decision = decide(replace(visit, node=node), shapes.Ring(new_id("participant", at), away), at)
        if isinstance(decision, Refused):
            raise No(decision.code)
        if new:
            await add(connection, decision, at)
        elif decision.changed:
            await write(connection, visit, decision, at)

    async def _asked(self, connection: AsyncConnection, who: Who, act: Act, visit_id: str, at: datetime) -> Visit:
        """The visit, locked, when the asker may do this to it; logged either way."""
        visit = await lock_visit(connection, visit_id)
        whom = await whom_of_visit(connection, who, visit)
        answer = await ask(connection, who, act, whom, at=at, subject=visit_id)
        if isinstance(answer, Denied):
            raise No(answer.code, 404 if answer.hidden else 403)
        assert visit is not None  # what does not exist is hidden from everybody
        return visit

    async def _let(self, connection: AsyncConnection, visit: Visit, event: shapes.Event, at: datetime) -> None:
        decision = decide(visit, event, at)
        if isinstance(decision, Refused):
            raise No(decision.code, outcome=visit.outcome)
        if decision.changed:
            await write(connection, visit, decision, at)


async def whom_of_visit(connection: AsyncConnection, who: Who, visit: Visit | None) -> Whom:
    """A visit as the access decision wants it; empty when there is none, or none that rings at the asker's device.

    `handler` is the caller. A visit that has been answered is the answering device's alone, save for its learning that
    another was first.
    """
    if visit is None:
        return Whom()
    device = None
    if who.device is not None:
        found = await ringing_device(connection, who.device)
        if found is not None and found.rings_for(visit.resident, visit.home):
            device = found.id
    return Whom(
        principal=visit.principal,
        unit=visit.unit,
        resident=visit.resident,
        home=visit.home,
        handler=visit.caller,
        purpose=Purpose("case", visit.case, open=True) if visit.case is not None else None,
        device=device,
    )


async def _concerns(connection: AsyncConnection, who: Who, visit: Visit) -> bool:
    if visit.held_by(holder_of(who)) is not None:
        return True
    return who.device is not None and (await whom_of_visit(connection, who, visit)).device == who.device


async def _insist_published(connection: AsyncConnection, visit: Visit, at: datetime) -> None:
    if not await is_published(connection, visit.principal, Product.VISITS, at):
        raise No("not_published", 403)


async def _view(connection: AsyncConnection, visit_id: str, holder: str) -> VisitView:
    visit = await lock_visit(connection, visit_id)
    assert visit is not None
    [one] = await told(connection, [visit])
    return shown(one, holder)


async def _claim(connection: AsyncConnection, key: str, visit_id: str, at: datetime) -> tuple[str, str | None] | None:
    """None when the command is new and now claimed; else the visit and the refusal's code it had."""
    statement = insert(connection, tables.command).on_conflict_do_nothing(index_elements=["id"])
    row = {"id": key, "visit": visit_id, "at": at, "code": None}
    if (await connection.execute(statement.returning(tables.command.c.id), row)).first() is not None:
        return None
    query = select(tables.command.c.visit, tables.command.c.code).where(tables.command.c.id == key)
    earlier = (await connection.execute(query)).one()
    return earlier[0], earlier[1]


async def _remember(connection: AsyncConnection, key: str, code: str) -> None:
    await connection.execute(update(tables.command).where(tables.command.c.id == key).values(code=code))
