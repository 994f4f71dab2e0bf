"""The devices' lines: SCAIP over UDP and TCP, CloudEvents over HTTP, and no line at all under a dead mast.

A device is content when it is told that what it sent is stored (`mrs` with `snu` 0; 202), and sends again until then.
SCAIP devices share some UDP sockets, for five thousand of them would be more than a process may open; over TCP each
message is a connection of its own, as from a device that has just come back.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol, cast

import httpx

from clients.simulated.night.county import Area, Resident, Way
from clients.simulated.night.plan import What
from clients.simulated.scaip import HOLD, STORED, T1, T2, Address, Said, confirmed, told, whole_messages, written
from kit.clock import Clock

SOCKETS = 16
ROUND = 20.0  # seconds: a device that has heard nothing gives its receiver up, and begins again
PAUSE = 5.0  # seconds, when told to hold, or between two rounds
CONNECTIONS = 100

# mty, dty, stc
_SCAIP: Mapping[What, tuple[str, str, str]] = {
    What.PRESS: ("ME", "03", "010"),
    What.FALL: ("ME", "05", "010"),
    What.CANCEL: ("ME", "03", "019"),
    What.TEST: ("ME", "03", "102"),
    What.BATTERY_LOW: ("ME", "03", "016"),
    What.MAINS_FAILURE: ("ME", "01", "085"),
    What.MAINS_BACK: ("ME", "01", "086"),
    What.HEARTBEAT: ("PI", "03", "010"),
}
_HTTP: Mapping[What, str] = {
    What.PRESS: "nattljus.alarm.pressed",
    What.FALL: "nattljus.alarm.fall",
    What.CANCEL: "nattljus.alarm.cancelled",
    What.TEST: "nattljus.test.pressed",
    What.BATTERY_LOW: "nattljus.battery.low",
    What.HEARTBEAT: "nattljus.heartbeat",
}


class NotTaken(Exception):
    """The platform has refused what a device sent: it would go to its next receiver."""


class Receivers(Protocol):
    """Where devices send, and the tokens of those that need one."""

    @property
    def url(self) -> str:
        """The web address."""
        ...

    @property
    def udp(self) -> Address:
        """SCAIP over UDP."""
        ...

    @property
    def tcp(self) -> Address:
        """SCAIP over TCP."""
        ...

    @property
    def devices(self) -> Mapping[str, str]:
        """HTTP devices' tokens, by device."""
        ...


class Devices:
    """All devices of the county. `open` first; `close` when done."""

    def __init__(self, receivers: Receivers, clock: Clock) -> None:
        self._receivers = receivers
        self._clock = clock
        self._sockets: list[_Sockets] = []
        self._masts: dict[Area, asyncio.Event] = {}
        self._calls = 0
        limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
        self._http = httpx.AsyncClient(base_url=receivers.url, timeout=ROUND, limits=limits, trust_env=False)

    async def open(self) -> None:
        """Open the shared sockets. Raises OSError."""
        loop = asyncio.get_running_loop()
        for _ in range(SOCKETS):
            _, socket = await loop.create_datagram_endpoint(_Sockets, remote_addr=self._receivers.udp)
            self._sockets.append(socket)

    async def close(self) -> None:
        """Hang up."""
        for socket in self._sockets:
            socket.close()
        await self._http.aclose()

    def mast_fails(self, area: Area) -> None:
        """From now on no device there is heard."""
        self._masts[area] = asyncio.Event()

    def mast_is_back(self, area: Area) -> None:
        """Every device there speaks again, at once."""
        self._masts.pop(area).set()

    def silent(self, one: Resident) -> bool:
        """Whether this resident's device has no mast."""
        return one.area in self._masts

    async def air(self, one: Resident) -> None:
        """Wait until this resident's device can be heard."""
        while mast := self._masts.get(one.area):
            await mast.wait()

    async def send(self, one: Resident, what: What, reference: str) -> None:
        """Send until it is stored, however long that takes. Raises NotTaken when it is refused."""
        while True:
            await self.air(one)
            try:
                async with asyncio.timeout(ROUND):
                    if await self._once(one, what, reference):
                        return
            except (TimeoutError, OSError, httpx.HTTPError):
                pass  # no answer: again, as the same message
            await self._clock.sleep(PAUSE)

    async def _once(self, one: Resident, what: What, reference: str) -> bool:
        """Whether it was stored, and not told to wait."""
        if one.way is Way.HTTP:
            return await self._post(one, what, reference)
        self._calls += 1
        said = Said(one.account, reference, *_SCAIP[what])
        call = f"{reference}-{self._calls}"
        if one.way is Way.UDP:
            snu = await self._sockets[one.number % SOCKETS].ask(said, self._receivers.udp, call)
        else:
            snu = await self._connect(said, call)
        if snu not in {STORED, HOLD}:
            raise NotTaken(f"{one.account} was told {snu}")
        return snu == STORED

    async def _connect(self, said: Said, call: str) -> int:
        receiver = self._receivers.tcp
        _, line = await asyncio.get_running_loop().create_connection(_Connection, *receiver)
        try:
            line.say(written(said, line.here, receiver, call, "TCP"))
            snu: int = await line.snu
            return snu
        finally:
            line.close()

    async def _post(self, one: Resident, what: What, reference: str) -> bool:
        event = {"specversion": "1.0", "id": reference, "source": one.device, "type": _HTTP[what]}
        bearer = {"Authorization": f"Bearer {self._receivers.devices[one.device]}"}
        answer = await self._http.post("/api/v1/device/events", json=event, headers=bearer)
        if answer.status_code == 503:
            return False
        if answer.status_code != 202:
            raise NotTaken(f"{one.device} was told {answer.status_code}")
        return True


class _Sockets(asyncio.DatagramProtocol):
    """Devices behind one UDP socket: each waits for the answer with its own reference."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[int]] = {}
        self._socket: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._socket = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        if not data.startswith(b"MESSAGE ") or self._socket is None:
            return  # SIP's own 200 promises nothing
        self._socket.sendto(confirmed(data))
        if answer := told(data):
            waiting = self._waiting.get(answer[0])
            if waiting is not None and not waiting.done():
                waiting.set_result(answer[1])

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: as if it had been lost."""

    async def ask(self, said: Said, receiver: Address, call: str) -> int:
        """Send, and again after T1, 2·T1, … until there is an answer (RFC 3261 §17.1.2)."""
        assert self._socket is not None
        data = written(said, self._socket.get_extra_info("sockname"), receiver, call)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[said.reference] = answer
        pause = T1
        try:
            while True:
                self._socket.sendto(data)
                done, _ = await asyncio.wait([answer], timeout=pause)
                if done:
                    return answer.result()
                pause = min(2 * pause, T2)
        finally:
            self._waiting.pop(said.reference, None)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.abort()


class _Connection(asyncio.Protocol):
    """One TCP connection, for one message."""

    def __init__(self) -> None:
        self.snu: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        # Looked at in any case: nobody waits any more for a line that was given up before it stood.
        self.snu.add_done_callback(lambda answer: answer.cancelled() or answer.exception())
        self._received = b""
        self._line: asyncio.Transport | None = None

    @property
    def here(self) -> Address:
        """Where it hears answers."""
        assert self._line is not None
        return cast(Address, self._line.get_extra_info("sockname"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.snu.done():
            self.snu.set_exception(ConnectionError("cut off"))

    def data_received(self, data: bytes) -> None:
        """Bytes, however they were cut, into messages by their Content-Length."""
        messages, self._received = whole_messages(self._received + data)
        for message in messages:
            if message.startswith(b"MESSAGE "):
                self.say(confirmed(message))
                answer = told(message)
                if answer and not self.snu.done():
                    self.snu.set_result(answer[1])

    def say(self, data: bytes) -> None:
        """Send bytes."""
        assert self._line is not None
        self._line.write(data)

    def close(self) -> None:
        """Hang up, when what was said last has gone out."""
        if self._line is not None:
            self._line.close()
        self.snu.cancel()
