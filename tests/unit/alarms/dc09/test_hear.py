"""From a frame to its answer, on a clock that stands still."""

from datetime import timedelta

import pytest

from alarms.receivers.dc09.frame import wrap
from alarms.receivers.dc09.keys import Agreed
from kit.wire.words import SignalKind
from tests.unit.alarms.dc09.panel import KEY, Station, frame, heartbeat, message, said, stamp

OTHER_KEY = bytes(16)


async def test_a_press_is_acknowledged_after_it_is_stored_and_not_before():
    """[2]"""
    async with Station() as station:
        gate = station.intake.hold_up()
        assert await station.hear(frame(seq="0815", head="R1L2")) == []
        gate.set()
        await station.clock.advance(0)
        assert [said(answer) for answer in station.answers] == [("ACK", "0815", "R1L2#1234", "")]
        assert [signal.reference for signal in station.intake.signals] == ["0815"]


async def test_the_answer_repeats_what_the_device_said_of_itself_and_nothing_else():
    async with Station() as station:
        assert await station.told(frame(head="", seq="270F")) == ("ACK", "270F", "#1234", "")
        assert await station.told(frame(account=None, head="L00")) == ("ACK", "0001", "L00", "")


async def test_what_cannot_be_stored_is_met_with_silence():
    """[2]"""
    async with Station() as station:
        station.intake.down = True
        assert await station.told(frame()) is None
        station.intake.down = False
        assert (await station.told(frame()))[0] == "ACK"
        station.keys.down = True
        assert await station.told(frame(seq="0002")) is None


async def test_the_same_message_again_is_acknowledged_again_and_stored_once():
    async with Station() as station:
        for _ in range(3):
            assert (await station.told(frame()))[0] == "ACK"
        assert len(station.intake.signals) == 1


async def test_an_account_that_is_nobody_s_is_sent_to_its_next_receiver():
    async with Station() as station:
        station.intake.unknown = True
        assert await station.told(frame()) == ("DUH", "0001", "L0#1234", "")
        assert len(station.intake.signals) == 1  # and the alarm is before a human all the same


async def test_supervision_is_a_heartbeat_that_is_acknowledged():
    async with Station() as station:
        assert await station.told(heartbeat()) == ("ACK", "0000", "L0#1234", "")
        assert [signal.kind for signal in station.intake.signals] == [SignalKind.HEARTBEAT]


@pytest.mark.parametrize("damage", [b"\n1EF30013", b"\n1EF20014", b"\nXXXX0013", b"\n"])
async def test_a_frame_with_a_wrong_checksum_is_met_with_silence(damage):
    async with Station() as station:
        assert await station.hear(damage + b'"NULL"0000L0#1234[]\r') == []
        assert station.intake.signals == []


async def test_a_kind_of_message_that_is_not_ours_is_said_to_be_none():
    async with Station() as station:
        assert await station.told(frame(token="SIA-PUL")) == ("DUH", "0001", "L0#1234", "")
        assert station.intake.signals == []


@pytest.mark.parametrize(("seconds", "word"), [(-41, "NAK"), (-39, "ACK"), (20, "ACK"), (22, "NAK")])
async def test_a_message_that_is_not_in_time_hears_what_time_it_is(seconds, word):
    async with Station() as station:
        now = station.clock.now()
        told = await station.told(frame(at=now + timedelta(seconds=seconds)))
        assert told[0] == word
        assert bool(station.intake.signals) == (word == "ACK")
        if word == "NAK":
            assert told == ("NAK", "0000", "R0L0A0", stamp(now))


async def test_a_broken_timestamp_in_clear_keeps_no_press_out():
    async with Station() as station:
        assert (await station.told(wrap(message() + b"_25:00:00,01-15-2026")))[0] == "ACK"
        assert station.intake.signals[0].defects == ("timestamp",)


@pytest.mark.parametrize("size", [16, 24, 32])
async def test_what_is_encrypted_is_answered_encrypted_with_our_time(size):
    key = bytes(range(size))
    async with Station() as station:
        station.keys.agreed["1234"] = Agreed(True, key)
        now = station.clock.now()
        told = await station.told(frame(at=now, key=key, extra="[X12.5][Y57.5]"), key)
        assert told == ("*ACK", "0001", "L0#1234", stamp(now))
        [signal] = station.intake.signals
        assert signal.details["latitude"] == "57.5"
        assert signal.defects == ()
        assert (await station.told(heartbeat(at=now, key=key), key))[0] == "*ACK"


async def test_an_encrypted_answer_to_an_account_that_is_nobody_s():
    async with Station() as station:
        station.keys.agreed["1234"] = Agreed(True, KEY)
        station.intake.unknown = True
        assert (await station.told(frame(at=station.clock.now(), key=KEY), KEY))[0] == "*DUH"


async def test_an_encrypted_message_without_a_timestamp_in_time_proves_nothing():
    async with Station() as station:
        station.keys.agreed["1234"] = Agreed(True, KEY)
        old = station.clock.now() - timedelta(minutes=10)
        assert (await station.told(frame(key=KEY)))[0] == "NAK"
        assert (await station.told(frame(key=KEY, at=old)))[0] == "NAK"
        assert station.intake.signals == []


@pytest.mark.parametrize("agreed", [Agreed(False), Agreed(True, None), Agreed(True, OTHER_KEY)])
async def test_what_our_key_does_not_open_is_said_to_be_of_no_use(agreed):
    async with Station() as station:
        station.keys.agreed["1234"] = agreed
        for number in range(20):
            told = await station.told(frame(seq=f"{number:04}", at=station.clock.now(), key=KEY))
            assert told == ("DUH", f"{number:04}", "L0#1234", "") or told[0] == "NAK"
        assert station.intake.signals == []


@pytest.mark.parametrize("agreed", [Agreed(True, KEY), Agreed(True, None)])
async def test_from_a_device_with_a_key_only_an_alarm_is_heard_in_clear_and_that_is_noted(agreed):
    """[3]"""
    async with Station() as station:
        station.keys.agreed["1234"] = agreed
        assert await station.told(heartbeat()) == ("DUH", "0000", "L0#1234", "")
        for data in ("#1234|NRX", "#1234|NQR1", "#1234|NOC1", "#1234|NYT"):
            assert (await station.told(frame(data)))[0] == "DUH"
        assert station.intake.signals == []
        assert await station.told(frame()) == ("ACK", "0001", "L0#1234", "")
        assert station.intake.signals[0].defects == ("not_encrypted",)
        hidden = frame("#1234|NRX", account=None)  # who it is stands in front of the data alone
        assert (await station.told(hidden))[0] == "DUH"


async def test_under_overload_things_wait_and_people_do_not():
    """[12]"""
    async with Station(busy_at=3, beats_at=2) as station:
        gate = station.intake.hold_up()
        for number in range(1, 4):
            await station.hear(frame(seq=f"{number:04}"))
        for number in range(1, 5):
            await station.hear(heartbeat(seq=f"100{number}"))
        await station.hear(frame("#1234|NYT", seq="0004"))
        await station.hear(frame(seq="0005"))
        gate.set()
        await station.clock.advance(0)
        heard = sorted(said(answer)[1] for answer in station.answers)
        assert heard == ["0001", "0002", "0003", "0005", "1001", "1002"]
        assert (await station.told(frame("#1234|NYT", seq="0006")))[0] == "ACK"


async def test_more_than_fits_in_memory_is_met_with_silence_and_forgotten():
    async with Station(full_at=2) as station:
        gate = station.intake.hold_up()
        for number in range(1, 9):
            station.hearing.hear(frame(seq=f"{number:04}")[1:-1], station.reply)
        await station.clock.advance(0)
        gate.set()
        await station.clock.advance(0)
        assert len(station.answers) == len(station.intake.signals) == 2
        assert (await station.told(frame(seq="0003")))[0] == "ACK"


async def test_a_line_that_was_cut_before_the_answer_is_noted_for_an_alarm():
    async with Station() as station:
        station.cut = True
        await station.hear(heartbeat())
        await station.hear(frame("#1234|NYT"))
        assert station.intake.untold == []
        await station.hear(frame())
        assert len(station.intake.untold) == 1


async def test_a_bug_of_ours_is_silence_and_the_next_message_is_heard():
    async with Station(full_at=1) as station:
        station.intake.broken = True
        assert await station.told(frame()) is None
        station.intake.broken = False
        assert (await station.told(frame()))[0] == "ACK"
