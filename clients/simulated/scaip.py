"""A SCAIP device on UDP: sends its press until it is heard, and is content when it is told that the press is stored.

RFC 3261 §17.1.2 (a request over UDP is sent again after T1, 2·T1, … at most T2); SIP's own 200 promises nothing, the
receiver's `mrs` with `snu` 0 does, and is confirmed.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import cast

from kit.clock import Clock

Address = tuple[str, int]

T1, T2 = 0.5, 4.0  # seconds
GIVE_UP = 20.0  # seconds
STORED, HOLD = 0, 4

_CARRIED = re.compile(r"(?:via|v|from|f|to|t|call-id|i|cseq)[ \t]*:", re.IGNORECASE)
_FOLD = re.compile(r"\r\n[ \t]+")
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE | re.MULTILINE)
_MRS = re.compile(rb"<mrs>.*?<ref>([^<]*)</ref>.*?<snu>(\d+)</snu>", re.DOTALL)


class NotTold(Exception):
    """Nobody said that the press is stored; the text says what was said instead."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a device says: `mty`, `dty` and `stc` as alarm devices number them."""

    account: str
    reference: str
    mty: str = "ME"
    dty: str = "03"
    stc: str = "010"


async def press(clock: Clock, receiver: Address, account: str, reference: str) -> None:
    """Press as that account. Returns when the press is stored. Raises NotTold after 20 s or a refusal, and OSError."""
    await _say(clock, receiver, Said(account, reference))


async def beat(clock: Clock, receiver: Address, account: str, reference: str) -> None:
    """Send a heartbeat as that account. Returns when it is stored. Raises NotTold after 20 s or a refusal, OSError."""
    await _say(clock, receiver, Said(account, reference, mty="PI", dty="02"))


async def _say(clock: Clock, receiver: Address, what: Said) -> None:
    line = _Line(what.reference)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: line, remote_addr=receiver)
    ends = clock.monotonic() + GIVE_UP
    attempt, pause = 0, T1
    try:
        while (left := ends - clock.monotonic()) > 0:
            if not line.accepted:
                line.send(written(what, line.here, receiver, f"{what.reference}-{attempt}"))
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


def written(said: Said, here: Address, receiver: Address, call: str, transport: str = "UDP") -> bytes:
    """The request; `call` names its transaction: the same one again is answered from what is remembered of it."""
    body = (
        f"<mrq><ref>{said.reference}</ref><mty>{said.mty}</mty><cid>{said.account}</cid>"
        f"<dty>{said.dty}</dty><stc>{said.stc}</stc></mrq>"
    )
    return Envelope(said.account, here, receiver, call, transport).around(body.encode())


@dataclass(frozen=True, slots=True)
class Envelope:
    """The SIP request around a body (RFC 3261 §8.1.1); each `sequence` of a call is a transaction of its own."""

    sender: str
    here: Address
    there: Address
    call: str
    transport: str = "UDP"
    to: str = "larm"
    method: str = "MESSAGE"
    sequence: int = 1
    more: tuple[str, ...] = ()

    @property
    def uri(self) -> str:
        """Whom it is for."""
        return f"sip:{self.to}@{written_host(self.there[0])}:{self.there[1]}"

    @property
    def branch(self) -> str:
        """The transaction's name."""
        return f"z9hG4bK{self.call}" if self.sequence == 1 else f"z9hG4bK{self.call}-{self.sequence}"

    def around(self, body: bytes) -> bytes:
        """The whole message."""
        host = written_host(self.here[0])
        head = (
            f"{self.method} {self.uri} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {host}:{self.here[1]};rport;branch={self.branch}",
            "Max-Forwards: 70",
            f"From: <sip:{self.sender}@{host}>;tag={self.call}",
            f"To: <sip:{self.to}@{written_host(self.there[0])}>",
            f"Call-ID: {self.call}@{host}",
            f"CSeq: {self.sequence} {self.method}",
            *self.more,
            *(["Content-Type: application/scaip+xml"] if body else []),
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join([*head, "", ""]).encode() + body


def written_host(host: str) -> str:
    """As URIs and Via spell it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def confirmed(message: bytes) -> bytes:
    """The 200 by which a device says that it has been told."""
    head = _FOLD.sub(" ", message.partition(b"\r\n\r\n")[0].decode("utf-8", "replace"))
    carried = [line for line in head.split("\r\n") if _CARRIED.match(line)]
    return "\r\n".join(["SIP/2.0 200 OK", *carried, "Content-Length: 0", "", ""]).encode()


def told(message: bytes) -> tuple[str, int] | None:
    """The reference and `snu` of the receiver's answer, none in anything else."""
    found = _MRS.search(message)
    return (found[1].decode("utf-8", "replace"), int(found[2])) if found else None


def whole_messages(received: bytes) -> tuple[list[bytes], bytes]:
    """What has come on a connection, cut into messages by their Content-Length, and what is not whole yet."""
    messages = []
    while (end := received.find(b"\r\n\r\n")) >= 0:
        found = _LENGTH.search(received, 0, end + 2)
        whole = end + 4 + (int(found[1]) if found else 0)
        if len(received) < whole:
            break
        messages.append(received[:whole])
        received = received[whole:]
    return messages, received


class _Line(asyncio.DatagramProtocol):
    """The device's socket, for one press."""

    def __init__(self, reference: str) -> None:
        self.told: asyncio.Queue[int] = asyncio.Queue(16)
        self.accepted = False
        self._reference = reference
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
        self.send(confirmed(data))
        answer = told(data)
        if answer and answer[0] == self._reference and not self.told.full():
            self.told.put_nowait(answer[1])

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: as if it had been lost."""

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
