"""Missions' deadlines and races on both databases, with time in the test's hand."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from alarms import tables as alarm_tables
from alarms.core.shapes import Refused
from alarms.core.signal import Signal
from alarms.desk.commands import Commands
from alarms.escalation import Escalation
from alarms.hub import Hub
from alarms.journal import Changed, lock_case, write
from alarms.missions import tables
from alarms.missions.commands import MissionCommands
from alarms.missions.send import To, send_mission
from alarms.missions.timers import MissionTimers
from kit.bus import LocalBus
from kit.clock import FakeClock
from kit.errors import Refusal
from kit.store import Store, open_store
from kit.wire import desk
from kit.wire.mission import ArrivedBody, MissionAct
from kit.wire.mission_words import ArrivedReason
from kit.wire.words import Reason, Role, SignalKind
from registry.access import Span, Who
from registry.tables import assignment, grant, person
from tests.integration.alarms.homes import fill

MINUTE = timedelta(minutes=1)
WORKERS = ("anna", "amir", "petra")


@pytest.fixture
async def store(store_url: str, clock: FakeClock) -> AsyncIterator[Store]:
    store = open_store(store_url)
    async with store.write() as connection:
        await fill(connection)
        await connection.execute(person.insert(), [{"id": one, "name": one.title()} for one in WORKERS])
        await connection.execute(
            assignment.insert(),
            [
                {"id": one, "person": one, "role": Role.WORKER, "unit": "norr", "starts_at": clock.now() - MINUTE}
                for one in WORKERS
            ],
        )
    yield store
    await store.close()


def who(name: str, role: Role, clock: FakeClock) -> Who:
    unit = "norr" if role is Role.WORKER else None
    span = Span(clock.now() - timedelta(days=1), clock.now() + timedelta(days=9))
    return Who(name, name.title(), role, unit, "kommun", None, span)


class Night:
    """One pressed and taken case, and what people and time do to it."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.commands = Commands(store, LocalBus(), clock)
        self.missions = MissionCommands(store, LocalBus(), clock)
        self.timers = MissionTimers(store, LocalBus(), clock)
        self.karin = who("karin", Role.OPERATOR, clock)

    async def press(self, account: str = "0") -> str:
        at = self.clock.now()
        hub = Hub(self.store, LocalBus(), self.clock)
        await hub.start()
        receipt = await hub.receive(
            Signal("scaip", account, None, f"k{account}", SignalKind.ALARM, Reason.PRESSED, 2, "ME", "1", at, None, b"")
        )
        await hub.close()
        assert receipt.case is not None
        await self.commands.carry_out(self.karin, f"take-{account}", receipt.case, desk.Take())
        return receipt.case

    async def send(self, case: str, command: str = "send", **to: str) -> str:
        answer = await self.commands.carry_out(self.karin, command, case, desk.Dispatch(**(to or {"unit": "norr"})))
        assert answer.case is not None, answer.code
        return str((await self.rows(tables.mission))[-1]["id"])

    def worker(self, name: str) -> Who:
        return who(name, Role.WORKER, self.clock)

    async def due(self, after: timedelta) -> int:
        return await self.timers.act_on_due(self.clock.now() + after)

    async def rows(self, table: Any) -> list[Any]:
        async with self.store.read() as connection:
            return list((await connection.execute(select(table).order_by(table.c.id))).mappings())

    async def case(self) -> Any:
        return (await self.rows(alarm_tables.case))[0]

    async def lines(self, kind: str) -> int:
        return sum(line["kind"] == kind for line in await self.rows(alarm_tables.timeline))


@pytest.fixture
def night(store: Store, clock: FakeClock) -> Night:
    return Night(store, clock)


async def test_a_mission_nobody_accepts_makes_its_case_urgent_after_three_minutes(night: Night) -> None:
    """[8]"""
    await night.send(await night.press())
    assert await night.due(3 * MINUTE - timedelta(seconds=1)) == 0
    assert await night.due(3 * MINUTE) == 1
    assert await night.due(3 * MINUTE) == 0
    case, [mission] = await night.case(), await night.rows(tables.mission)
    assert (case["priority"], case["unread"], case["escalation"], case["missions"]) == (1, 1, 1, 1)
    assert case["next_step_at"] == night.clock.now() + 4 * MINUTE
    assert (mission["state"], mission["urgent"]) == ("sent", 1)
    escalation = Escalation(night.store, LocalBus(), night.clock)
    assert await escalation.act_on_due(night.clock.now() + 4 * MINUTE) == 1
    assert (await night.case())["escalation"] == 2, "the supervisor is asked when the handler does nothing"
    assert await night.due(6 * MINUTE) == 1
    assert await night.lines("mission_urgent") == 2


async def test_accepted_without_arrival_is_urgent_again_and_again(night: Night) -> None:
    """[8]"""
    mission = await night.send(await night.press())
    await night.missions.accept(night.worker("anna"), mission, MissionAct())
    assert await night.due(30 * MINUTE - timedelta(seconds=1)) == 0
    assert await night.due(30 * MINUTE) == 1
    assert await night.due(35 * MINUTE) == 1
    assert await night.lines("mission_urgent") == 2
    body = ArrivedBody(reason=ArrivedReason.LET_IN)
    await night.missions.arrive(night.worker("anna"), mission, body)
    assert await night.due(36 * MINUTE) == 0


async def test_several_processes_share_the_missions_deadlines_and_none_acts_twice(night: Night) -> None:
    for number in range(4):
        await night.send(await night.press(str(number)), f"send-{number}")
    several = [MissionTimers(night.store, LocalBus(), night.clock) for _ in range(4)]
    due = night.clock.now() + 3 * MINUTE
    assert sum(await asyncio.gather(*(one.act_on_due(due) for one in several))) == 4
    assert await night.lines("mission_urgent") == 4


async def test_a_deadline_that_passed_while_nobody_ran_acts_when_somebody_does(night: Night) -> None:
    await night.send(await night.press())
    await night.clock.advance(3600)
    timers = MissionTimers(night.store, LocalBus(), night.clock)
    assert await timers.act_on_due(night.clock.now()) == 1
    assert await timers.act_on_due(night.clock.now()) == 0
    [mission] = await night.rows(tables.mission)
    assert mission["next_step_at"] == night.clock.now() + 3 * MINUTE


async def test_of_a_team_the_first_to_accept_has_it_and_the_others_are_told_who(night: Night) -> None:
    mission = await night.send(await night.press())

    async def accept(name: str) -> str:
        try:
            return (await night.missions.accept(night.worker(name), mission, MissionAct())).responder or ""
        except Refusal as refusal:
            return f"{refusal.code} {refusal.detail['responder_name']}"

    answers = await asyncio.gather(*map(accept, WORKERS))
    [winner] = [one for one in answers if not one.startswith("mission_taken")]
    assert sorted(answers) == sorted([winner, *[f"mission_taken {winner.title()}"] * 2])
    [held] = [row for row in await night.rows(grant) if row["purpose_kind"] == "mission"]
    assert (held["holder"], held["purpose"], held["resident"]) == (winner, mission, "resident-0")


async def test_a_plan_sends_in_the_callers_own_transaction(night: Night) -> None:
    case_id = await night.press()
    at = night.clock.now()
    async with night.store.write() as connection:
        case = await lock_case(connection, case_id)
        assert case is not None
        sent = await send_mission(connection, case, to=To(person="anna"), by=None, at=at, why="untaken")
        assert not isinstance(sent, Refused)
        again = await send_mission(connection, sent.case, to=To(unit="norr"), by=None, at=at)
        assert not isinstance(again, Refused)
        await write(connection, [Changed(again.case, (*sent.entries, *again.entries))], at)
        for nobody in (To(), To(unit="else"), To(person="karin"), To(unit="norr", person="anna")):
            refused = await send_mission(connection, again.case, to=nobody, by=None, at=at)
            assert refused == Refused("no_such_responder")
    assert (await night.case())["missions"] == 2
    assert len(await night.rows(tables.mission)) == 2
    assert await night.lines("mission_sent") == 2
