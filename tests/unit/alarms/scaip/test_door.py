"""Who is heard: nothing asked, a password, a certificate; and who could not prove who it is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from alarms.receivers.scaip.door import sealed_password
from alarms.receivers.scaip.models import Model
from alarms.receivers.scaip.policy import PLAIN, Asks, Policy
from alarms.receivers.scaip.unproven import unproven_signal
from kit.clock import FakeClock
from kit.metrics import REGISTRY
from kit.wire.words import Reason, SignalKind
from tests.unit.alarms.scaip.device import DEVICE, Station, Wire, answer_to, mrq, sip_message, snu_of

KEYS = ("k" * 32,)
PASSWORD = "blå cykel"
BEAT = mrq(ref="7", mty="PI")
DIGEST = Policy("device-1", Asks.DIGEST, sealed_password(KEYS, "device-1", "26317", PASSWORD))


class Some:
    """Policies of a few, the others are asked nothing."""

    def __init__(self, **policies):
        self.ready = True
        self.policies = {name.removeprefix("a"): policy for name, policy in policies.items()}

    def of(self, account):
        return self.policies.get(account, PLAIN)


@pytest.fixture
async def station():
    async with Station(known=Some(a26317=DIGEST), keys=KEYS) as station:
        yield station


class Caller:
    """A device that is challenged, and answers with a branch and sequence of its own each time."""

    def __init__(self, station, wire=None):
        self.station, self.wire, self.sent = station, wire or station.wire, 0

    async def say(self, *more, body=None, source=DEVICE):
        self.sent += 1
        message = sip_message(body or mrq(ref="7"), branch=f"z9hG4bK{self.sent}", cseq=self.sent, more=more)
        before = len(self.wire.responses())
        await self.station.take(message, self.wire, source)
        return self.wire.responses()[before:]

    async def challenged(self):
        (refusal,) = await self.say()
        assert refusal.startswith(b"SIP/2.0 401 Unauthorized\r\n")
        return refusal


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_device_that_is_asked_for_its_password_is_heard_once_it_has_shown_it(station, algorithm):
    device = Caller(station)
    refusal = await device.challenged()
    assert station.intake.signals == []
    assert station.wire.messages() == []
    assert refusal.count(b"\r\nWWW-Authenticate: Digest ") == 2
    assert refusal.index(b"algorithm=SHA-256") < refusal.index(b"algorithm=MD5")
    (answer,) = await device.say(answer_to(refusal, PASSWORD, algorithm=algorithm))
    assert answer.startswith(b"SIP/2.0 200 ")
    assert [snu_of(told) for told in station.wire.messages()] == [0]
    assert len(station.intake.signals) == 1


async def test_a_model_that_reads_the_first_challenge_alone_is_offered_what_it_knows():
    known = Some(a26317=replace(DIGEST, model=Model(md5_only=True)))
    async with Station(known=known, keys=KEYS) as station:
        device = Caller(station)
        refusal = await device.challenged()
        assert refusal.count(b"WWW-Authenticate") == refusal.count(b"algorithm=MD5") == 1
        (answer,) = await device.say(answer_to(refusal, PASSWORD))
        assert answer.startswith(b"SIP/2.0 200 ")


async def test_a_device_without_a_policy_is_asked_for_nothing(station):
    await station.take(sip_message(mrq(cid="1")))
    assert station.wire.statuses() == [200]
    assert [snu_of(told) for told in station.wire.messages()] == [0]


async def test_firmware_that_answers_a_challenge_in_the_same_words_is_not_taken_for_an_echo(station):
    await station.take(sip_message(mrq()))
    (refusal,) = station.wire.responses()
    await station.take(sip_message(mrq(), more=[answer_to(refusal, PASSWORD)]))
    assert station.wire.statuses() == [401, 200]


async def test_credentials_in_folded_lines_beside_compact_headers_are_read(station):
    device = Caller(station)
    shown = answer_to(await device.challenged(), PASSWORD).replace(", ", ",\r\n\t")
    message = sip_message(mrq(ref="7"), branch="z9hG4bKf", cseq=2, more=[shown])
    for name, compact in ((b"Via", b"v"), (b"From", b"f"), (b"To", b"t"), (b"Call-ID", b"i"), (b"Content-Type", b"c")):
        message = message.replace(b"\r\n" + name + b":", b"\r\n" + compact + b" :")
    await station.take(message)
    assert station.wire.statuses() == [401, 200]


async def test_a_wrong_password_and_another_devices_are_forbidden(station):
    device = Caller(station)
    for wrong in ({"password": "red car"}, {"password": PASSWORD, "user": "26318"}):
        refusal = await device.challenged()
        (answer,) = await device.say(answer_to(refusal, **wrong))
        assert answer.startswith(b"SIP/2.0 403 Forbidden\r\n")
    assert station.intake.signals == []
    assert station.wire.messages() == []


async def test_a_nonce_may_be_used_again_with_the_next_count(station):
    device = Caller(station)
    refusal = await device.challenged()
    for count in (1, 2, 3):
        body = mrq(ref=str(count))
        (answer,) = await device.say(answer_to(refusal, PASSWORD, count=count), body=body)
        assert answer.startswith(b"SIP/2.0 200 ")
    assert len(station.intake.signals) == 3


async def test_a_recording_played_back_is_not_heard(station):
    device = Caller(station)
    shown = answer_to(await device.challenged(), PASSWORD)
    await device.say(shown)
    elsewhere = Caller(station, Wire())
    (answer,) = await elsewhere.say(shown, body=mrq(ref="8"), source=("198.51.100.9", 5060))
    assert answer.startswith(b"SIP/2.0 401 ")
    assert answer.count(b"stale=true") == 2
    assert len(station.intake.signals) == 1


async def test_an_old_nonce_is_stale_and_the_device_goes_on_without_a_person(station):
    device = Caller(station)
    refusal = await device.challenged()
    await station.clock.advance(400)
    (again,) = await device.say(answer_to(refusal, PASSWORD))
    assert again.startswith(b"SIP/2.0 401 ")
    assert b"stale=true" in again
    (answer,) = await device.say(answer_to(again, PASSWORD))
    assert answer.startswith(b"SIP/2.0 200 ")


async def test_a_password_that_cannot_be_opened_lets_nobody_in_and_is_logged_without_the_account():
    async with Station(known=Some(a26317=DIGEST), keys=("another key of thirty-two letters",)) as station:
        device = Caller(station)
        refusal = await device.challenged()
        with capture_logs() as logs:
            (answer,) = await device.say(answer_to(refusal, PASSWORD))
        assert answer.startswith(b"SIP/2.0 403 ")
        assert [(line["event"], line["device"]) for line in logs] == [("scaip_password_unreadable", "device-1")]
        assert "26317" not in str(logs)


async def test_a_device_that_is_asked_for_a_certificate_is_heard_with_its_own_alone():
    known = Some(a26317=Policy("device-1", Asks.CERTIFICATE, fingerprint="ab" * 32))
    async with Station(known=known) as station:
        for shown, status in (("", 403), ("cd" * 32, 403), ("ab" * 32, 200)):
            wire = Wire(reliable=True)
            wire.certificate = shown
            await station.take(sip_message(mrq(), branch=f"z9hG4bK{shown}"), wire)
            assert wire.statuses() == [status]
        assert len(station.intake.signals) == 1


async def test_until_it_is_known_who_is_to_be_asked_devices_hold():
    known = Some(a26317=DIGEST)
    known.ready = False
    async with Station(known=known, keys=KEYS) as station:
        await station.press()
        assert station.wire.statuses() == [200]
        assert [snu_of(told) for told in station.wire.messages()] == [4]
        assert station.intake.signals == []


async def test_a_flood_of_challenges_leaves_nothing_behind_and_a_press_gets_through(station):
    wire = Wire()
    for n in range(500):
        station.exchange.take(sip_message(mrq(ref=str(n)), branch=f"z9hG4bKf{n}"), wire, ("198.51.100.9", 5060))
    assert set(wire.statuses()) == {401}
    assert len(station.exchange._transactions) == 0
    await station.take(sip_message(mrq(cid="1")))
    assert station.wire.statuses() == [200]


async def test_each_outcome_is_counted(station):
    def count(outcome):
        return REGISTRY.get_sample_value("nattljus_scaip_admissions_total", {"outcome": outcome}) or 0

    names = ("no_password", "wrong_password", "let_in", "replayed")
    before = [count(name) for name in names]
    device = Caller(station)
    await device.say(answer_to(await device.challenged(), "red car"))
    shown = answer_to(await device.challenged(), PASSWORD)
    await device.say(shown)
    await device.say(shown)
    assert [count(name) - then for name, then in zip(names, before, strict=True)] == [2, 1, 1, 1]


async def test_the_answer_follows_the_devices_model():
    model = Model(mre=2, cre=61, no_text=True, version="01.00")
    async with Station(known=Some(a26317=Policy("device-1", model=model))) as station:
        await station.press(ref="7")
        assert station.wire.messages()[0].endswith(
            b"<mrs><ref>7</ref><snu>0</snu><cve>01.00</cve><mre>2</mre><cre>61</cre></mrs>"
        )


async def test_a_persons_alarm_with_a_wrong_password_becomes_a_technical_signal_at_once_and_only_once(station):
    device = Caller(station)
    for _ in range(6):
        await device.say(answer_to(await device.challenged(), "red car"))
        await station.clock.advance(8)
    (signal,) = station.intake.signals
    assert (signal.kind, signal.reason, signal.account) == (SignalKind.TECHNICAL, Reason.UNPROVEN, "26317")
    assert signal.type == "unproven/wrong_password"
    assert signal.raw == mrq(ref="7")
    assert signal.received_at < station.clock.now() - timedelta(seconds=40)


async def test_three_heartbeats_refused_in_a_minute_become_a_technical_signal_and_two_do_not(station):
    device = Caller(station)
    for told in (0, 0, 1):
        refusal = (await device.say(body=BEAT))[0]
        await device.say(answer_to(refusal, "red car"), body=BEAT)
        await station.clock.advance(10)
        assert len(station.intake.signals) == told


async def test_who_is_let_in_within_seconds_is_not_told_of(station):
    device = Caller(station)
    await device.say(answer_to(await device.challenged(), "red car"))
    await device.say(answer_to(await device.challenged(), PASSWORD))
    await station.clock.advance(60)
    assert [signal.kind for signal in station.intake.signals] == [SignalKind.ALARM]


async def test_a_thousand_knocks_with_others_accounts_do_not_bury_the_desk():
    known = Some(**{f"a{n}": Policy(f"device-{n}", Asks.CERTIFICATE, fingerprint="ab" * 32) for n in range(1000)})
    async with Station(known=known) as station:
        for n in range(1000):
            await station.take(sip_message(mrq(cid=str(n)), branch=f"z9hG4bK{n}"))
        await station.clock.advance(10)
        assert len(station.intake.signals) == 30
        await station.clock.advance(600)
        await station.take(sip_message(mrq(cid="999"), branch="z9hG4bKlater"))
        await station.clock.advance(10)
        assert station.intake.signals[-1].account == "999"


async def test_a_device_that_never_answers_its_challenges_is_told_of_too(station):
    device = Caller(station)
    for _ in range(3):
        await device.challenged()
        await station.clock.advance(10)
    assert [signal.type for signal in station.intake.signals] == ["unproven/no_password"]


async def test_being_challenged_each_time_is_no_failure_nor_is_sending_several_at_once(station):
    device = Caller(station)
    for _ in range(5):
        await device.say(answer_to(await device.challenged(), PASSWORD))
        await station.clock.advance(5)
    refusals = [await device.challenged() for _ in range(4)]
    for refusal in refusals:
        await device.say(answer_to(refusal, PASSWORD))
    await station.clock.advance(60)
    assert {signal.kind for signal in station.intake.signals} == {SignalKind.ALARM}


async def test_three_heartbeats_refused_over_an_hour_are_nothing(station):
    device = Caller(station)
    for _ in range(3):
        refusal = (await device.say(body=BEAT))[0]
        await device.say(answer_to(refusal, "red car"), body=BEAT)
        await station.clock.advance(1200)
    assert station.intake.signals == []


async def test_a_device_that_is_let_in_again_ends_what_was_told(station):
    device = Caller(station)
    for _ in range(3):
        await device.say(answer_to(await device.challenged(), "red car"))
    await station.clock.advance(6)
    await device.say(answer_to(await device.challenged(), PASSWORD))
    kinds = [signal.kind for signal in station.intake.signals if signal.reason is Reason.UNPROVEN]
    assert kinds == [SignalKind.TECHNICAL, SignalKind.RESTORE]


async def test_what_cannot_be_stored_just_now_is_told_when_it_can(station):
    device = Caller(station)
    station.intake.down = True
    for _ in range(3):
        await device.challenged()
    await station.clock.advance(30)
    assert station.intake.signals == []
    station.intake.down = False
    await station.clock.advance(10)
    assert [signal.reason for signal in station.intake.signals] == [Reason.UNPROVEN]


def test_the_key_of_what_is_told_fits_its_column():
    at = FakeClock().now()
    signal = unproven_signal("9" * 64, SignalKind.TECHNICAL, "wrong_certificate", b"", at)
    assert len(signal.key) <= 200
