"""Many desks at once, as cheap to their own process as can be: raw WebSocket frames, each distinct message read once.

Fifty pages that each parse what all of them were sent would measure the one who watches, not the one who tells.
"""

import asyncio
import json
import os
import struct
from base64 import b64encode
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

from deploy.bench.children import CannotMeasure
from deploy.bench.served import Served
from kit.clock import Clock
from kit.wire.desk import Hello

OPEN_WITHIN = 20.0  # seconds
REMEMBERED = 256  # messages
TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA  # RFC 6455 §5.2

Presses = Sequence[tuple[str, int]]


class Reader:
    """What the desks' messages say: which resident's case has how many presses."""

    def __init__(self) -> None:
        self._read: OrderedDict[bytes, Presses] = OrderedDict()

    def presses(self, message: bytes) -> Presses:
        """Read a message, unless another desk has had the same one."""
        if b'"cases"' not in message:
            return ()
        if (known := self._read.get(message)) is None:
            cases = json.loads(message)["cases"]
            known = self._read[message] = [(case["resident"], case["presses"]) for case in cases]
            while len(self._read) > REMEMBERED:
                self._read.popitem(last=False)
        return known


class WatchingDesk(asyncio.Protocol):
    """An operator's socket; `seen` holds when each resident's first, second, … press stood on it."""

    def __init__(self, request: bytes, reader: Reader, clock: Clock) -> None:
        self._request = request
        self._reader = reader
        self._clock = clock
        self._received = bytearray()
        self._upgraded = False
        self._transport: asyncio.Transport | None = None
        self.seen: dict[str, list[float]] = {}
        self.greeted = asyncio.get_running_loop().create_future()
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """A desk that the platform has closed counts no more."""
        self.gone = True
        if not self.greeted.done():
            self.greeted.set_exception(CannotMeasure("A desk could not be opened."))

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut."""
        self._received += data
        if not self._upgraded:
            head, mark, rest = bytes(self._received).partition(b"\r\n\r\n")
            if not mark:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.close()
                return
            self._upgraded, self._received = True, bytearray(rest)
            self._send(TEXT, Hello().model_dump_json().encode())
        while (frame := self._frame()) is not None:
            self._take(*frame)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def _frame(self) -> tuple[int, bytes] | None:
        """The next whole frame from a server: never masked, and ours are never in pieces."""
        data = self._received
        if len(data) < 2:
            return None
        size, start = data[1] & 0x7F, 2
        if size == 126:
            size, start = (struct.unpack_from("!H", data, 2)[0] if len(data) >= 4 else 1 << 30), 4
        elif size == 127:
            size, start = (struct.unpack_from("!Q", data, 2)[0] if len(data) >= 10 else 1 << 30), 10
        if len(data) < start + size:
            return None
        code, payload = data[0] & 0x0F, bytes(data[start : start + size])
        del data[: start + size]
        return code, payload

    def _take(self, code: int, payload: bytes) -> None:
        if code == PING:
            self._send(PONG, payload)
        elif code == CLOSE:
            self.close()
        elif code == TEXT:
            if not self.greeted.done():
                self.greeted.set_result(None)
            now = self._clock.monotonic()
            for resident, presses in self._reader.presses(payload):
                seen = self.seen.setdefault(resident, [])
                seen += [now] * (presses - len(seen))  # two presses may come in one change

    def _send(self, code: int, payload: bytes) -> None:
        assert self._transport is not None
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        head = bytes([0x80 | code]) + (
            bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + struct.pack("!H", len(payload))
        )
        self._transport.write(head + mask + masked)


@asynccontextmanager
async def open_desks(platform: Served, tokens: Sequence[str], clock: Clock) -> AsyncIterator[list[WatchingDesk]]:
    """A desk for each operator's token, greeted with its snapshot, while the block lasts. Raises CannotMeasure."""
    loop, reader = asyncio.get_running_loop(), Reader()
    desks: list[WatchingDesk] = []
    host, port = platform.http
    try:
        for token in tokens:
            request = (
                f"GET /api/v1/desk HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: http://{host}:{port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}\r\nAuthorization: Bearer {token}\r\n\r\n"
            ).encode()
            _, desk = await loop.create_connection(partial(WatchingDesk, request, reader, clock), host, port)
            desks.append(desk)
        try:
            async with asyncio.timeout(OPEN_WITHIN):
                await asyncio.gather(*(desk.greeted for desk in desks))
        except TimeoutError as error:
            raise CannotMeasure("A desk was not given its queue in time.") from error
        yield desks
    finally:
        for desk in desks:
            desk.close()
