"""SCAIP over TLS: real handshakes on free ports, with OpenSSL's own client as the stranger."""

import asyncio
import shutil
import socket
import ssl
from contextlib import asynccontextmanager

import pytest

from alarms.receivers.pace import Pace
from alarms.receivers.scaip.policy import Asks, Policy
from alarms.receivers.scaip.tls import Certificates, Files, TlsListener, read_context
from alarms.watchdog.scaip import send_scaip
from deploy.commands.doctor import examined
from kit.clock import FakeClock, SystemClock
from kit.settings import Settings
from tests.certificates import certify, trusting
from tests.integration.test_scaip_listen import running, tcp_device
from tests.integration.udp import udp_device
from tests.patience import PATIENCE
from tests.unit.alarms.scaip.device import mrq, ok_to, sip_message, snu_of
from tests.unit.alarms.scaip.test_door import Some

clock = SystemClock()
ADDRESSES = "udp:127.0.0.1:0 tls:127.0.0.1:0"


@pytest.fixture
def own(tmp_path):
    return certify(tmp_path, "centre")


@asynccontextmanager
async def secured(own, *, client_ca="", **more):
    files = Files(str(own.certificate), str(own.key), str(client_ca))
    async with running(listen=ADDRESSES, tls=files, **more) as centre:
        yield centre


async def press_once(centre, context, ref="1"):
    """What a device on a connection of its own is told."""
    async with tcp_device(centre.address("tls"), ssl=context) as device:
        device.send(sip_message(mrq(ref=ref), transport="TLS"))
        await device.next()
        return snu_of(await device.next())


async def test_a_press_over_tls_is_told_on_the_same_connection(own):
    async with secured(own) as centre, tcp_device(centre.address("tls"), ssl=trusting(own)) as device:
        device.send(sip_message(mrq(ref="42"), transport="TLS"))
        assert (await device.next()).startswith(b"SIP/2.0 200 OK\r\n")
        told = await device.next()
        assert snu_of(told) == 0
        assert b"\r\nVia: SIP/2.0/TLS " in told
        assert b";transport=tls SIP/2.0\r\n" in told.split(b"\n")[0] + b"\n"
        device.send(ok_to(told))
        device.send(b"\r\n\r\n")
        assert await asyncio.wait_for(device.reader.readexactly(2), PATIENCE) == b"\r\n"
        assert [signal.reference for signal in centre.intake.signals] == ["42"]


async def test_many_presses_sent_with_the_end_of_the_handshake_are_all_heard(own):
    async with secured(own) as centre, tcp_device(centre.address("tls"), ssl=trusting(own)) as device:
        device.send(b"".join(sip_message(mrq(ref=str(n)), branch=f"z9hG4bK{n}", transport="TLS") for n in range(50)))
        heard = [await device.next() for _ in range(100)]
        assert [snu_of(data) for data in heard].count(0) == 50


async def test_the_watchdogs_test_is_stored_over_tls(own):
    async with secured(own) as centre:
        endpoint = next(one for one in centre.receiver.addresses if one.transport == "tls")
        await asyncio.wait_for(send_scaip(endpoint, "7"), PATIENCE)
        assert [signal.reference for signal in centre.intake.signals] == ["7"]


async def test_a_stream_that_cannot_be_cut_is_refused_over_tls_too(own):
    async with (
        secured(own, clock=FakeClock()) as centre,
        tcp_device(centre.address("tls"), ssl=trusting(own)) as device,
    ):
        device.send(sip_message().replace(b"Content-Length: 0\r\n", b""))
        assert (await device.next()).startswith(b"SIP/2.0 400 ")
        await centre.clock.advance(3)
        assert await device.rest() == b""


async def test_nothing_older_than_tls_1_2_is_spoken(own):
    old = trusting(own)
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    async with secured(own) as centre:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await asyncio.open_connection(*centre.address("tls"), ssl=old)


async def test_a_devices_certificate_is_optional_and_one_that_nobody_signed_is_refused(own, tmp_path):
    known, stranger = certify(tmp_path, "known"), certify(tmp_path, "stranger")
    async with secured(own, client_ca=known.certificate) as centre:
        assert await press_once(centre, trusting(own)) == 0
        assert await press_once(centre, trusting(own, known), ref="2") == 0
        with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
            await press_once(centre, trusting(own, stranger))


async def test_a_device_whose_certificate_is_asked_for_is_heard_with_it_alone(own, tmp_path):
    mine, other = certify(tmp_path, "mine"), certify(tmp_path, "other")
    both = tmp_path / "both.pem"
    both.write_bytes(mine.certificate.read_bytes() + other.certificate.read_bytes())
    asked = Some(a26317=Policy("device-1", Asks.CERTIFICATE, fingerprint=mine.fingerprint))
    async with secured(own, client_ca=both, known=asked) as centre:
        for number, (shown, status) in enumerate(((mine, 200), (other, 403), (None, 403), (mine, 200))):
            async with tcp_device(centre.address("tls"), ssl=trusting(own, shown)) as device:
                device.send(sip_message(mrq(ref=str(number)), transport="TLS"))
                assert (await device.next()).startswith(f"SIP/2.0 {status} ".encode())
        async with udp_device(centre.address("udp")) as device:
            device.send(sip_message(mrq(ref="9")))
            assert (await device.next()).startswith(b"SIP/2.0 403 ")
        assert [signal.reference for signal in centre.intake.signals] == ["0", "3"]


async def test_what_speaks_no_tls_or_hangs_up_halfway_harms_nobody(own):
    async with secured(own) as centre:
        for noise in (b"", b"\x16\x03\x01\x02", sip_message(mrq()), bytes(70_000)):
            _, writer = await asyncio.open_connection(*centre.address("tls"))
            writer.write(noise)
            writer.transport.abort()
        assert await press_once(centre, trusting(own)) == 0
        assert len(centre.intake.signals) == 1


async def test_a_handshake_that_is_never_done_is_given_up(own, monkeypatch):
    monkeypatch.setattr("alarms.receivers.scaip.tls.HANDSHAKE_WITHIN", 0.2)
    async with secured(own) as centre:
        reader, writer = await asyncio.open_connection(*centre.address("tls"))
        assert await asyncio.wait_for(reader.read(), PATIENCE) == b""
        writer.transport.abort()


async def test_the_oldest_half_open_handshake_makes_room_for_a_device(own):
    made = []

    class Heard(asyncio.Protocol):
        def connection_made(self, transport):
            made.append(transport)

    with socket.create_server(("127.0.0.1", 0)) as bare:
        bare.setblocking(False)
        certificates = Certificates(Files(str(own.certificate), str(own.key)))
        listener = TlsListener(bare, certificates, Heard, clock, Pace(0), limit=3)
        listener.start()
        address = bare.getsockname()
        idle = [await asyncio.open_connection(*address) for _ in range(3)]
        _, writer = await asyncio.wait_for(asyncio.open_connection(*address, ssl=trusting(own)), PATIENCE)
        assert await asyncio.wait_for(idle[0][0].read(), PATIENCE) == b""
        for transport in [*made, writer.transport, *(one.transport for _, one in idle)]:
            transport.abort()
        await listener.close()


async def test_an_address_that_comes_too_fast_waits_its_turn_and_is_then_sent_away(own):
    async with secured(own, handshakes=5.0) as centre:
        come = (asyncio.open_connection(*centre.address("tls"), ssl=trusting(own)) for _ in range(40))
        lines = await asyncio.wait_for(asyncio.gather(*come, return_exceptions=True), PATIENCE)
        let_in = [line for line in lines if isinstance(line, tuple)]
        assert 1 <= len(let_in) < 40
        assert all(isinstance(line, tuple | OSError) for line in lines)
        for _, writer in let_in:
            writer.transport.abort()


async def test_while_handshakes_hang_a_press_over_udp_gets_through(own):
    async with secured(own) as centre:
        loop = asyncio.get_running_loop()
        hanging = []
        try:
            for _ in range(400):
                one = socket.socket()
                one.setblocking(False)
                hanging.append(one)
                await loop.sock_connect(one, centre.address("tls"))
            async with udp_device(centre.address("udp")) as device:
                began = clock.monotonic()
                device.send(sip_message(mrq()))
                assert (await device.next()).startswith(b"SIP/2.0 200")
                assert snu_of(await device.next()) == 0
                took = clock.monotonic() - began
            print(f"answered in {took * 1000:.1f} ms beside {len(hanging)} half-open handshakes")
            assert took < 5
            assert await press_once(centre, trusting(own), ref="2") == 0
        finally:
            for one in hanging:
                one.close()


async def test_a_renewed_certificate_is_taken_and_an_unusable_one_changes_nothing(own, tmp_path):
    certificates = Certificates(Files(str(own.certificate), str(own.key)))
    first = certificates.context
    await certificates.look()
    assert certificates.context is first
    own.key.write_text("no key")
    await certificates.look()
    assert certificates.context is first
    renewed = certify(tmp_path, "renewed")
    own.certificate.write_bytes(renewed.certificate.read_bytes())
    own.key.write_bytes(renewed.key.read_bytes())
    await certificates.look()
    assert certificates.context is not first


def test_without_a_usable_certificate_it_is_said_in_a_sentence(own, tmp_path):
    other = certify(tmp_path, "other")
    absent = tmp_path / "absent.pem"
    junk = tmp_path / "junk.pem"
    junk.write_text("junk")
    for certificate, key, ca, sentence in (
        ("", "", "", "Set NATTLJUS_TLS_CERT and NATTLJUS_TLS_KEY"),
        (own.certificate, absent, "", "NATTLJUS_TLS_KEY: .* cannot be read"),
        (absent, own.key, "", "NATTLJUS_TLS_CERT: .* cannot be read"),
        (junk, own.key, "", "no certificate in PEM"),
        (own.certificate, other.key, "", "with the key that belongs to it"),
        (own.certificate, own.key, absent, "NATTLJUS_TLS_CLIENT_CA: .* cannot be read"),
        (own.certificate, own.key, junk, "holds no certificate"),
    ):
        with pytest.raises(ValueError, match=sentence):
            read_context(Files(str(certificate), str(key), str(ca)))


def test_the_doctor_looks_at_the_certificate_and_says_when_it_ends(own, tmp_path):
    said = {"data": tmp_path, "sip_listen": ADDRESSES, "tls_cert": str(own.certificate)}
    for key, well, what in ((own.key, True, "ends 2069-12-19"), (own.certificate, False, "NATTLJUS_TLS_KEY")):
        findings = examined(Settings(**said, tls_key=str(key), _env_file=None))
        (finding,) = [one for one in findings if what in one.what]
        assert finding.well is well


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
async def test_openssl_presses_over_tls_as_the_recipe_says(own):
    async with secured(own) as centre:
        host, port = centre.address("tls")
        stranger = await asyncio.create_subprocess_exec(
            "openssl",
            *("s_client", "-connect", f"{host}:{port}", "-CAfile", own.certificate, "-verify_return_error", "-quiet"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            stranger.stdin.write(sip_message(mrq(ref="9"), transport="TLS"))
            heard = await asyncio.wait_for(stranger.stdout.readuntil(b"</mrs>"), PATIENCE)
        finally:
            stranger.kill()
            await stranger.communicate()
        assert heard.startswith(b"SIP/2.0 200 OK\r\n")
        assert snu_of(heard) == 0
        assert [signal.reference for signal in centre.intake.signals] == ["9"]
