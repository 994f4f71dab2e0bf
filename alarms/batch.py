"""The batch transaction: many signals, one commit, and only after it is anything acknowledged.

Signals → receipts (which make a signal sent again the same signal) → whose device → the cases they belong to, opened
or locked → `core.case.decide` → signals, cases, timeline, feed. All or nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.at_desk import AnotherUnknown
from alarms.core.case import decide, open_case
from alarms.core.door import door_in
from alarms.core.opening import Belongs, Sender, belongs
from alarms.core.routing import Known
from alarms.core.shapes import Arrived, Case, Decision, Entry, Event
from alarms.core.signal import Outcome, Receipt, Signal
from alarms.core.stale import stale_since
from alarms.journal import Changed, lock_open, write
from alarms.locks.heard import Told, hear, told_in
from alarms.missions.proof import Proof, arrive_by_lock, proofs_in
from alarms.position.journal import Answer, answers_in, become, lock_locates
from alarms.position.keeping import fixes_in, keep_positions
from alarms.position.watching import watch_zones
from alarms.routing.start import NOTHING_KNOWN, not_followed, routed_by
from alarms.unknown import place_unknown
from kit.ids import new_id
from kit.store import among, insert_rows
from kit.wire.words import Reason, SignalKind
from registry import synthetic
from registry.find import FoundDevice, find_devices
from registry.inventory.rules import INSTALLING, SPEAKING, proves, state_of
from registry.inventory.signs import Fault, note_faults, note_tests

RECEIPT_WINDOW = timedelta(hours=6)
"""How long the same key is the same signal at the most; devices' counters wrap, and a new press must never be lost."""

RESENT_WITHIN = timedelta(minutes=30)
"""How long a device goes on sending what it has not been answered. Later, a key whose case is closed is a new press."""

_TAKEN_OVER = (
    "ON CONFLICT (key) DO UPDATE SET signal = excluded.signal, received_at = excluded.received_at "
    "WHERE receipt.received_at < {0}"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch came to: a receipt for each signal in the order given, and the last feed position if any.

    `locks` says that a lock has told how it stands.
    """

    receipts: list[Receipt]
    position: int | None
    locks: bool = False


@dataclass(slots=True)
class _Open:
    """A case while the signals of one batch are put on it."""

    case: Case
    entries: list[Entry]
    new: bool
    changed: bool


async def store_batch(
    connection: AsyncConnection, signals: Sequence[Signal], at: datetime, known: Known = NOTHING_KNOWN
) -> Stored:
    """Store the signals inside the caller's transaction. Raises LostRace when it must be begun again.

    `known` is what new cases are routed by.
    """
    first: dict[str, tuple[str, Signal]] = {}
    for signal in signals:
        first.setdefault(signal.key, (new_id("signal", at), signal))
    fresh = await _claim_keys(connection, first, at)
    receipts, outlived = await _earlier(connection, [key for key in first if key not in fresh], at)
    if outlived:
        fresh |= await _take_over_keys(connection, first, outlived, at)
    new = {key: first[key] for key in first if key in fresh}
    position, locks = None, False
    if new:
        position, locks = await _store_new(connection, new, receipts, known, at)
    answered: set[str] = set()
    result = []
    for signal in signals:
        receipt = receipts[signal.key]
        if signal.key in answered and receipt.known:
            receipt = replace(receipt, outcome=Outcome.REPEATED)
        answered.add(signal.key)
        result.append(receipt)
    return Stored(result, position, locks)


async def _claim_keys(connection: AsyncConnection, first: Mapping[str, tuple[str, Signal]], at: datetime) -> set[str]:
    """The keys that are new, or so old that their counter has wrapped. Locks in the order of the keys."""
    rows = [{"key": key, "signal": first[key][0], "received_at": at} for key in sorted(first)]
    wrapped = [("received_at", at - RECEIPT_WINDOW)]
    return set(
        await insert_rows(connection, tables.receipt, rows, conflict=_TAKEN_OVER, given=wrapped, returning="key")
    )


async def _earlier(
    connection: AsyncConnection, keys: Sequence[str], at: datetime
) -> tuple[dict[str, Receipt], list[str]]:
    """The receipts given when these signals first came, and which keys have outlived theirs.

    Outlived is what nobody knew whose it was, since the account may be known by now, and an alarm whose case was closed
    longer ago than a device repeats itself.
    """
    if not keys:
        return {}, []
    query = (
        select(
            tables.receipt.c.key,
            tables.signal.c.id,
            tables.signal.c.case,
            tables.signal.c.device,
            tables.signal.c.kind,
            tables.signal.c.received_at,
            tables.case.c.closed_at,
        )
        .join(tables.signal, tables.signal.c.id == tables.receipt.c.signal)
        .outerjoin(tables.case, tables.case.c.id == tables.signal.c.case)
        .where(among(connection, tables.receipt.c.key, keys))
    )
    rows = (await connection.execute(query)).all()
    receipts = {row.key: Receipt(row.id, row.case, Outcome.REPEATED, known=row.device is not None) for row in rows}
    outlived = [
        row.key
        for row in rows
        if row.kind == SignalKind.ALARM and row.closed_at is not None and row.received_at < at - RESENT_WITHIN
    ]
    unknown = [row.key for row in rows if row.device is None]
    return receipts, sorted([*outlived, *unknown])


async def _take_over_keys(
    connection: AsyncConnection, first: Mapping[str, tuple[str, Signal]], keys: Sequence[str], at: datetime
) -> set[str]:
    """Have these keys stand for the signals that came now. The rows are locked by the claim before."""
    if not keys:
        return set()
    accounts = {(first[key][1].protocol, first[key][1].account) for key in keys}
    found = await find_devices(connection, accounts)
    known = {account for account, device in found.items() if state_of(device.state) in SPEAKING}
    taken = [key for key in keys if (first[key][1].protocol, first[key][1].account) in known]
    if taken:
        statement = (
            update(tables.receipt)
            .where(tables.receipt.c.key == bindparam("b_key"))
            .values(signal=bindparam("b_signal"), received_at=at)
        )
        await connection.execute(statement, [{"b_key": key, "b_signal": first[key][0]} for key in taken])
    return set(taken)


async def _store_new(
    connection: AsyncConnection,
    new: Mapping[str, tuple[str, Signal]],
    receipts: dict[str, Receipt],
    known: Known,
    at: datetime,
) -> tuple[int | None, bool]:
    accounts = {(signal.protocol, signal.account) for _, signal in new.values()}
    found = await find_devices(connection, accounts)
    senders: dict[str, Sender] = {}
    for key, (_, signal) in new.items():
        device = found.get((signal.protocol, signal.account))
        if device and (sender := _sender(device, signal)):
            senders[key] = sender
    fixes = fixes_in(new, senders)
    new = await watch_zones(connection, new, senders, fixes)
    places = {key: (sender, belongs(new[key][1], sender)) for key, sender in senders.items()}
    placed = {key: (sender, place) for key, (sender, place) in places.items() if place}
    unknown = {key: one for key, (_, one) in new.items() if (one.protocol, one.account) not in found}
    if unknown:
        placed |= await place_unknown(connection, unknown, at)
    proofs = await proofs_in(connection, [signal for _, signal in new.values()], found, at)
    answers = await answers_in(connection, new, senders, fixes)
    keys = {*_keys(place for _, place in placed.values()), *(proof.open_key for proof in proofs)}
    keys |= {answer.open_key for answer in answers if answer.open_key is not None}
    opened = {
        key: _Open(case, [], new=False, changed=False) for key, case in (await lock_open(connection, keys)).items()
    }
    rows = []
    for key, (signal_id, signal) in new.items():
        sender = senders.get(key)
        case = _put_on_case(opened, signal_id, signal, *placed[key], known, at) if key in placed else None
        rows.append(_signal_row(signal_id, signal, sender, case))
        outcome = Outcome.STORED if sender else Outcome.UNKNOWN_ACCOUNT
        receipts[key] = Receipt(signal_id, case, outcome, known=sender is not None)
    await _prove(connection, opened, proofs, at)
    await _answer(connection, opened, answers, at)
    await keep_positions(connection, new, senders, fixes, receipts)
    changes = [
        Changed(held.case, tuple(held.entries), held.new)
        for _, held in sorted(opened.items())
        if held.changed or held.new
    ]
    await insert_rows(connection, tables.signal, rows)
    told = _told(new.values(), found)
    await hear(connection, told)
    await note_faults(connection, _faults(new, senders))
    await note_tests(connection, _proofs(new, senders, found), at)
    marks = [new[key][0] for key, sender in senders.items() if sender.principal == synthetic.PRINCIPAL]
    return await write(connection, changes, at, marks), bool(told)


async def _prove(
    connection: AsyncConnection, opened: Mapping[str, _Open], proofs: Iterable[Proof], at: datetime
) -> None:
    """Doors that opened prove that responders have arrived."""
    for proof in proofs:
        held = opened.get(proof.open_key)
        proven = await arrive_by_lock(connection, held.case, proof.mission, proof.lock, at) if held else None
        if held is not None and proven is not None:
            held.case, held.changed = proven.case, True
            held.entries.extend(proven.entries)


async def _answer(
    connection: AsyncConnection, opened: Mapping[str, _Open], answers: Iterable[Answer], at: datetime
) -> None:
    """Devices that told where they are have answered whoever asked."""
    for answer in answers:
        held = opened.get(answer.open_key or "")
        for locate in await lock_locates(connection, [answer.locate]):
            told = await become(connection, held.case if held else None, locate, answer.event, at)
            if held is not None and told is not None:
                held.case, held.changed = told[0], True
                held.entries.extend(told[1])


def _told(new: Iterable[tuple[str, Signal]], found: Mapping[tuple[str, str], FoundDevice]) -> list[Told]:
    """What the locks among the senders have told of themselves."""
    told = []
    for _, signal in new:
        device = found.get((signal.protocol, signal.account))
        if device is None or device.kind != "lock" or signal.principal not in {None, device.principal}:
            continue
        if (one := told_in(signal, device.id)) is not None:
            told.append(one)
    return told


def _faults(new: Mapping[str, tuple[str, Signal]], senders: Mapping[str, Sender]) -> list[Fault]:
    """What the devices have said is wrong with them, or well again."""
    return [
        Fault(senders[key].device, signal.reason, signal.kind is SignalKind.RESTORE, signal.received_at, signal_id)
        for key, (signal_id, signal) in new.items()
        if key in senders and signal.reason and signal.kind in {SignalKind.TECHNICAL, SignalKind.RESTORE}
    ]


def _proofs(
    new: Mapping[str, tuple[str, Signal]],
    senders: Mapping[str, Sender],
    found: Mapping[tuple[str, str], FoundDevice],
) -> dict[str, str]:
    """The devices being installed that were tested from their own button, each with the signal that proves it."""
    proofs: dict[str, str] = {}
    for key, (signal_id, signal) in new.items():
        if key not in senders or senders[key].live:
            continue
        one = found[signal.protocol, signal.account]
        if proves(state_of(one.state), signal.kind, signal.occurred_at, one.paired_at):
            proofs[one.id] = signal_id
    return proofs


def _sender(found: FoundDevice, signal: Signal) -> Sender | None:
    """Whose the signal is; nobody when it named another principal than its device's own.

    A device that is not live raises nothing: a returned one would call to the wrong home, and one that is being
    installed is heard and answered, so that who installs it sees that it works, but is nobody's help yet.
    """
    installing = state_of(found.state) in INSTALLING
    watchdogs = found.state == synthetic.STATE and signal.kind in {SignalKind.TEST, SignalKind.HEARTBEAT}
    if not (found.live or installing or watchdogs) or signal.principal not in {None, found.principal}:
        return None
    of_home = found.resident is None
    alone = found.residents[0] if len(found.residents) == 1 else None
    return Sender(
        device=found.id,
        principal=found.principal,
        home=found.home,
        resident=alone if of_home else found.resident,  # where one lives alone, what is the home's is hers
        household=found.residents if of_home else (),
        live=found.live,
    )


def _keys(places: Iterable[Belongs]) -> Iterator[str]:
    for place in places:
        yield place.open_key
        yield from place.beside


def _put_on_case(
    opened: dict[str, _Open],
    signal_id: str,
    signal: Signal,
    sender: Sender,
    place: Belongs,
    known: Known,
    at: datetime,
) -> str | None:
    """Let the case hear of the signal; the case's id, or none where none is open and none is to be raised."""
    door = door_in(signal.details)
    arrived = Arrived(
        signal_id,
        signal.kind,
        signal.reason,
        signal.priority,
        door.told() if door else None,
        stale_since(signal.occurred_at, signal.received_at),
        signal.details.get("zone"),
        placed=signal.reason is None and "latitude" in signal.details,
    )
    beside = [_hear(opened[key], arrived, at) for key in place.beside if key in opened]
    held = opened.get(place.open_key)
    if held is None:
        if not place.opens:
            return beside[0] if beside else None
        way = routed_by(known, sender.principal, place.kind, signal.reason or Reason.UNKNOWN_ALARM, at)
        case = open_case(
            new_id("case", at),
            open_key=place.open_key,
            kind=place.kind,
            principal=sender.principal,
            resident=sender.resident,
            home=sender.home or None,
            device=sender.device or None,
            first=arrived,
            at=min(signal.received_at, at),
            plan=way.frozen,
            desk=way.desk,
        )
        held = opened[place.open_key] = _Open(case, [], new=True, changed=False)
        _hear(held, arrived, at)
        held.entries.extend(not_followed(way, at))
        return case.id
    return _hear(held, AnotherUnknown(signal_id) if place.counts else arrived, at)


def _hear(held: _Open, event: Event, at: datetime) -> str:
    decision = decide(held.case, event, at)
    assert isinstance(decision, Decision)  # an open case refuses no signal
    held.case = decision.case
    held.entries.extend(decision.entries)
    held.changed = held.changed or decision.changed
    return held.case.id


def _kind_kept(signal: Signal, sender: Sender | None) -> SignalKind:
    """A press on a device that is being installed is kept as the test that it is."""
    if sender is not None and not sender.live and signal.kind is SignalKind.ALARM:
        return SignalKind.TEST
    return signal.kind


def _signal_row(signal_id: str, signal: Signal, sender: Sender | None, case: str | None) -> dict[str, object]:
    return {
        "id": signal_id,
        "principal": sender.principal if sender else None,
        "device": sender.device if sender else None,
        "resident": sender.resident if sender else None,
        "home": sender.home if sender else None,
        "case": case,
        "protocol": signal.protocol,
        "account": signal.account,
        "kind": _kind_kept(signal, sender),
        "reason": signal.reason,
        "priority": signal.priority,
        "type": signal.type,
        "reference": signal.reference,
        "received_at": signal.received_at,
        "occurred_at": signal.occurred_at,
        "read_at": None,
        "raw": signal.raw,
        "defects": list(signal.defects),
        "details": signal.details,
    }
