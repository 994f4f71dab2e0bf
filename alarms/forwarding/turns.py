"""One sending of one signal: taken in hand, and written down with the case it belongs to. `core.forwarding` decides.

Being sent has a deadline of its own (`next_at`), which is the lease: until then no other process sends the same, and
whoever dies leaves it to be sent again with the same `ref`. `tries` fences: an answer to an earlier sending settles
nothing. Order of locks: the case, then the forwarding's row, the feed's head last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables as alarm_tables
from alarms.core.case import decide as decide_case
from alarms.core.forwarding import UNDER_WAY, Decided, Event, Forwarding, Over, Send, Told, Unheard, decide
from alarms.core.shapes import Case, Entry, Refused, SentOut
from alarms.forwarding.tables import external_receiver, forwarding, reserve
from alarms.journal import Changed, lock_cases, write
from kit.errors import Conflict
from kit.store import Store, for_update, skip_locked
from kit.wire.forwarding_words import ForwardOutcome, ForwardState
from kit.wire.words import CaseState

_OPEN = [state.value for state in UNDER_WAY]


@dataclass(frozen=True, slots=True)
class Turn:
    """One in hand. With `event` there is nothing to send, only that to write down."""

    row: Mapping[str, Any]
    signal: Mapping[str, Any]
    receiver: Mapping[str, Any] | None
    event: Event | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn, and what came of it. `jitter` is 0 to 1, to spread tries."""

    turn: Turn
    event: Event
    jitter: float


@dataclass(frozen=True, slots=True)
class Concluded:
    """What was written: the last feed position if a case heard of it, and by principal what the timelines say."""

    position: int | None
    said: Mapping[str, tuple[ForwardOutcome, ...]]


def _forwarding(row: Mapping[str, Any] | RowMapping) -> Forwarding:
    return Forwarding(
        ForwardState(row["state"]),
        row["next_at"],
        row["receiver"],
        row["tries"],
        row["rounds"],
        row["held_since"],
        row["snu"],
    )


def _values(one: Forwarding) -> dict[str, Any]:
    return {
        "state": one.state.value,
        "next_at": one.next_at,
        "receiver": one.receiver,
        "tries": one.tries,
        "rounds": one.rounds,
        "held_since": one.held_since,
        "snu": one.snu,
    }


async def due(connection: AsyncConnection, at: datetime, limit: int) -> Sequence[str]:
    """The signals whose time has come. What withdraws an alarm never overtakes it while it is first sent."""
    one, earlier = forwarding, forwarding.alias("earlier")
    overtakes = (
        select(earlier.c.signal)
        .where(
            earlier.c.case == one.c.case,
            earlier.c.signal < one.c.signal,
            earlier.c.state.in_(_OPEN),
            earlier.c.rounds == 0,
        )
        .exists()
    )
    query = select(one.c.signal).where(one.c.next_at <= at, ~(one.c.reset & overtakes))
    return (await connection.scalars(query.order_by(one.c.next_at).limit(limit))).all()


async def lease(store: Store, signals: Sequence[str], at: datetime) -> list[Turn]:
    """Take these in hand, as far as nobody else has."""
    async with store.write() as connection:
        query = select(forwarding).where(forwarding.c.signal.in_(signals), forwarding.c.next_at <= at)
        rows = [dict(row) for row in (await connection.execute(skip_locked(connection, query))).mappings()]
        if not rows:
            return []
        receivers = await receivers_on(connection, {row["principal"] for row in rows})
        of_rows = alarm_tables.signal.c.id.in_([row["signal"] for row in rows])
        found = await connection.execute(select(alarm_tables.signal).where(of_rows))
        stored = {one["id"]: dict(one) for one in found.mappings()}
        needed = await _needed(connection, rows)
        turns, out = list[Turn](), list[dict[str, Any]]()
        for row in rows:
            mine = receivers.get(row["principal"], [])
            again = row["rounds"] > 0 and row["receiver"] is None
            over = row["signal"] not in stored or (again and row["signal"] not in needed)
            if over:
                turns.append(Turn(row, {}, None, Over()))
                continue
            decided = decide(_forwarding(row), Send(), [one["id"] for one in mine], at)
            assert decided is not None
            if decided.forwarding.state is not ForwardState.SENT:
                turns.append(Turn(row, stored[row["signal"]], None, Send()))
                continue
            values = _values(decided.forwarding)
            out.append({"b_signal": row["signal"], **values})
            receiver = next(one for one in mine if one["id"] == decided.forwarding.receiver)
            turns.append(Turn({**row, **values}, stored[row["signal"]], receiver, None))
        await _put(connection, out)
        return turns


async def _needed(connection: AsyncConnection, rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """Of which signals the case still waits for somebody, while the reserve is on."""
    ids = [row["signal"] for row in rows if row["rounds"] > 0]
    if not ids:
        return set()
    query = (
        select(forwarding.c.signal)
        .join(alarm_tables.case, alarm_tables.case.c.id == forwarding.c.case)
        .join(reserve, reserve.c.principal == forwarding.c.principal)
        .where(forwarding.c.signal.in_(ids), alarm_tables.case.c.state == CaseState.QUEUED.value, reserve.c.on)
    )
    return set(await connection.scalars(query))


async def receivers_on(connection: AsyncConnection, principals: Iterable[str]) -> dict[str, list[Mapping[str, Any]]]:
    """The receivers of these principals that are on, in order."""
    one = external_receiver
    query = select(one).where(one.c.principal.in_(sorted(principals)), one.c.on).order_by(one.c.order)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in (await connection.execute(query)).mappings():
        found.setdefault(row["principal"], []).append(dict(row))
    return found


async def conclude(store: Store, asked: Sequence[Asked], at: datetime) -> Concluded:
    """Write down what these have come to, all or nothing; not what was somebody else's by then.

    Many at once: each would wait for the feed's head, with a connection in hand, while a press does.
    Raises StorageDown and Conflict.
    """
    one = forwarding
    async with store.write() as connection:
        stands_for, cases = await _cases(connection, {each.turn.row["case"] for each in asked})
        mine = select(one).where(one.c.signal.in_([each.turn.row["signal"] for each in asked])).order_by(one.c.signal)
        rows = {row["signal"]: row for row in (await connection.execute(for_update(connection, mine))).mappings()}
        receivers = await receivers_on(connection, {each.turn.row["principal"] for each in asked})
        values: list[dict[str, Any]] = []
        lines: dict[str, list[Entry]] = {}
        said: dict[str, tuple[ForwardOutcome, ...]] = {}
        for each in asked:
            row, now = each.turn.row, rows.get(each.turn.row["signal"])
            if now is None or (now["tries"], now["state"]) != (row["tries"], row["state"]):
                continue
            ids = [receiver["id"] for receiver in receivers.get(row["principal"], [])]
            decided = decide(_forwarding(now), each.event, ids, at, each.jitter)
            if decided is None:
                continue
            values.append({"b_signal": row["signal"], **_values(decided.forwarding)})
            said[row["principal"]] = (*said.get(row["principal"], ()), *decided.said)
            case = cases.get(stands_for.get(row["case"], ""))
            if case is not None:
                cases[case.id], more = _told(case, each.turn, each.event, decided, at)
                lines.setdefault(case.id, []).extend(more)
        await _put(connection, values)
        changes = [Changed(cases[case_id], tuple(entries)) for case_id, entries in lines.items() if entries]
        return Concluded(await write(connection, changes, at), said)


async def _put(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write how these stand, each by its `b_signal`."""
    if rows:
        of_each: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "b_signal"}
        changed = update(forwarding).where(forwarding.c.signal == bindparam("b_signal")).values(of_each)
        await connection.execute(changed, rows)


async def _cases(connection: AsyncConnection, ids: set[str]) -> tuple[dict[str, str], dict[str, Case]]:
    """Which case stands for each of these, where it turned out to be a part of another; and those cases, locked."""
    one = alarm_tables.case
    found = (await connection.execute(select(one.c.id, one.c.merged_into).where(one.c.id.in_(sorted(ids))))).all()
    stands_for = {row.id: row.merged_into or row.id for row in found}
    cases = await lock_cases(connection, stands_for.values())
    if any(case.merged_into for case in cases.values()):
        raise Conflict("merged meanwhile")
    return stands_for, cases


def _told(case: Case, turn: Turn, event: Event, decided: Decided, at: datetime) -> tuple[Case, list[Entry]]:
    """The case with the lines that say it; a case that is closed says nothing more."""
    now, entries = case, list[Entry]()
    for word in decided.said:
        decision = decide_case(now, SentOut(_said(turn, event, word)), at)
        if isinstance(decision, Refused):
            return case, []
        now = decision.case
        entries += decision.entries
    return now, entries


def _said(turn: Turn, event: Event, word: ForwardOutcome) -> dict[str, str | int | None]:
    said: dict[str, str | int | None] = {"signal": turn.row["signal"], "outcome": word.value}
    if word in {ForwardOutcome.ALL_TRIED, ForwardOutcome.ENDED}:
        return said
    if turn.receiver is not None:
        said |= {"receiver": turn.receiver["id"], "name": turn.receiver["name"]}
    if isinstance(event, Told):
        more = {"text": event.text, "mre": event.mre, "tnu": event.tnu}
        said |= {"snu": event.snu, **{name: value for name, value in more.items() if value}}
    elif isinstance(event, Unheard) and event.status is not None:
        said["status"] = event.status
    return said


async def give_back(store: Store, signals: Sequence[str], at: datetime) -> None:
    """Let others send at once what this process had in hand."""
    one = forwarding
    mine = one.c.signal.in_(signals) & (one.c.state == ForwardState.SENT.value)
    async with store.write() as connection:
        await connection.execute(update(one).where(mine, one.c.next_at > at).values(next_at=at))
