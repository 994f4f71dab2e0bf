"""What waits goes out in order, again until it is heard, and is on disk meanwhile."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alarms.core.watch import Finding, Outage, Trouble, Watch
from alarms.watchdog.kept import Contact, Kept, Memory, Message, OutageRow, Told
from alarms.watchdog.sending import DELIVERED
from alarms.watchdog.telling import GIVEN_UP_AFTER, Telling
from kit.clock import FakeClock, yield_once
from kit.wire.watch import FindingCode

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)


class Outside:
    """Who is told: hears when it listens."""

    def __init__(self) -> None:
        self.listens = True
        self.deaf: set[str] = set()
        self.tried: list[str] = []
        self.heard: list[str] = []

    async def send(self, message: Message, at: datetime) -> str:
        self.tried.append(message.id)
        if not self.listens or message.address in self.deaf:
            return "ConnectError"
        self.heard.append(message.id)
        return DELIVERED


def message(number: int, address: str = "a", outage: str = "", made_at: datetime = AT) -> Message:
    return Message(f"m{number}", "webhook", "contact-1", address, "{}", made_at, outage=outage, phase="begun")


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "watchdog.json")


async def test_in_order_to_each_address_and_none_waits_for_another(
    memory: Memory, outside: Outside, clock: FakeClock
) -> None:
    telling = Telling(memory, outside, clock)  # type: ignore[arg-type]
    telling.start()
    await yield_once()
    outside.deaf = {"b"}
    telling.put([message(1), message(2, "b"), message(3), message(4, "b")])
    await clock.advance(5)
    assert outside.heard == ["m1", "m3"]
    assert "m4" not in outside.tried
    outside.deaf = set()
    await clock.advance(60)
    assert outside.heard == ["m1", "m3", "m2", "m4"]
    assert memory.kept.waiting == ()
    await telling.close()


async def test_who_does_not_hear_is_told_again_at_growing_pauses(
    memory: Memory, outside: Outside, clock: FakeClock
) -> None:
    telling = Telling(memory, outside, clock)  # type: ignore[arg-type]
    telling.start()
    await yield_once()
    outside.listens = False
    telling.put([message(1)])
    await clock.advance(600)
    assert 7 <= len(outside.tried) <= 10
    await telling.close()


async def test_what_waits_is_told_by_the_next_to_start(memory: Memory, outside: Outside, clock: FakeClock) -> None:
    first = Telling(memory, outside, clock)  # type: ignore[arg-type]
    first.start()
    await yield_once()
    outside.listens = False
    first.put([message(1)])
    await clock.advance(2)
    await first.close()
    again = Memory(memory.file)
    again.load()
    outside.listens = True
    second = Telling(again, outside, clock)  # type: ignore[arg-type]
    second.start()
    await yield_once()
    await clock.advance(60)
    assert outside.heard == ["m1"]
    await second.close()


async def test_what_became_of_telling_a_municipality_is_kept_for_the_record(
    memory: Memory, outside: Outside, clock: FakeClock
) -> None:
    telling = Telling(memory, outside, clock)  # type: ignore[arg-type]
    telling.start()
    await yield_once()
    outside.deaf = {"b"}
    telling.put([message(1, outage="outage-1"), message(2, "b", "outage-1", AT - GIVEN_UP_AFTER), message(3)])
    await clock.advance(5)
    told = {one.id: one.outcome for one in memory.kept.told}
    assert told == {"m1": DELIVERED, "m2": "ConnectError"}
    assert memory.kept.waiting == ()
    await telling.close()


def test_the_file_holds_everything_and_is_for_nobody_else(memory: Memory) -> None:
    trouble = Trouble(FindingCode.CASE_WITHOUT_STEP, "", {"case": "case-1", "cases": 2})
    outage = Outage("outage-1", AT, frozenset({FindingCode.DATABASE_AWAY}), AT)
    memory.kept = Kept(
        watch=Watch((Finding(trouble, AT, AT + timedelta(minutes=1), 1),), outage),
        contacts=(Contact("contact-1", "kommun", "Larm", "larm@kommun.test", ""),),
        waiting=(message(1),),
        told=(Told("m0", "outage-1", "contact-1", "kommun", "begun", "email", AT, 2, DELIVERED),),
        outages=(OutageRow("outage-1", AT, AT, None, (FindingCode.DATABASE_AWAY,)),),
        heartbeat_at=AT,
    )
    memory.save()
    again = Memory(memory.file)
    again.load()
    assert again.kept == memory.kept
    assert memory.file.stat().st_mode & 0o077 == 0
    assert list(memory.file.parent.iterdir()) == [memory.file]


def test_a_file_that_cannot_be_read_begins_anew(memory: Memory) -> None:
    memory.file.write_bytes(b'{"watch": 3')
    memory.load()
    assert memory.kept == Kept()


async def test_a_disk_that_is_full_stops_nothing(outside: Outside, clock: FakeClock, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "watchdog.json")
    telling = Telling(memory, outside, clock)  # type: ignore[arg-type]
    telling.start()
    await yield_once()
    telling.put([message(1)])
    await clock.advance(2)
    assert outside.heard == ["m1"]
    await telling.close()
