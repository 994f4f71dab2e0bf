"""How a receiver must read a line: headers as SIP allows them, and streams however they are cut (`LINE`)."""

from clients.simulated.conformance.check import Check, expect
from clients.simulated.conformance.device import Asked, Device
from clients.simulated.conformance.line import Line
from clients.simulated.conformance.report import Broken, NotTried
from clients.simulated.scaip import STORED, Envelope

_COMPACT = ((b"Via:", b"v:"), (b"From:", b"f:"), (b"To:", b"t:"), (b"Call-ID:", b"i:"),
            (b"Content-Type:", b"c:"), (b"Content-Length:", b"l:"))  # fmt: skip


async def _sent(device: Device, line: Line, change: tuple[tuple[bytes, bytes], ...]) -> Asked:
    elements = device.elements()
    envelope, data = await device.prepared(line, elements)
    for written, instead in change:
        data = data.replace(written, instead, 1)
    return expect(await device.send(line, envelope, data, elements["ref"]), STORED)


async def _compact(device: Device) -> str:
    async with device.line() as line:
        return (await _sent(device, line, _COMPACT)).seen


async def _folded(device: Device) -> str:
    change = ((b";rport;branch=", b";rport\r\n ;branch="), (b"From: ", b"From:\r\n\t"))
    async with device.line() as line:
        return (await _sent(device, line, change)).seen


async def _proxied(device: Device) -> str:
    """Another hop beneath ours, as if a proxy had sent it on."""
    async with device.line() as line:
        beneath = b"\r\nVia: SIP/2.0/UDP 192.0.2.9:5099;branch=z9hG4bKbeneath\r\nMax-Forwards:"
        asked = await _sent(device, line, ((b"\r\nMax-Forwards:", beneath),))
        if asked.response is None:
            raise Broken(asked.seen)
        vias = asked.response.message.all("via")
        if len(vias) != 2 or "192.0.2.9" not in vias[1]:
            raise Broken(f"the 200 came back with {len(vias)} Via, or in another order")
    return "both Via come back in their order"


def _stream(device: Device) -> None:
    if device.target.transport == "udp":
        raise NotTried("a datagram is one message; try --transport tcp")


async def _written(device: Device, line: Line, **more: str) -> tuple[str, Envelope, bytes]:
    elements = device.elements(**more)
    return (elements["ref"], *await device.prepared(line, elements))


async def _come(device: Device, line: Line, written: tuple[str, Envelope, bytes], since: int) -> Asked:
    ref, envelope, data = written
    return await device.awaited(line, envelope, data, ref, since, device.target.patience)


async def _together(device: Device) -> str:
    _stream(device)
    async with device.line() as line:
        both = [await _written(device, line) for _ in range(2)]
        since = len(line.heard)
        line.send(b"".join(data for _, _, data in both))
        for one in both:
            expect(await _come(device, line, one, since), STORED, "one of two in a segment")
    return "both snu 0"


async def _dribbled(device: Device) -> str:
    _stream(device)
    async with device.line() as line:
        ref, envelope, data = await _written(device, line)
        since = len(line.heard)
        for byte in data:
            line.send(bytes([byte]))
            await device.clock.sleep(0)
        return expect(await _come(device, line, (ref, envelope, data), since), STORED).seen


async def _length(device: Device) -> str:
    """A body with blank lines in it, and the next request close behind."""
    _stream(device)
    async with device.line() as line:
        ref, envelope, data = await _written(device, line, lge="\r\n\r\n<geo>57.7,11.9</geo>\r\n\r\n")
        ping = device.envelope(line, method="OPTIONS")
        since = len(line.heard)
        line.send(data + b"\r\n\r\n" + ping.around(b""))
        await line.wait(lambda heard: heard.message.branch == ping.branch, device.target.patience)
        expect(await _come(device, line, (ref, envelope, data), since), STORED, "a body with blank lines")
        if not any(heard.message.branch == ping.branch and heard.message.status == 200 for heard in line.heard):
            raise Broken("the OPTIONS behind it was not answered 200")
    return "the body ends where Content-Length says, and the next message is read"


async def _secured(device: Device) -> str:
    if device.target.transport != "tls":
        raise NotTried("try --transport tls")
    async with device.line() as line:
        if line.tls not in {"TLSv1.2", "TLSv1.3"}:
            raise Broken(line.tls or "no TLS")
        return line.tls


async def _proven(device: Device) -> str:
    if device.target.transport != "tls" or device.target.trust is None or not device.target.trust.check_hostname:
        raise NotTried("try --transport tls with --ca FILE")
    async with device.line() as line:
        return f"{line.tls}, issued by whom --ca names"


LINE = (
    Check("Compact header names are read", "RFC 3261 §7.3.3", _compact),
    Check("Folded headers are read", "RFC 3261 §7.3.1", _folded),
    Check("A proxy in front is answered through", "SCAIP Transport: a SIP element in front adds Via; RFC 3261 §8.2.6.2",
          _proxied),
    Check("Two messages in one segment are two", "RFC 3261 §18.3", _together),
    Check("A message byte by byte is one", "RFC 3261 §18.3", _dribbled),
    Check("Content-Length ends a body", "RFC 3261 §18.3, §20.14", _length),
    Check("TLS is 1.2 or later", "SCAIP Transport: TLS (≥ 1.2)", _secured),
    Check("The certificate is whose it should be", "RFC 5922 §4", _proven),
)  # fmt: skip
