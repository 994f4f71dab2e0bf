"""How a receiver must ask for a password: tried where it challenges and one is given (`PASSWORD`)."""

from dataclasses import replace

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance import digest
from clients.simulated.conformance.check import Check, expect
from clients.simulated.conformance.device import Asked, Device
from clients.simulated.conformance.line import Line
from clients.simulated.conformance.message import Message
from clients.simulated.conformance.report import Broken, NotTried
from clients.simulated.scaip import STORED, Envelope

_KEPT_OUT = {401, 403}


async def _challenged(device: Device, line: Line) -> tuple[Envelope, dict[str, str], Message]:
    """A request without a password and the 401 that came. Raises NotTried where none did."""
    if not device.target.password:
        raise NotTried("give --password and an account that is asked for it")
    elements = device.elements()
    envelope = device.envelope(line)
    asked = await device.send(line, envelope, envelope.around(bodies.request(elements)), elements["ref"])
    if asked.response is None or asked.status != 401:
        raise NotTried(f"this account is not asked for its password: {asked.seen}")
    return envelope, elements, asked.response.message


async def _shown(device: Device, line: Line, algorithm: str = "", password: str = "") -> tuple[Asked, str]:
    """The request again with the password, and the header that showed it."""
    envelope, elements, response = await _challenged(device, line)
    header = device.shown(response, envelope, envelope.sender, password, algorithm)
    again = replace(envelope, sequence=2, more=(header,))
    return await device.send(line, again, again.around(bodies.request(elements)), elements["ref"]), header


async def _challenge(device: Device) -> str:
    async with device.line() as line:
        _, _, response = await _challenged(device, line)
        offered = digest.challenges(response)
        if not offered:
            raise Broken("401 without a Digest challenge")
        for one in offered:
            if not one.realm or not one.nonce:
                raise Broken("a challenge without realm or nonce")
            if "auth" not in one.qop:
                raise Broken(f"{one.algorithm} is offered without qop=auth")
        return "offered: " + ", ".join(one.algorithm for one in offered)


async def _with_md5(device: Device) -> str:
    async with device.line() as line:
        return expect((await _shown(device, line, "MD5"))[0], STORED).seen


async def _with_sha256(device: Device) -> str:
    async with device.line() as line:
        return expect((await _shown(device, line, "SHA-256"))[0], STORED).seen


async def _wrong_password(device: Device) -> str:
    async with device.line() as line:
        asked, _ = await _shown(device, line, password=device.target.password + "x")
        if asked.status not in _KEPT_OUT:
            raise Broken(asked.seen)
        return f"SIP {asked.status}"


async def _replayed(device: Device) -> str:
    """What was shown once, recorded and shown again with another alarm."""
    async with device.line() as line:
        asked, header = await _shown(device, line)
        expect(asked, STORED, "the first")
        elements = device.elements()
        recorded = replace(device.envelope(line), more=(header,))
        again = await device.send(line, recorded, recorded.around(bodies.request(elements)), elements["ref"])
        if again.status not in _KEPT_OUT:
            raise Broken(f"the recording was heard: {again.seen}")
        return f"SIP {again.status}"


PASSWORD = (
    Check("A device is asked for its password", "SCAIP Transport: 401 with a challenge, qop=auth; RFC 3261 §22.4",
          _challenge),
    Check("MD5 lets in", "SCAIP Transport: MD5 with qop=auth is what devices do; RFC 7616 §3.4", _with_md5),
    Check("SHA-256 lets in", "SCAIP Transport: SHA-256 should be offered too; RFC 8760 §2.3", _with_sha256),
    Check("A wrong password is kept out", "RFC 7616 §3.4.6; RFC 3261 §22.1", _wrong_password, wrong=True),
    Check("A replayed nonce count is kept out", "RFC 7616 §3.4: nc detects request replays", _replayed, wrong=True),
)  # fmt: skip
