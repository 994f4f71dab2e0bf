"""The conformance kit over real sockets: against the platform, against itself, and against receivers that are wrong."""

import asyncio
import hashlib
import json
import re
import subprocess
import sys
from collections import Counter
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from alarms.receivers.scaip.door import sealed_password
from alarms.receivers.scaip.policy import Asks, Policy
from alarms.tables import signal
from clients.simulated.conformance.checks_answer import stored
from clients.simulated.conformance.checks_password import PASSWORD
from clients.simulated.conformance.device import Device, Target
from clients.simulated.conformance.examine import CHECKS, examine
from clients.simulated.conformance.receiver import Receiver, endpoints
from clients.simulated.conformance.report import Broken, NotTried, Verdict
from deploy.cli import app
from deploy.commands.simulate_peer import _trust
from kit.clock import SystemClock
from tests.certificates import certify, trusting
from tests.integration.test_scaip_tls import secured
from tests.patience import PATIENCE
from tests.unit.alarms.scaip.device import ok_to
from tests.unit.alarms.scaip.test_door import Some

ACCOUNT, STRANGER = "100001", "9999999999999990"  # the first is resident 1's of the demonstration


def target(there, transport="udp", patience=PATIENCE, **more):
    return Target(there, transport, ACCOUNT, STRANGER, patience=patience, **more)


def seen(report, verdict):
    return {finding.name: finding.seen for finding in report.findings if finding.verdict is verdict}


async def test_the_platform_holds_all_that_a_strange_device_can_try_over_udp_and_tcp(platform):
    addresses = {one.transport: (one.host, one.port) for one in platform.platform.scaip.addresses}
    udp, tcp = await asyncio.gather(
        *(examine(target(addresses[transport], transport), SystemClock()) for transport in ("udp", "tcp"))
    )
    async with platform.platform.store.read() as connection:
        kept = Counter((await connection.execute(select(signal.c.reference))).scalars())
    for report in (udp, tcp):
        assert seen(report, Verdict.BROKEN) == {}
        assert report.holds
        assert "A replayed nonce count is kept out" in seen(report, Verdict.NOT_TRIED)
        raised = report.remarks[0].partition(": ")[2].rstrip(".").split()
        # A heartbeat is no signal of the journal; everything else stands there, and once.
        assert sorted(kept[reference] for reference in raised) == [0] + [1] * (len(raised) - 1)
    assert "An answer is sent again until it is confirmed" in seen(udp, Verdict.HELD)
    assert "A message byte by byte is one" in seen(tcp, Verdict.HELD)
    # What the other line is needed for is not tried, and not said to have held.
    assert "A message byte by byte is one" in seen(udp, Verdict.NOT_TRIED)
    assert "An answer is sent again until it is confirmed" in seen(tcp, Verdict.NOT_TRIED)


async def played(transport, **more):
    """Both kits against each other: the device's report and the receiver's."""
    receiver = Receiver(endpoints(f"{transport}:127.0.0.1:0"), SystemClock(), account=ACCOUNT)
    async with receiver:
        _, host, port = receiver.addresses[0].split(":")
        told, _ = await asyncio.gather(
            examine(target((host, int(port)), transport, patience=8, **more), SystemClock()),
            receiver.listen(600, asyncio.Event(), until_done=True),
        )
    return told, receiver.report()


async def test_the_kits_two_sides_hold_against_each_other():
    (right, heard), (wrong, named) = await asyncio.gather(played("udp", well_formed=True), played("tcp"))
    for report in (right, heard, wrong):
        assert seen(report, Verdict.BROKEN) == {}
        assert report.holds
    assert set(seen(heard, Verdict.NOT_TRIED)) == {"The other elements of mrq"}
    # The device that is wrong on purpose is found out, and in nothing that it did rightly.
    faults = seen(named, Verdict.BROKEN)
    assert {"It is a MESSAGE", "ref, cid and dty are there", "pri is 1 digit", "hbo is 0–3"} <= set(faults)
    assert "high" in faults["pri is 1 digit"]
    assert {"It confirms what it is told", "The From user is cid", "Held, it asks again after 5–20 s"} <= set(
        seen(named, Verdict.HELD)
    )


class Wrong(asyncio.DatagramProtocol):
    """A receiver over UDP that answers as its subclass does."""

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        if data.startswith(b"MESSAGE "):
            self.answer(data, data.partition(b"<ref>")[2].partition(b"</ref>")[0].decode(), addr)


class InTheBody(Wrong):
    """Says `mrs` in the 200's body."""

    def answer(self, data, ref, addr):
        mrs = f"<mrs><ref>{ref}</ref><snu>0</snu></mrs>".encode()
        length = b"Content-Length: %d" % len(mrs)
        self.transport.sendto(ok_to(data).replace(b"Content-Length: 0", length) + mrs, addr)


class NeverAgain(Wrong):
    """Tells once, whatever comes; takes all for stored, and each request sent again for a new one."""

    count = 0

    def answer(self, data, ref, addr):
        self.count += 1
        mrs = f"<mrs><ref>{ref}</ref><snu>0</snu></mrs>"
        head = (
            f"MESSAGE sip:x@{addr[0]} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{self.count}",
            "Max-Forwards: 70",
            f"From: <sip:larm@127.0.0.1>;tag={self.count}",
            "To: <sip:x@127.0.0.1>",
            f"Call-ID: {self.count}",
            "CSeq: 1 MESSAGE",
            "Content-Type: application/scaip+xml",
            f"Content-Length: {len(mrs)}",
        )
        self.transport.sendto(ok_to(data), addr)
        self.transport.sendto("\r\n".join([*head, "", mrs]).encode(), addr)


@asynccontextmanager
async def listening(wrong):
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(wrong, ("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")
    finally:
        transport.close()


async def test_a_receiver_that_answers_in_the_200_is_found_out_and_the_rest_is_not_guessed():
    async with listening(InTheBody) as there:
        report = await examine(target(there, patience=1), SystemClock())
    assert not report.holds
    broken = seen(report, Verdict.BROKEN)
    assert set(broken) == {
        "An alarm is stored",
        "The 200 is empty",
        "The 200 echoes its request",
        "The 200 says where the request came from",
        "The answer is a MESSAGE of its own",
    }
    assert "body" in broken["The 200 is empty"]
    assert "A heartbeat is stored" in seen(report, Verdict.NOT_TRIED)


async def test_a_receiver_that_tells_once_and_takes_everything_is_found_out():
    async with listening(NeverAgain) as there:
        report = await examine(target(there, patience=1), SystemClock())
    broken = seen(report, Verdict.BROKEN)
    assert broken["An answer is sent again until it is confirmed"] == "it came 1 times and never again"
    assert "second alarm" in broken["The same request again is the same request"]
    assert {
        "OPTIONS is answered",
        "An unknown account is not treated",
        "A request without cid or dty is refused",
        "What is not mrq is refused",
        "A heartbeat with a defect is refused",
    } <= set(broken)
    assert "Codes are read with any padding" in seen(report, Verdict.HELD)


class Doorkeeper(NeverAgain):
    """Asks for a password as RFC 7616 says, in MD5 and SHA-256; hears each nonce once, or, `careless`, for ever."""

    careless = False

    def __init__(self):
        self.used = set()
        self.wrong = 0

    def answer(self, data, ref, addr):
        text = data.decode()
        shown = dict(
            re.findall(r'(\w+)="?([^",\r]+)', text.partition("Authorization: Digest ")[2].partition("\r\n")[0])
        )
        if not shown:
            self.count += 1
            offers = "".join(
                f'WWW-Authenticate: Digest realm="here", nonce="n{self.count}", algorithm={name}, qop="auth"\r\n'
                for name in ("SHA-256", "MD5")
            )
            refused = ok_to(data, "401 Unauthorized").replace(b"Content-Length", offers.encode() + b"Content-Length")
            self.transport.sendto(refused, addr)
        elif self.knows(shown) and (self.careless or (shown["nonce"], shown["nc"]) not in self.used):
            self.used.add((shown["nonce"], shown["nc"]))
            super().answer(data, ref, addr)
        else:
            self.wrong += 1
            self.transport.sendto(ok_to(data, "403 Forbidden"), addr)

    @staticmethod
    def knows(shown):
        name = {"MD5": "md5", "SHA-256": "sha256"}[shown["algorithm"]]

        def hashed(words):
            return hashlib.new(name, words.encode(), usedforsecurity=False).hexdigest()

        whose, what = hashed(f"{ACCOUNT}:here:secret"), hashed(f"MESSAGE:{shown['uri']}")
        middle = ":".join(shown[word] for word in ("nonce", "nc", "cnonce", "qop"))
        return shown["response"] == hashed(f"{whose}:{middle}:{what}")


class Careless(Doorkeeper):
    careless = True


async def shown_at(keeper, password):
    """What the checks of passwords say, each by its name."""
    said = {}
    async with listening(keeper) as there:
        device = Device(target(there, password=password), SystemClock())
        for check in PASSWORD:
            try:
                said[check.name] = await check.run(device)
            except (Broken, NotTried) as error:
                said[check.name] = error
    return said


async def test_a_password_is_shown_in_either_hash_and_a_replay_that_is_heard_is_found_out():
    right, careless = await shown_at(Doorkeeper, "secret"), await shown_at(Careless, "secret")
    assert right == {
        "A device is asked for its password": "offered: SHA-256, MD5",
        "MD5 lets in": "SIP 200, snu 0",
        "SHA-256 lets in": "SIP 200, snu 0",
        "A wrong password is kept out": "SIP 403",
        "A replayed nonce count is kept out": "SIP 403",
    }
    assert isinstance(careless["A replayed nonce count is kept out"], Broken)
    assert isinstance((await shown_at(Doorkeeper, "other"))["MD5 lets in"], Broken)


async def test_without_a_password_or_a_challenge_nothing_is_said_of_passwords():
    for keeper, password in ((Doorkeeper, ""), (NeverAgain, "secret")):
        assert {type(said) for said in (await shown_at(keeper, password)).values()} == {NotTried}


async def said_of(check, target):
    """What one check saw, after the press that all else builds on."""
    device = Device(target, SystemClock())
    await stored(device)
    return await next(one for one in CHECKS if one.name == check).run(device)


async def test_over_tls_the_version_and_whose_certificate_it_is_are_looked_at(tmp_path):
    own, other = certify(tmp_path, "centre"), certify(tmp_path, "other")
    async with secured(own) as centre:
        there = centre.address("tls")
        trusted = target(there, "tls", trust=trusting(own))
        assert (await said_of("TLS is 1.2 or later", trusted)).startswith("TLSv1.")
        assert "issued by" in await said_of("The certificate is whose it should be", trusted)
        assert await said_of("Two messages in one segment are two", trusted) == "both snu 0"
        with pytest.raises(NotTried):
            await said_of("The certificate is whose it should be", target(there, "tls", trust=_trust(None)))
        with pytest.raises(Broken, match="no line"):
            await said_of("TLS is 1.2 or later", target(there, "tls", trust=trusting(other)))


async def test_over_tls_and_with_a_password_our_receiver_holds_what_is_tried_of_passwords_and_of_streams(tmp_path):
    own, keys = certify(tmp_path, "centre"), ("k" * 32,)
    asked = Policy("d", Asks.DIGEST, sealed_password(keys, "d", ACCOUNT, "secret"))
    async with secured(own, known=Some(**{f"a{ACCOUNT}": asked}), keys=keys) as centre:
        shown = target(centre.address("tls"), "tls", trust=trusting(own), password="secret")
        for check in PASSWORD:
            await said_of(check.name, shown)
        for name in ("Compact header names are read", "Two messages in one segment are two"):
            await said_of(name, shown)
        with pytest.raises(NotTried, match="--password"):
            await said_of("MD5 lets in", target(centre.address("tls"), "tls", trust=trusting(own)))
        # One signal a reference, and none of what was kept out.
        references = [signal.reference for signal in centre.intake.signals]
        assert len(references) == len(set(references)) == 7 + 3 + 3


async def test_a_receiver_that_falls_silent_is_not_waited_for_to_the_end():
    class Once(NeverAgain):
        def answer(self, data, ref, addr):
            if self.count == 0:
                super().answer(data, ref, addr)

    async with listening(Once) as there:
        report = await examine(target(there, patience=1), SystemClock())
    assert "An alarm is stored" in seen(report, Verdict.HELD)
    assert "it has stopped answering" in seen(report, Verdict.NOT_TRIED).values()
    assert not report.holds


def run(*words):
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", "simulate", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=3 * PATIENCE,
    )


def test_where_nobody_answers_the_command_says_so_and_ends_with_1():
    ended = run("device", "--against", "127.0.0.1:9", "--patience", "1", "--json")
    assert ended.returncode == 1, ended.stderr
    said = json.loads(ended.stdout)
    assert said["holds"] is False
    assert {"verdict": "did not hold", "seen": "no answer at all"}.items() <= said["findings"][0].items()
    assert "real alarms" in ended.stderr


def test_a_receiver_that_nobody_pressed_at_has_tried_nothing_and_ends_with_1():
    ended = run("receiver", "--for", "1", "--listen", "udp:127.0.0.1:0")
    assert ended.returncode == 1, ended.stderr
    assert "not tried" in ended.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("device", "--against", "127.0.0.1"),
        ("device", "--against", "127.0.0.1:5060", "--account", "<ref>"),
        ("device", "--against", "127.0.0.1:5060", "--protocol", "morse"),
        ("receiver", "--listen", "sctp:127.0.0.1:5060"),
    ],
)
def test_wrong_usage_ends_with_2(words):
    assert CliRunner().invoke(app, ["simulate", *words]).exit_code == 2


def test_the_scenarios_are_still_there():
    assert {"demo", "night", "device", "receiver"} <= set(
        CliRunner().invoke(app, ["simulate", "--help"]).stdout.split()
    )
