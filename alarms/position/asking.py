"""Asking a device where it is: decided, logged, on the case's timeline and written down in one transaction.

The device fetches the question itself, or whoever hears the broker sends it (`sending`); what comes of it is on the
case, by what the device tells (`journal`) or by time (`timers`). One question at a time for each device: who asks
meanwhile gets the one that waits.
"""

from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.at_position import LocateAsked
from alarms.core.case import decide
from alarms.core.locate import Locate, ask, may_ask
from alarms.core.shapes import Case, Decision
from alarms.desk.commands import whom_of
from alarms.journal import FEED, Changed, lock_case, write
from alarms.position.sending import LOCATES
from alarms.position.tables import locate as table
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.metrics import counter
from kit.store import Store, insert
from kit.wire.position import AskWhere, LocateView
from kit.wire.position_words import LocateState
from registry.access import Act, Allowed, Who
from registry.access import Decision as Answer
from registry.access import decide as decide_access
from registry.consent import standing_consents
from registry.find import person_names
from registry.grants import grants_of
from registry.look import insist, write_access
from registry.trackers import trackers_of

asked_total = counter("locate_asked_total", "Questions to devices where they are", ["ground"])


class Asking:
    """Asks devices."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock

    async def ask(self, who: Who, case_id: str, body: AskWhere) -> LocateView:
        """Ask, or say why not. The same person's same command id asks nothing again. Raises Refusal, StorageDown."""
        at = self._clock.now()
        key = f"{who.person}:{body.command_id or new_id('command', at)}"
        async with self._store.write() as connection:
            case = await lock_case(connection, case_id)
            answer = decide_access(
                who, Act.POSITION_ASK, whom_of(case), await grants_of(connection, who.person, at), at
            )
            consent, code = None, None
            if case is not None and isinstance(answer, Allowed):
                residents = [case.resident] if case.resident else []
                consent = (await standing_consents(connection, residents)).get(case.resident or "")
                code = may_ask(case.kind, consented=consent is not None, urgent=body.urgent)
            await _log(connection, who, case, case_id, answer, body, consent, code, at)
            view = None
            if case is not None and isinstance(answer, Allowed) and code is None:
                view = await _ask(connection, who, case, body, consent, key, at)
        insist(answer)
        if view is None:
            raise Refusal(code or "device_not_askable")
        asked_total.labels(ground="urgent" if consent is None else "consent").inc()
        await self._bus.notify(FEED)
        await self._bus.notify(LOCATES)
        return view


async def _log(
    connection: AsyncConnection,
    who: Who,
    case: Case | None,
    case_id: str,
    answer: Answer,
    body: AskWhere,
    consent: str | None,
    code: str | None,
    at: datetime,
) -> None:
    """Who asked for whom, and on what ground: the consent's id, or that danger was stated, whose words the case has."""
    whom = whom_of(case)
    ground: dict[str, str | int | bool | None] = {"code": code}
    if not isinstance(answer, Allowed):
        ground = {"code": answer.code}
    elif code is None:
        ground = {"basis": answer.basis.value, "consent": consent, "urgent": consent is None and bool(body.urgent)}
    await write_access(
        connection,
        who,
        Act.POSITION_ASK,
        at=at,
        principal=whom.principal,
        resident=whom.resident,
        subject=body.device or case_id,
        purpose=f"case:{case_id}" if case else None,
        allowed=isinstance(answer, Allowed) and code is None,
        detail=ground,
    )


async def _ask(
    connection: AsyncConnection, who: Who, case: Case, body: AskWhere, consent: str | None, key: str, at: datetime
) -> LocateView | None:
    """The question, written down or already waiting; none when there is no such device to ask."""
    earlier = (await connection.execute(select(table).where(table.c.key == key))).mappings().one_or_none()
    if earlier is not None:
        return await locate_view(connection, earlier) if earlier["case"] == case.id else None
    trackers = await trackers_of(connection, case.resident)
    if body.device is not None:
        trackers = [one for one in trackers if one.id == body.device]
    if not trackers:
        return None
    device = trackers[0]
    locate = ask(new_id("locate", at), case.id, device.id, at)
    urgent = None if consent is not None else body.urgent
    row = _row(locate) | {
        "key": key,
        "waiting": device.id,
        "protocol": device.protocol,
        "principal": device.principal,
        "person": who.person,
        "consent": consent,
        "urgent": urgent,
    }
    statement = insert(connection, table).on_conflict_do_nothing(index_elements=["waiting"])
    if (await connection.execute(statement.returning(table.c.id), row)).first() is not None:
        decision = decide(case, LocateAsked(who.person, device.id, urgent), at)
        assert isinstance(decision, Decision)  # the case is open: its purpose was
        await write(connection, [Changed(decision.case, decision.entries)], at)
    waiting = select(table).where(table.c.waiting == device.id)
    return await locate_view(connection, (await connection.execute(waiting)).mappings().one())


def _row(locate: Locate) -> dict[str, object]:
    return {
        "id": locate.id,
        "case": locate.case,
        "device": locate.device,
        "state": locate.state.value,
        "step": locate.step,
        "next_step": locate.next_step,
        "next_step_at": locate.next_step_at,
        "asked_at": locate.asked_at,
        "sent_at": None,
        "ended_at": None,
    }


async def locate_view(connection: AsyncConnection, row: RowMapping) -> LocateView:
    """A question as pages see it."""
    names = await person_names(connection, [row["person"]])
    return LocateView(
        id=row["id"],
        state=LocateState(row["state"]),
        device=row["device"],
        asked_at=row["asked_at"],
        by=row["person"],
        by_name=names.get(row["person"], row["person"]),
        urgent=row["urgent"],
        next_step_at=row["next_step_at"],
        ended_at=row["ended_at"],
    )
