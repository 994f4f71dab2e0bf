"""Devices that press in a benchmark: each sends, waits for the answer that matters, and sends again.

SCAIP: the answer is `snu 0` in the receiver's own MESSAGE, which the device confirms. HTTP: it is the 202.
"""

import asyncio
import re
from collections.abc import Iterator
from itertools import count
from typing import Protocol, cast

from clients.simulated.scaip import whole_messages
from deploy.bench.served import Address

ANSWER_WITHIN = 10.0  # seconds
T1, T2 = 0.5, 4.0  # seconds, RFC 3261 §17.1.1.1
STORED = "0"
ACCEPTED = "202"
PRESSED, TESTED = 10, 102  # SCAIP's status codes

_SNU = re.compile(rb"<ref>(\w+)</ref>.*?<snu>(\d+)</snu>", re.DOTALL)
_KEPT = re.compile(rb"^(?:via|from|to|call-id|cseq):.*\r\n", re.IGNORECASE | re.MULTILINE)

_names: Iterator[int] = count(1)


class Device(Protocol):
    """Something that can press."""

    async def press(self, sender: str) -> bool:
        """Press as that account or token; whether it was told that the press is stored."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class _Waiting:
    """The answers that are waited for, by what they answer."""

    def __init__(self) -> None:
        self._answers: dict[str, asyncio.Future[str]] = {}

    async def wait(self, reference: str) -> str:
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[reference] = answer
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        except TimeoutError:
            return ""
        finally:
            del self._answers[reference]

    def heard(self, reference: str, said: str) -> None:
        answer = self._answers.get(reference)
        if answer is not None and not answer.done():
            answer.set_result(said)


def _message(transport: str, here: Address, account: str, reference: str, kind: str, status: int = PRESSED) -> bytes:
    """A request in a transaction of its own, also when it is the same press again: it would be answered only once."""
    body = f"<mrq><ref>{reference}</ref><mty>{kind}</mty><cid>{account}</cid><dty>3</dty><stc>{status}</stc></mrq>"
    return (
        "MESSAGE sip:larm@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/{transport} {here[0]}:{here[1]};rport;branch=z9hG4bK{next(_names)}\r\n"
        "Max-Forwards: 70\r\n"
        f"From: <sip:{account}@{here[0]}>;tag={reference}\r\n"
        "To: <sip:larm@127.0.0.1>\r\n"
        f"Call-ID: {next(_names)}@{here[0]}\r\n"
        "CSeq: 1 MESSAGE\r\n"
        "Content-Type: application/scaip+xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def _confirmation(message: bytes) -> bytes:
    head = message.partition(b"\r\n\r\n")[0] + b"\r\n"
    return b"SIP/2.0 200 OK\r\n" + b"".join(_KEPT.findall(head)) + b"Content-Length: 0\r\n\r\n"


class UdpDevice(asyncio.DatagramProtocol):
    """SCAIP devices behind one UDP socket. `kind` is `ME` for presses, `PI` for heartbeats; `status` is its `stc`.

    What is not answered is sent again as SIP has it (RFC 3261 §17.1.2.2), because a burst may not fit the receiver's
    buffer.
    """

    def __init__(self, kind: str = "ME", status: int = PRESSED) -> None:
        self._kind = kind
        self._status = status
        self._waiting = _Waiting()
        self._again: dict[str, asyncio.TimerHandle] = {}
        self._socket: asyncio.DatagramTransport | None = None
        self._here: Address = ("", 0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._socket = cast(asyncio.DatagramTransport, transport)
        self._here = self._socket.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """SIP's own 200 promises nothing; the MESSAGE does."""
        if self._socket is None:
            return
        if data.startswith(b"MESSAGE"):
            self._socket.sendto(_confirmation(data))
            if found := _SNU.search(data):
                self._waiting.heard(found[1].decode(), found[2].decode())

    async def press(self, sender: str) -> bool:
        """Press as that account."""
        return await self.press_named(str(next(_names)), sender)

    async def press_named(self, reference: str, sender: str) -> bool:
        """Press as that account; the same reference again is the same press, sent again."""
        assert self._socket is not None
        data = _message("UDP", self._here, sender, reference, self._kind, self._status)
        self._send(data, T1, reference)
        try:
            return await self._waiting.wait(reference) == STORED
        finally:
            self._again.pop(reference).cancel()

    def _send(self, data: bytes, pause: float, reference: str) -> None:
        assert self._socket is not None
        self._socket.sendto(data)
        later = min(2 * pause, T2)
        self._again[reference] = asyncio.get_running_loop().call_later(pause, self._send, data, later, reference)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.abort()


class _Stream(asyncio.Protocol):
    """What comes on a connection, cut into messages by their Content-Length."""

    def __init__(self) -> None:
        self._waiting = _Waiting()
        self._connection: asyncio.Transport | None = None
        self._here: Address = ("", 0)
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        self._connection = cast(asyncio.Transport, transport)
        self._here = self._connection.get_extra_info("sockname")[:2]

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        messages, self._received = whole_messages(self._received + data)
        for message in messages:
            self.take(message)

    def take(self, message: bytes) -> None:
        """One message."""
        raise NotImplementedError

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.abort()


class TcpDevice(_Stream):
    """A SCAIP device on TCP. `kind` as on UDP."""

    def __init__(self, kind: str = "ME") -> None:
        super().__init__()
        self._kind = kind

    def take(self, message: bytes) -> None:
        """As on UDP."""
        if message.startswith(b"MESSAGE") and self._connection is not None:
            self._connection.write(_confirmation(message))
            if found := _SNU.search(message):
                self._waiting.heard(found[1].decode(), found[2].decode())

    async def press(self, sender: str) -> bool:
        """Press as that account."""
        assert self._connection is not None
        reference = str(next(_names))
        self._connection.write(_message("TCP", self._here, sender, reference, self._kind))
        return await self._waiting.wait(reference) == STORED


class HttpDevice(_Stream):
    """A device that posts CloudEvents on one connection."""

    def take(self, message: bytes) -> None:
        """One answer to the one request under way."""
        self._waiting.heard("", message[9:12].decode())

    async def press(self, sender: str) -> bool:
        """Press with that token."""
        assert self._connection is not None
        body = f'{{"specversion":"1.0","id":"{next(_names)}","source":"bench","type":"nattljus.alarm.pressed"}}'
        head = (
            "POST /api/v1/device/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {sender}\r\n"
            "Content-Type: application/cloudevents+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._connection.write((head + body).encode())
        return await self._waiting.wait("") == ACCEPTED
