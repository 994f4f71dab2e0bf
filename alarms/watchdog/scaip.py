"""A synthetic SCAIP device: sends one test and hears how it was answered, on a real socket over UDP, TCP or TLS.

SIP's own 200 promises nothing; only the receiver's answer `mrs` with `snu` 0 does, which is confirmed as devices do.
"""

import asyncio
import re
import ssl
from typing import cast

from alarms.receivers.scaip.addresses import Endpoint, write_host
from alarms.receivers.scaip.frame import Framer, Message
from registry.synthetic import ACCOUNT

T1 = 0.5  # seconds before a datagram is sent again (RFC 3261 §17.1.2), doubled each time
STORED = 0

_CARRIED = re.compile(r"(?:via|from|to|call-id|cseq)\s*:", re.IGNORECASE)
_MRS = re.compile(rb"<ref>([^<]*)</ref>.*?<snu>(\d{1,3})</snu>", re.DOTALL)


class NotStored(Exception):
    """The receiver did not say that the test is stored; `said` is its number when it said another."""

    def __init__(self, said: int | None = None) -> None:
        super().__init__(str(said))
        self.said = said


async def send_scaip(receiver: Endpoint, reference: str) -> None:
    """Send one test; returns when the receiver says that it is stored, waiting for ever. Raises NotStored, OSError."""
    line = _Line(receiver, reference)
    await line.open()
    try:
        pause = T1
        line.ask()
        while True:
            try:
                async with asyncio.timeout(pause):
                    said = await line.told.get()
            except TimeoutError:
                pause *= 2
                if receiver.transport == "udp" and not line.accepted:
                    line.ask()
                continue
            if said != STORED:
                raise NotStored(said)
            return
    finally:
        line.close()


class _Line(asyncio.DatagramProtocol, asyncio.Protocol):
    """The device's socket, for one test."""

    def __init__(self, receiver: Endpoint, reference: str) -> None:
        self.told: asyncio.Queue[int | None] = asyncio.Queue()
        self.accepted = False
        self._receiver = receiver
        self._reference = reference
        self._framer = Framer()
        self._socket: asyncio.BaseTransport | None = None

    async def open(self) -> None:
        """Connect. Raises OSError."""
        loop = asyncio.get_running_loop()
        where = (self._receiver.host, self._receiver.port)
        if self._receiver.transport == "udp":
            await loop.create_datagram_endpoint(lambda: self, remote_addr=where)
        elif self._receiver.transport == "tls":
            await loop.create_connection(lambda: self, *where, ssl=_any_certificate())
        else:
            await loop.create_connection(lambda: self, *where)

    def ask(self) -> None:
        """Send the test once."""
        assert self._socket is not None
        host, port = self._socket.get_extra_info("sockname")[:2]
        receiver = f"{write_host(self._receiver.host)}:{self._receiver.port}"
        body = f"<mrq><ref>{self._reference}</ref><cid>{ACCOUNT}</cid><dty>3</dty><stc>102</stc></mrq>"
        lines = (
            f"MESSAGE sip:larm@{receiver} SIP/2.0",
            f"Via: SIP/2.0/{self._receiver.transport.upper()} {write_host(host)}:{port};rport"
            f";branch=z9hG4bK{self._reference}",
            "Max-Forwards: 70",
            f"From: <sip:{ACCOUNT}@{write_host(host)}>;tag={self._reference}",
            f"To: <sip:larm@{receiver}>",
            f"Call-ID: {self._reference}@{host}",
            "CSeq: 1 MESSAGE",
            "Content-Type: application/scaip+xml",
            f"Content-Length: {len(body)}",
        )
        self._send("\r\n".join([*lines, "", body]).encode())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._socket = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A whole message."""
        self._hear(data)

    def data_received(self, data: bytes) -> None:
        """Part of a stream."""
        for event in self._framer.feed(data):
            if isinstance(event, Message):
                self._hear(event.data)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now; the datagram is sent again."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Hung up: nothing more will be said."""
        self.told.put_nowait(None)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()

    def _hear(self, data: bytes) -> None:
        if data.startswith(b"SIP/2.0 "):
            status = data[8:11]
            self.accepted = self.accepted or status.isdigit()
            if status.isdigit() and int(status) >= 300:
                self.told.put_nowait(int(status))
            return
        if not data.startswith(b"MESSAGE "):
            return
        carried = [line for line in data.decode("utf-8", "replace").split("\r\n") if _CARRIED.match(line)]
        self._send("\r\n".join(["SIP/2.0 200 OK", *carried, "Content-Length: 0", "", ""]).encode())
        found = _MRS.search(data)
        if found and found[1] == self._reference.encode():
            self.told.put_nowait(int(found[2]))

    def _send(self, data: bytes) -> None:
        if self._receiver.transport == "udp":
            cast(asyncio.DatagramTransport, self._socket).sendto(data)
        else:
            cast(asyncio.WriteTransport, self._socket).write(data)


def _any_certificate() -> ssl.SSLContext:
    """The test holds no secret, and asks for the receiver by an address that no certificate names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
