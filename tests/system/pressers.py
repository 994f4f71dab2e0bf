"""Devices that press as real ones do: SCAIP over UDP and over TCP, and HTTP, and do not rest until they are told.

A press is sent again under the same reference when the device is told to hold, is sent to its next receiver (there is
only this one), or hears nothing. The ledger knows of each press whether it was promised to be stored.
"""

import asyncio
import json
import re
import secrets
import ssl
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kit.clock import SystemClock
from tests.system.platforms import device_bearer

T1, T2 = 0.5, 4.0  # seconds, RFC 3261
SILENCE = 4.0  # seconds until a device tries again; real ones give up after 20
STORED, HOLD, NOT_TREATED = 0, 4, 5  # `snu`

clock = SystemClock()
_KEPT = re.compile(r"(?:Via|From|To|Call-ID|CSeq):", re.IGNORECASE)
_BRANCH = re.compile(rb"branch=([^;\s]+)")
_SAID = re.compile(rb"<mrs><ref>([^<]+)</ref><snu>(\d+)</snu>")
_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)


def pressed(reference: str, **more: str) -> dict[str, str]:
    """A press as a CloudEvent."""
    return {"specversion": "1.0", "id": reference, "type": "nattljus.alarm.pressed", **more}


@dataclass(slots=True)
class Ledger:
    """What was pressed, and what was promised."""

    pressed: dict[str, str] = field(default_factory=dict)  # reference → account
    promised: set[str] = field(default_factory=set)
    heard: Counter[str] = field(default_factory=Counter)
    tries: dict[str, list[int | None]] = field(default_factory=dict)  # reference → what came instead of a promise

    def press(self, account: str) -> str:
        """A new reference."""
        reference = f"k{len(self.pressed):07d}"
        self.pressed[reference] = account
        return reference

    def told(self, reference: str, snu: int) -> None:
        """A device was told this of its press."""
        self.heard[f"snu {snu}"] += 1
        if snu == STORED:
            self.promised.add(reference)

    @property
    def waiting(self) -> set[str]:
        """Pressed and not promised yet."""
        return self.pressed.keys() - self.promised


class Sender(Protocol):
    """Something at home that can press."""

    account: str

    async def ask(self, reference: str) -> int | None:
        """Send the press once; what came for an answer, or none. The ledger knows what was promised."""
        ...

    async def close(self) -> None:
        """Let its sockets go."""
        ...


class SipDevice:
    """One SCAIP device; its transport is added below."""

    transport = ""

    def __init__(self, account: str, port: int, ledger: Ledger) -> None:
        self.account = account
        self._port = port
        self._ledger = ledger
        self._accepted: dict[bytes, asyncio.Future[int]] = {}
        self._told: dict[str, asyncio.Future[int]] = {}

    async def ask(self, reference: str) -> int | None:
        """Send the press once, as a SIP transaction of its own; the `snu` told, or none when nothing came."""
        loop = asyncio.get_running_loop()
        branch = "z9hG4bK" + secrets.token_hex(8)
        accepted = self._accepted[branch.encode()] = loop.create_future()
        told = self._told[reference] = loop.create_future()
        data = self._message(reference, branch)
        pause = T1 if self.transport == "UDP" else SILENCE
        ends = clock.monotonic() + SILENCE
        try:
            while not told.done() and (left := ends - clock.monotonic()) > 0:
                if accepted.done():
                    await asyncio.wait({told}, timeout=left)
                    continue
                await self.send(data)
                await asyncio.wait({told, accepted}, timeout=min(pause, left), return_when=asyncio.FIRST_COMPLETED)
                pause = min(2 * pause, T2)
            return told.result() if told.done() else None
        except OSError:
            return None
        finally:
            self._accepted.pop(branch.encode(), None)
            if self._told.get(reference) is told:
                del self._told[reference]

    async def send(self, data: bytes) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def hear(self, data: bytes) -> bytes | None:
        """One SIP message from the platform; what to answer, if anything."""
        if data.startswith(b"SIP/2.0 "):
            found = _BRANCH.search(data)
            accepted = self._accepted.get(found[1]) if found else None
            if accepted and not accepted.done():
                accepted.set_result(int(data[8:11]))
            return None
        said = _SAID.search(data)
        if said:
            reference, snu = said[1].decode(), int(said[2])
            self._ledger.told(reference, snu)
            told = self._told.get(reference)
            if told and not told.done():
                told.set_result(snu)
        kept = [line for line in data.decode().split("\r\n") if _KEPT.match(line)]
        return "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode()

    def _message(self, reference: str, branch: str) -> bytes:
        body = (
            f"<mrq><ref>{reference}</ref><cha>0</cha><mty>ME</mty><cid>{self.account}</cid><dty>03</dty>"
            "<stc>010</stc></mrq>"
        )
        lines = [
            f"MESSAGE sip:larm@127.0.0.1:{self._port} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} 127.0.0.1;rport;branch={branch}",
            "Max-Forwards: 70",
            f"From: <sip:{self.account}@127.0.0.1>;tag={branch[-6:]}",
            "To: <sip:larm@127.0.0.1>",
            f"Call-ID: {branch}@127.0.0.1",
            "CSeq: 1 MESSAGE",
            "Content-Type: application/scaip+xml",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", body]).encode()


class UdpDevice(SipDevice, asyncio.DatagramProtocol):
    """A device on a UDP socket of its own."""

    transport = "UDP"

    def __init__(self, account: str, port: int, ledger: Ledger) -> None:
        super().__init__(account, port, ledger)
        self._socket: asyncio.DatagramTransport | None = None
        self._opening = asyncio.Lock()

    async def send(self, data: bytes) -> None:
        async with self._opening:
            if self._socket is None:
                self._socket, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                    lambda: self, local_addr=("127.0.0.1", 0), remote_addr=("127.0.0.1", self._port)
                )
        self._socket.sendto(data)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = self.hear(data)
        if answer and self._socket:
            self._socket.sendto(answer)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: as if it had been lost."""

    async def close(self) -> None:
        if self._socket:
            self._socket.abort()


class TcpDevice(SipDevice, asyncio.Protocol):
    """A device on a TCP connection that it opens again when it breaks."""

    transport = "TCP"

    def __init__(self, account: str, port: int, ledger: Ledger, trust: ssl.SSLContext | None = None) -> None:
        super().__init__(account, port, ledger)
        self._trust = trust
        self._line: asyncio.Transport | None = None
        self._opening = asyncio.Lock()
        self._half = b""

    async def send(self, data: bytes) -> None:
        async with self._opening:
            if self._line is None or self._line.is_closing():  # it can break before we are told that it stands
                self._half = b""
                async with asyncio.timeout(SILENCE):
                    self._line, _ = await asyncio.get_running_loop().create_connection(
                        lambda: self, "127.0.0.1", self._port, ssl=self._trust
                    )
            self._line.write(data)

    def data_received(self, data: bytes) -> None:
        self._half += data
        while (head := self._half.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._half, 0, head + 4)
            end = head + 4 + (int(length[1]) if length else 0)
            if len(self._half) < end:
                return
            whole, self._half = self._half[:end], self._half[end:]
            answer = self.hear(whole)
            if answer and self._line:
                self._line.write(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for an answer on this line will not get it."""
        self._line = None
        for waiting in (*self._accepted.values(), *self._told.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionResetError())
                waiting.exception()  # who no longer waits for it need not hear of it

    async def close(self) -> None:
        if self._line:
            self._line.abort()


class TlsDevice(TcpDevice):
    """The same over TLS; `trust` knows the platform's certificate."""

    transport = "TLS"


class HttpDevice:
    """A tablet that sends the same event until it hears 202, on a connection that it keeps while it lasts."""

    path = "/api/v1/device/events"

    def __init__(self, app: str, port: int, ledger: Ledger) -> None:
        self.account = app
        self._port = port
        self._ledger = ledger
        self._one_at_a_time = asyncio.Lock()
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, reference: str) -> int | None:
        """Send the press once; the status, or none when nothing came."""
        references = self.together(reference)
        body = json.dumps(self.said(references)).encode()
        head = {**self.headers(body), "Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        request = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode() + body
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(SILENCE + 4):
                    answer, said = await self._exchange(request)
            except (OSError, EOFError, TimeoutError):
                await self.close()
                return None
        status = int(answer.split()[1])
        self._ledger.heard[f"http {status}"] += 1
        if status == 202:
            assert json.loads(said)["accepted"] == len(references)
            self._ledger.promised.update(references)
        elif status == 503:
            assert b"retry-after: " in answer.lower()
        return status

    def together(self, reference: str) -> Sequence[str]:
        """The presses that go in the request of this one."""
        return (reference,)

    def said(self, references: Sequence[str]) -> Any:
        """The JSON that says them."""
        return pressed(references[0], source=self.account)

    def headers(self, body: bytes) -> dict[str, str]:
        """Who it is, and what the body is."""
        return {
            "Authorization": f"Bearer {device_bearer(self.account)}",
            "Content-Type": "application/cloudevents+json",
        }

    async def _exchange(self, request: bytes) -> tuple[bytes, bytes]:
        if self._line is None:
            self._line = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._line
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        if b"connection: close" in head.lower():
            await self.close()
        return head, body

    async def close(self) -> None:
        """Let the connection go."""
        line, self._line = self._line, None
        if line:
            line[1].transport.abort()
