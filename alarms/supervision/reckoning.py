"""What changes of silence come to, in one transaction: who is silent, which incidents there are, which cases.

Order of locks: the turn; cases by `open_key`; the feed head last. Silence and incidents are written by who has the turn
and by nobody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.case import decide, open_case
from alarms.core.routing import Known
from alarms.core.shapes import Arrived, Case, Counted, Decision, Ended, Entry, Event
from alarms.core.supervision import (
    AT_ONCE,
    INCIDENT_PRIORITY,
    SINGLE_PRIORITY,
    Incident,
    Silent,
    find_incidents,
    is_over,
    single_key,
)
from alarms.journal import Changed, lock_open, write
from alarms.routing.start import not_followed, routed_by
from alarms.supervision.crossings import Crossings, count_watched, silent_at_once
from alarms.supervision.incidents import (
    OpenIncident,
    already_in,
    end_incidents,
    join,
    leave,
    left_lost,
    let_go,
    open_incidents,
    see_closed,
    write_incident,
)
from kit.ids import new_id
from kit.store import insert
from kit.wire.words import CaseKind, DeviceHealth, Measure, Reason, SignalKind
from registry.find import portions
from registry.inventory.tables import device_silence
from registry.tables import device

PROTOCOL = "supervision"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The last feed position if any case changed, and how many devices are silent now, by level."""

    position: int | None
    silent: Mapping[str, int]


@dataclass(slots=True)
class _Held:
    """A case while it is decided on."""

    case: Case
    entries: list[Entry] = field(default_factory=list)
    new: bool = False
    changed: bool = False

    def hear(self, event: Event, at: datetime) -> None:
        decision = decide(self.case, event, at)
        if not isinstance(decision, Decision):
            return  # somebody has been sent for it: it is not over for a human yet
        self.case = decision.case
        self.entries.extend(decision.entries)
        self.changed = self.changed or decision.changed


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done, before any case is touched: incidents found and joined, single devices, what is over."""

    found: Sequence[Incident]
    joining: Mapping[str, Sequence[str]]
    open: Sequence[OpenIncident]
    over: Mapping[str, Sequence[str]]
    singles: Sequence[str]
    back: Sequence[str]


async def reckon(connection: AsyncConnection, crossings: Crossings, known: Known, at: datetime) -> Reckoned:
    """Write it all, in the caller's transaction, which has the turn. Raises LostRace when it must be begun again.

    `known` is what new cases are routed by.
    """
    await see_closed(connection, at)
    await _note_silence(connection, crossings, at)
    plan = await _plan(connection, crossings, at)
    held = await _hold_cases(connection, plan)
    signals: list[dict[str, object]] = []
    opened: list[tuple[str, Incident]] = []
    for found in plan.found:
        case = _raise_incident(held, signals, found, known, at)
        opened.append((case, found))
        _end_singles(held, found.devices, case, at)
    for case, devices in plan.joining.items():
        _end_singles(held, devices, case, at)
    owners = await _owners(connection, plan.singles)
    for name in plan.singles:
        _raise_single(held, signals, owners[name], known, at)
    for name in plan.back:
        if (one := held.get(single_key(name))) is not None:
            one.hear(Ended(Measure.CAME_BACK), at)
    _count_incidents(held, plan, at)
    if signals:
        await connection.execute(tables.signal.insert(), signals)
    for case, found in opened:
        await write_incident(connection, case, found, at)
    for case, devices in plan.joining.items():
        await join(connection, case, devices, at)
    await end_incidents(connection, list(plan.over), at)
    await let_go(connection, list(plan.over))
    silent = await _levels(connection)
    changes = [Changed(one.case, tuple(one.entries), one.new) for _, one in sorted(held.items()) if one.changed]
    position = await write(connection, changes, at)
    return Reckoned(position, silent)


async def _note_silence(connection: AsyncConnection, crossings: Crossings, at: datetime) -> None:
    await leave(connection, crossings.back, at)
    for some in portions(list(crossings.back)):
        await connection.execute(delete(device_silence).where(device_silence.c.device.in_(some)))
    back = set(crossings.back)
    for level, devices in ((DeviceHealth.LATE, crossings.late), (DeviceHealth.LOST, crossings.lost)):
        rows = [
            {
                "device": name,
                "level": level.value,
                "heard_at": heard_at,
                "noticed_at": at,
                "lost_at": at if level is DeviceHealth.LOST else None,
            }
            for name, heard_at in sorted(devices.items())
            if name not in back
        ]
        if rows:
            statement = insert(connection, device_silence)
            statement = statement.on_conflict_do_update(
                index_elements=["device"],
                set_={"level": statement.excluded.level, "lost_at": statement.excluded.lost_at},
            )
            await connection.execute(statement, rows)


async def _plan(connection: AsyncConnection, crossings: Crossings, at: datetime) -> _Plan:
    """Who is in which incident now, and who is alone."""
    standing = await open_incidents(connection)
    at_once: list[Silent] = []
    if crossings.lost or crossings.late:
        at_once = await silent_at_once(connection, at - AT_ONCE)
    joining: dict[str, list[str]] = {}
    alone: list[Silent] = []
    for one in at_once:
        places = set(one.standing.places())
        within = next((open_one for open_one in standing if open_one.place in places), None)
        if within is None:
            alone.append(one)
        else:
            joining.setdefault(within.case, []).append(one.device)
    found: list[Incident] = []
    if crossings.lost and alone:
        watched = await count_watched(connection, {one.standing.principal for one in alone})
        found = find_incidents(alone, watched)
    joined = {name for names in joining.values() for name in names}
    joined |= {name for incident in found for name in incident.devices}
    joined |= await already_in(connection, crossings.lost)
    over: dict[str, Sequence[str]] = {}
    for one_open in standing:
        now_silent = one_open.silent + len(joining.get(one_open.case, ()))
        if is_over(now_silent, one_open.counted):
            over[one_open.case] = await left_lost(connection, one_open.case)
    rest = [name for names in over.values() for name in names]
    back = set(crossings.back)
    singles = sorted({*(name for name in crossings.lost if name not in joined | back), *rest})
    return _Plan(found, joining, standing, over, singles, crossings.back)


async def _hold_cases(connection: AsyncConnection, plan: _Plan) -> dict[str, _Held]:
    """Every open case that this may be about, locked, by its key."""
    joined = [name for names in plan.joining.values() for name in names]
    joined += [name for incident in plan.found for name in incident.devices]
    keys = [single_key(name) for name in (*plan.singles, *plan.back, *joined)]
    keys += [incident.place.open_key for incident in plan.found]
    keys += [incident.place.open_key for incident in plan.open]
    held: dict[str, _Held] = {}
    for some in portions(sorted(set(keys))):
        held.update({key: _Held(case) for key, case in (await lock_open(connection, some)).items()})
    return held


def _raise_incident(
    held: dict[str, _Held], signals: list[dict[str, object]], found: Incident, known: Known, at: datetime
) -> str:
    place = found.place
    signal = new_id("signal", at)
    arrived = Arrived(signal, SignalKind.TECHNICAL, Reason.MANY_SILENT, INCIDENT_PRIORITY)
    one = held.get(place.open_key)  # of the incident before, which somebody has not closed yet
    if one is None:
        routed = routed_by(known, place.principal, CaseKind.TECHNICAL, Reason.MANY_SILENT, at)
        case = open_case(
            new_id("case", at),
            open_key=place.open_key,
            kind=CaseKind.TECHNICAL,
            principal=place.principal,
            resident=None,
            home=None,
            device=None,
            first=arrived,
            at=at,
            plan=routed.frozen,
            desk=routed.desk,
        )
        one = held[place.open_key] = _Held(case, list(not_followed(routed, at)), new=True)
    one.hear(arrived, at)
    one.hear(Counted(len(found.devices)), at)
    said = {
        "scope": place.scope.value,
        "name": place.name,
        "devices": str(len(found.devices)),
        "watched": str(found.watched),
    }
    owner = {"id": None, "principal": place.principal, "home": None, "resident": None}
    signals.append(_signal(signal, owner, one.case, arrived, at, said))
    return one.case.id


def _raise_single(
    held: dict[str, _Held],
    signals: list[dict[str, object]],
    owner: Mapping[str, str | None],
    known: Known,
    at: datetime,
) -> None:
    signal = new_id("signal", at)
    key = single_key(str(owner["id"]))
    arrived = Arrived(signal, SignalKind.TECHNICAL, Reason.SILENT, SINGLE_PRIORITY)
    one = held.get(key)
    if one is None:
        routed = routed_by(known, str(owner["principal"]), CaseKind.TECHNICAL, Reason.SILENT, at)
        case = open_case(
            new_id("case", at),
            open_key=key,
            kind=CaseKind.TECHNICAL,
            principal=str(owner["principal"]),
            resident=owner["resident"],
            home=owner["home"],
            device=owner["id"],
            first=arrived,
            at=at,
            plan=routed.frozen,
            desk=routed.desk,
        )
        one = held[key] = _Held(case, list(not_followed(routed, at)), new=True)
    one.hear(arrived, at)
    signals.append(_signal(signal, owner, one.case, arrived, at, {}))


def _end_singles(held: Mapping[str, _Held], devices: Sequence[str], case: str, at: datetime) -> None:
    """Fold the cases of single devices into the incident's; whoever has taken one is told."""
    for name in devices:
        if (one := held.get(single_key(name))) is not None:
            one.hear(Ended(Measure.PART_OF_INCIDENT, {"incident": case}), at)


def _count_incidents(held: Mapping[str, _Held], plan: _Plan, at: datetime) -> None:
    for one_open in plan.open:
        one = held.get(one_open.place.open_key)
        if one is None or one.case.id != one_open.case:
            continue
        joined = len(plan.joining.get(one_open.case, ()))
        one.hear(Counted(one_open.silent + joined), at)
        if one_open.case in plan.over:
            said = {"devices": one_open.counted, "left": one_open.silent}
            one.hear(Ended(Measure.CAME_BACK, said), at)


def _signal(
    signal: str,
    owner: Mapping[str, str | None],
    case: Case,
    arrived: Arrived,
    at: datetime,
    details: Mapping[str, str],
) -> dict[str, object]:
    """Our own remark as a signal, so that it stands in the person's history like what devices send."""
    return {
        "id": signal,
        "principal": owner["principal"],
        "device": owner["id"],
        "resident": owner["resident"],
        "home": owner["home"],
        "case": case.id,
        "protocol": PROTOCOL,
        "account": owner["id"] or "",
        "kind": arrived.kind,
        "reason": arrived.reason,
        "priority": arrived.priority,
        "type": str(arrived.reason),
        "reference": "",
        "received_at": at,
        "occurred_at": None,
        "read_at": None,
        "raw": b"",
        "defects": [],
        "details": dict(details),
    }


async def _owners(connection: AsyncConnection, devices: Sequence[str]) -> dict[str, dict[str, str | None]]:
    found: dict[str, dict[str, str | None]] = {}
    for some in portions(list(devices)):
        query = select(device.c.id, device.c.principal, device.c.home, device.c.resident).where(device.c.id.in_(some))
        found.update({row["id"]: dict(row) for row in (await connection.execute(query)).mappings()})
    return found


async def _levels(connection: AsyncConnection) -> dict[str, int]:
    counts = {DeviceHealth.LATE.value: 0, DeviceHealth.LOST.value: 0}
    query = select(device_silence.c.level, func.count()).group_by(device_silence.c.level)
    for level, count in (await connection.execute(query)).all():
        counts[level] = count
    return counts
