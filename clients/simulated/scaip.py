"""A SCAIP device on UDP: sends its press until it is heard, and is content when it is told that the press is stored.

RFC 3261 §17.1.2 (a request over UDP is sent again after T1, 2·T1, … at most T2); SIP's own 200 promises nothing, the
receiver's `mrs` with `snu` 0 does, and is confirmed.
"""

import asyncio
import re
from typing import cast

from kit.clock import Clock

Address = tuple[str, int]

T1, T2 = 0.5, 4.0  # seconds
GIVE_UP = 20.0  # seconds
STORED, HOLD = 0, 4

_CARRIED = re.compile(r"(?:via|from|to|call-id|cseq)\s*:", re.IGNORECASE)
_MRS = re.compile(rb"<mrs>.*?<ref>([^<]*)</ref>.*?<snu>(\d+)</snu>", re.DOTALL)


class NotTold(Exception):
    """Nobody said that the press is stored; the text says what was said instead."""


PRESS = "<mty>ME</mty><cid>{account}</cid><dty>03</dty><stc>010</stc>"
HEARTBEAT = "<mty>PI</mty><cid>{account}</cid><dty>02</dty>"


async def press(clock: Clock, receiver: Address, account: str, reference: str) -> None:
    """Press as that account. Returns when the press is stored. Raises NotTold after 20 s or a refusal, and OSError."""
    await _say(clock, receiver, account, reference, PRESS)


async def beat(clock: Clock, receiver: Address, account: str, reference: str) -> None:
    """Send a heartbeat as that account. Returns when it is stored. Raises NotTold after 20 s or a refusal, OSError."""
    await _say(clock, receiver, account, reference, HEARTBEAT)


async def _say(clock: Clock, receiver: Address, account: str, reference: str, what: str) -> None:
    line = _Line(reference)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: line, remote_addr=receiver)
    ends = clock.monotonic() + GIVE_UP
    attempt, pause = 0, T1
    try:
        while (left := ends - clock.monotonic()) > 0:
            if not line.accepted:
                line.send(_message(line.here, receiver, account, reference, attempt, what))
            try:
                async with asyncio.timeout(min(pause, left)):
                    said = await line.told.get()
            except TimeoutError:
                pause = min(2 * pause, T2)
                continue
            if said == STORED:
                return
            if said != HOLD:
                raise NotTold(f"told {said}")
            # Told to wait: the same press again, as a request of its own.
            await clock.sleep(min(5.0, left))
            attempt, pause, line.accepted = attempt + 1, T1, False
        raise NotTold("told nothing")
    finally:
        line.close()


def _message(here: Address, receiver: Address, account: str, reference: str, attempt: int, what: str) -> bytes:
    host, port = here[0], here[1]
    call = f"{reference}-{attempt}"
    body = f"<mrq><ref>{reference}</ref>{what.format(account=account)}</mrq>"
    head = (
        f"MESSAGE sip:larm@{receiver[0]}:{receiver[1]} SIP/2.0",
        f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{call}",
        "Max-Forwards: 70",
        f"From: <sip:{account}@{host}>;tag={call}",
        f"To: <sip:larm@{receiver[0]}>",
        f"Call-ID: {call}@{host}",
        "CSeq: 1 MESSAGE",
        "Content-Type: application/scaip+xml",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*head, "", body]).encode()


class _Line(asyncio.DatagramProtocol):
    """The device's socket, for one press."""

    def __init__(self, reference: str) -> None:
        self.told: asyncio.Queue[int] = asyncio.Queue(16)
        self.accepted = False
        self._reference = reference.encode()
        self._socket: asyncio.DatagramTransport | None = None

    @property
    def here(self) -> Address:
        """Where it hears answers."""
        assert self._socket is not None
        return cast(Address, self._socket.get_extra_info("sockname"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast(asyncio.DatagramTransport, transport)

    def send(self, data: bytes) -> None:
        """Send once."""
        assert self._socket is not None
        self._socket.sendto(data)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if data.startswith(b"SIP/2.0 "):
            self.accepted = self.accepted or data[8:11].isdigit()
            return
        if not data.startswith(b"MESSAGE "):
            return
        carried = [line for line in data.decode("utf-8", "replace").split("\r\n") if _CARRIED.match(line)]
        self.send("\r\n".join(["SIP/2.0 200 OK", *carried, "Content-Length: 0", "", ""]).encode())
        found = _MRS.search(data)
        if found and found[1] == self._reference and not self.told.full():
            self.told.put_nowait(int(found[2]))

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: as if it had been lost."""

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
