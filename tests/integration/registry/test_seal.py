"""The sealer and the check of its chains, on a real database, with rows tampered with behind its back."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from kit.store import open_store
from kit.tasks import Tasks
from kit.wire.words import Role
from registry.access import Act, Span, Who
from registry.chain import Fault
from registry.look import write_access
from registry.seal import WAITING, Sealer, verify
from registry.tables import access_chain, access_log

KEYS = ["a key of thirty-two letters or more"]


@pytest.fixture
def sealer(empty_store, clock):
    return Sealer(empty_store, KEYS, clock)


@pytest.fixture
def look(empty_store, clock):
    who = Who("operator-1", "Karin", Role.OPERATOR, None, None, "central", Span(clock.now(), None))

    async def look(count=1, principal="kommun"):
        async with empty_store.write() as connection:
            for number in range(count):
                await write_access(
                    connection,
                    who,
                    Act.RESIDENT_READ,
                    at=clock.now() + timedelta(milliseconds=number),
                    principal=principal,
                    resident="resident-1",
                    subject="resident-1",
                    purpose="case:1",
                    detail={"basis": "open_case", "å": 1, "none": None},
                )

    return look


@pytest.fixture
def check(empty_store, clock):
    async def check(keys=KEYS):
        async with empty_store.snapshot() as connection:
            return {one.principal: one for one in await verify(connection, keys, clock.now())}

    return check


@pytest.fixture
def tamper(empty_store):
    async def tamper(statement):
        async with empty_store.write() as connection:
            assert (await connection.execute(statement)).rowcount > 0

    return tamper


def row(number, principal="kommun"):
    return (access_log.c.principal == principal) & (access_log.c.sealed_no == number)


async def test_rows_are_chained_for_each_principal_by_itself(sealer, look, check):
    await look(3)
    await look(2, "granne")
    await look(1, principal=None)
    assert await sealer.seal_once() == 6
    assert await sealer.seal_once() == 0
    reports = await check()
    assert {name: (one.rows, one.whole) for name, one in reports.items()} == {
        "": (1, True),
        "granne": (2, True),
        "kommun": (3, True),
    }
    await look(2)
    assert await sealer.seal_once() == 2
    assert (await check())["kommun"].rows == 5


async def test_more_rows_than_a_batch_are_sealed_in_one_go(sealer, look, check):
    await look(1001)
    assert await sealer.seal_once() == 1001
    assert (await check())["kommun"].head.sealed_no == 1001


CHANGES = {
    "id": "access-0",
    "at": None,
    "principal": "granne",
    "person": "operator-2",
    "role": "supervisor",
    "unit": None,
    "act": "door_code.read",
    "resident": None,
    "subject": "another",
    "purpose": "case:2",
    "allowed": False,
    "detail": {"basis": "grant"},
    "sealed_no": 9,
    "seal": bytes(32),
}


def test_every_column_is_tried():
    assert set(CHANGES) == set(access_log.c.keys())


@pytest.mark.parametrize("column", CHANGES)
async def test_a_changed_column_is_found(sealer, look, check, tamper, clock, column):
    await look(5)
    await sealer.seal_once()
    value = clock.now() + timedelta(microseconds=7) if column == "at" else CHANGES[column]
    await tamper(update(access_log).where(row(3)).values(**{column: value}))
    assert not all(one.whole for one in (await check()).values())


async def test_a_deleted_row_is_found(sealer, look, check, tamper):
    await look(5)
    await sealer.seal_once()
    await tamper(delete(access_log).where(row(2)))
    [found] = (await check())["kommun"].breaks
    assert (found.fault, found.number) == (Fault.MISSING, 2)


async def test_a_cut_tail_is_found_also_after_more_was_sealed(sealer, look, check, tamper):
    await look(5)
    await sealer.seal_once()
    await tamper(delete(access_log).where(access_log.c.sealed_no > 3))
    assert (await check())["kommun"].breaks[0].fault is Fault.CUT_OFF
    await look(1)
    await sealer.seal_once()
    [found] = (await check())["kommun"].breaks
    assert (found.fault, found.number) == (Fault.MISSING, 4)


async def test_a_head_put_back_or_taken_away_is_found(sealer, look, check, tamper):
    await look(5)
    await sealer.seal_once()
    await tamper(update(access_chain).values(sealed_no=4))
    assert (await check())["kommun"].breaks[0].fault is Fault.FORGED_HEAD
    await tamper(delete(access_chain))
    assert (await check())["kommun"].breaks[0].fault is Fault.NO_HEAD


async def test_a_row_put_in_by_hand_is_found(sealer, look, check, tamper, clock):
    await look(2)
    await sealer.seal_once()
    await tamper(
        access_log.insert().values(
            id="access-forged", at=clock.now(), principal="kommun", person="x", role="operator", act="resident.read",
            allowed=True, detail={}, sealed_no=3, seal=bytes(32),
        )
    )  # fmt: skip
    faults = {one.fault for one in (await check())["kommun"].breaks}
    assert faults == {Fault.ALTERED, Fault.FORGED_HEAD}


async def test_a_row_that_nobody_seals_is_found_after_ten_seconds(look, check, clock):
    await look(1)
    assert (await check())["kommun"].whole
    await clock.advance(11)
    assert (await check())["kommun"].breaks[0].fault is Fault.UNSEALED


async def test_new_keys_seal_and_old_ones_are_still_believed(empty_store, sealer, look, check, clock):
    await look(2)
    await sealer.seal_once()
    newer = ["a newer key of thirty-two letters or more", *KEYS]
    await look(2)
    await Sealer(empty_store, newer, clock).seal_once()
    assert (await check(newer))["kommun"].whole
    assert (await check())["kommun"].broken == 2


async def test_it_seals_each_second_until_it_is_stopped(sealer, look, check, clock):
    tasks = Tasks(clock)
    sealer.start(tasks)
    await look(1)
    for _ in range(200):
        await clock.advance(1)
        if (await check())["kommun"].rows:
            break
    await tasks.close()
    assert (await check())["kommun"].rows == 1


async def test_several_sealers_never_give_a_number_twice(store_url, empty_store, sealer, look, check, clock):
    other_store = open_store(store_url)
    sealers = [sealer, Sealer(empty_store, KEYS, clock), Sealer(other_store, KEYS, clock)]

    async def looking():
        for _ in range(15):
            await look(7)
            await look(3, "granne")

    async def sealing(one):
        return sum([await one.seal_once() for _ in range(15)])

    _, *counts = await asyncio.gather(looking(), *(sealing(one) for one in sealers))
    rest = await sealer.seal_once()
    await other_store.close()
    assert sum(counts) + rest == 150
    reports = await check()
    assert {name: (one.rows, one.whole) for name, one in reports.items()} == {
        "granne": (45, True),
        "kommun": (105, True),
    }


async def test_a_sealer_at_work_is_never_taken_for_a_forger(store_url, sealer, look, check, clock):
    checks = []

    async def checking():
        for _ in range(20):
            checks.append(await check())

    async def sealing():
        for _ in range(20):
            await look(5)
            await sealer.seal_once()

    await asyncio.gather(checking(), sealing())
    assert all(one.whole for reports in checks for one in reports.values())


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # PostgreSQL chooses its plan by what it has counted
async def test_finding_what_waits_reads_only_what_waits(empty_store, sealer, look):
    await look(300)
    await sealer.seal_once()
    async with empty_store.read() as connection:
        query = WAITING.compile(empty_store.engine.sync_engine)
        plan = " ".join(str(line) for line in await connection.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert "ix_access_log_unsealed" in plan
