"""What a receiver must do with what is wrong: refuse it by its number, and raise an alarm all the same (`WRONG`)."""

from collections.abc import Collection

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance.check import Check, expect
from clients.simulated.conformance.device import Asked, Device
from clients.simulated.conformance.report import Broken, NotTried
from clients.simulated.scaip import STORED

_REFUSED = {400, 413, 415, 488, 493, 513}  # SIP's ways to say that a body is no good


def _refused(asked: Asked, allowed: Collection[int], what: str) -> str:
    """Raises Broken where it was not refused, or not so."""
    if asked.snu in allowed or (asked.snu is None and asked.status in _REFUSED):
        return f"{what}: {asked.seen}"
    raise Broken(f"{what}: {asked.seen}")


async def _said(device: Device, body: bytes, ref: str) -> Asked:
    async with device.line() as line:
        return await device.transaction(line, device.envelope(line), body, ref)


async def _missing(device: Device) -> str:
    seen = []
    for name in ("cid", "dty"):
        elements = device.elements()
        del elements[name]
        seen.append(f"{name}: {expect(await device.say(elements), bodies.MISSING, f'without {name}').seen}")
    return "; ".join(seen)


async def _no_reference(device: Device) -> str:
    elements = device.elements()
    del elements["ref"]
    async with device.line() as line:
        asked = await device.transaction(line, device.envelope(line), bodies.request(elements), "")
        if asked.status in _REFUSED:
            return f"SIP {asked.status}"
        heard = await line.wait(lambda heard: heard.message.method == "MESSAGE", device.target.patience)
        snu = bodies.read(heard.message.body, "mrs", bodies.ANSWER).snu if heard else None
        if snu != bodies.MISSING:
            raise Broken(f"{asked.seen}, and then snu {snu}" if heard else asked.seen)
    return f"snu {bodies.MISSING}"


async def _no_xml(device: Device) -> str:
    seen = []
    for what, text in (
        ("cut off", "<mrq><ref>{ref}</ref><cid>"),
        ("another root", "<alarm><ref>{ref}</ref></alarm>"),
        ("with a DTD", "<!DOCTYPE mrq [<!ENTITY a '1'>]><mrq><ref>{ref}</ref><cid>1</cid><dty>&a;</dty></mrq>"),
    ):
        ref = device.reference()
        asked = await _said(device, text.format(ref=ref).encode(), ref)
        seen.append(_refused(asked, {bodies.INVALID}, what))
    return "; ".join(seen)


async def _too_large(device: Device) -> str:
    if device.target.transport == "udp":
        raise NotTried("too large for a datagram; try --transport tcp")
    elements = device.elements(ite="x" * (bodies.LIMIT + 1024))
    asked = await _said(device, bodies.request(elements), elements["ref"])
    return _refused(asked, {bodies.TOO_LONG, bodies.INVALID}, f"over {bodies.LIMIT} bytes")


async def _defect(device: Device) -> str:
    elements = device.elements(stc="10", pri="high", lco="99999", dco="x")
    return expect(await device.say(elements), STORED, "an alarm with wrong pri, lco and dco").seen


async def _wrong_content(device: Device) -> str:
    elements = device.elements(mty="PI", dty="2", hbo="seldom")
    return expect(await device.say(elements), bodies.WRONG, "a heartbeat with a wrong hbo").seen


async def _garbage(device: Device) -> str:
    """A flow that carried garbage, and then one that does not."""
    for rubbish in (b"\x16\x03\x01 garbage\r\n\r\n", b"MESSAGE\r\n\r\n", bytes(range(256))):
        async with device.line() as line:
            line.send(rubbish)
            await line.wait(lambda heard: True, 0.2)
    return expect(await device.say(device.elements()), STORED, "the next").seen


WRONG = (
    Check("A request without cid or dty is refused", "SCAIP Request: missing ref, cid or dty → snu 7", _missing,
          wrong=True),
    Check("A request without ref is refused", "SCAIP Request: snu 7, or SIP 400 where no ref can be read",
          _no_reference, wrong=True),
    Check("What is not mrq is refused", "SCAIP Request: not XML, wrong root, DTD → snu 2 or SIP 400", _no_xml,
          wrong=True),
    Check("A request over 8 KiB is refused", "SCAIP Request: over 8 KiB → snu 2; SCAIP Answer: 1 too long", _too_large,
          wrong=True),
    Check("An alarm with a defect is raised", "SCAIP Request: a life outranks a syntax error", _defect, wrong=True),
    Check("A heartbeat with a defect is refused", "SCAIP Request: value outside its form → snu 3", _wrong_content,
          wrong=True),
    Check("Garbage harms nobody else", "RFC 3261 §18.3; SCAIP SIP: catch everything", _garbage, wrong=True),
)  # fmt: skip
