"""Cases as pages see them: the case's own columns, with names from the registry beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.shapes import Case
from alarms.core.unknown import account_in
from alarms.handling.shown import calls_of, steps_of
from alarms.journal import case_of
from alarms.routing.names import names_of, reached_in, reached_names
from alarms.supervision.views import incident_briefs
from kit.wire.case import CaseDetail, CaseView, SignalView, TimelineView
from kit.wire.words import Reason, SignalKind, TimelineKind
from registry import find
from registry.card import household

T = TypeVar("T")

RAW_SHOWN = 8192  # bytes of a signal's raw form that a page is given
PLACE = ("latitude", "longitude", "accuracy", "place", "position", "zone")
"""How the names of a signal's details begin that say where it came from, whichever protocol it came over."""


async def case_views(connection: AsyncConnection, cases: Sequence[Case], at: datetime) -> list[CaseView]:
    """The cases as rows for a queue, in the order given; four queries however many there are."""
    residents = await find.residents_brief(connection, _ids(case.resident for case in cases), at)
    homes = await find.homes_brief(connection, _ids(case.home for case in cases))
    people = [one for case in cases for one in (case.handler, case.offered_to)]
    persons = await find.person_names(connection, _ids(people))
    desks = await names_of(connection, _ids(case.offered_desk for case in cases))
    principals = await find.principal_names(connection, _ids(case.principal for case in cases))
    many = [case.id for case in cases if case.reason is Reason.MANY_SILENT]
    incidents = await incident_briefs(connection, many)
    views = []
    for case in cases:
        home = homes.get(case.home) if case.home else None
        views.append(
            CaseView(
                id=case.id,
                version=case.version,
                kind=case.kind,
                state=case.state,
                priority=case.priority,
                principal=case.principal,
                principal_name=principals.get(case.principal, case.principal),
                resident=case.resident,
                person=residents.get(case.resident) if case.resident else None,
                home=case.home,
                town=home.town if home else None,
                household=home.household if home else 0,
                device=case.device,
                reason=case.reason,
                presses=case.presses,
                unread=case.unread,
                handler=case.handler,
                handler_name=persons.get(case.handler) if case.handler else None,
                escalation=case.escalation,
                held_until=case.held_until,
                next_step=case.next_step,
                next_step_at=case.next_step_at,
                raised_at=case.raised_at,
                taken_at=case.taken_at,
                closed_at=case.closed_at,
                desk=case.desk,
                missions=case.missions,
                occurred_at=case.occurred_at,
                incident=incidents.get(case.id),
                account=account_in(case.open_key),
                offered_to=case.offered_to,
                offered_to_name=persons.get(case.offered_to) if case.offered_to else None,
                offered_desk=case.offered_desk,
                offered_desk_name=desks.get(case.offered_desk) if case.offered_desk else None,
                offered_until=case.offered_until,
                merged_into=case.merged_into,
            )
        )
    return views


async def views_of(connection: AsyncConnection, case_ids: Iterable[str], at: datetime) -> list[CaseView]:
    """The cases with these ids as they stand now."""
    rows = (await connection.execute(select(tables.case).where(tables.case.c.id.in_(list(case_ids))))).mappings()
    return await case_views(connection, [case_of(row) for row in rows], at)


async def case_detail(connection: AsyncConnection, case: Case, at: datetime, *, show_place: bool) -> CaseDetail:
    """The case with its signals and its timeline, oldest first.

    Without `show_place` its signals do not say where they came from: neither in their details nor in their raw form,
    nor does the timeline which zone was crossed.
    """
    [view] = await case_views(connection, [case], at)
    query = select(tables.signal).where(tables.signal.c.case == case.id).order_by(tables.signal.c.id)
    signals = (await connection.execute(query)).mappings().all()
    lines = (
        (
            await connection.execute(
                select(tables.timeline)
                .where(tables.timeline.c.case == case.id)
                .order_by(tables.timeline.c.at, tables.timeline.c.id)
            )
        )
        .mappings()
        .all()
    )
    persons = await find.person_names(connection, _ids(line["by"] for line in lines))
    reached = await reached_names(connection, lines)
    return CaseDetail(
        **view.model_dump(),
        signals=[
            SignalView(
                id=row["id"],
                protocol=row["protocol"],
                type=row["type"],
                kind=SignalKind(row["kind"]),
                reason=Reason(row["reason"]) if row["reason"] else None,
                reference=row["reference"],
                received_at=row["received_at"],
                occurred_at=row["occurred_at"],
                unread=row["read_at"] is None,
                defects=row["defects"],
                details=row["details"] if show_place else _without_place(row["details"]),
                raw=bytes(row["raw"])[:RAW_SHOWN].decode("utf-8", "replace") if show_place else "",
            )
            for row in signals
        ],
        timeline=[
            TimelineView(
                id=line["id"],
                at=line["at"],
                kind=TimelineKind(line["kind"]),
                by=line["by"],
                by_name=persons.get(line["by"]) if line["by"] else None,
                data=_named(line, reached) if show_place else _without_place(_named(line, reached)),
            )
            for line in lines
        ],
        maybe=await household(connection, case.home, at) if case.resident is None and case.home else [],
        steps=await steps_of(connection, case.id),
        calls=await calls_of(connection, case.id),
    )


def _named(line: RowMapping, names: Mapping[str, str]) -> dict[str, Any]:
    """What a line says, with the name of whom or what a plan reached for."""
    name = names.get(reached_in(line) or "")
    return {**line["data"], "name": name} if name else dict(line["data"])


def _without_place(details: Mapping[str, T]) -> dict[str, T]:
    return {name: value for name, value in details.items() if not name.startswith(PLACE)}


def _ids(found: Iterable[str | None]) -> set[str]:
    return {each for each in found if each is not None}
