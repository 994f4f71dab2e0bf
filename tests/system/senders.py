"""Devices that press over what is not SCAIP: arrays over HTTP, a vendor's signed webhook, DC-09, MQTT.

Each is told in its own protocol's way that a press is kept, and sends it again until then under the same name.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from alarms.watchdog.notes import SIGNATURE, signature
from kit.clock import SystemClock
from tests.system.pressers import SILENCE, HttpDevice, Ledger, pressed
from tests.unit.alarms.dc09.panel import frame, said

BESIDE = 4  # presses that an array holds besides the one it is sent for
KEPT = 3600  # seconds that the broker keeps a device's session
WRITTEN = 1.0  # seconds; Mosquitto acknowledges first and writes to disk then
NOBODY_HEARS = 0x10  # "no matching subscribers": the broker has kept nothing
clock = SystemClock()


class ArrayDevice(HttpDevice):
    """A tablet that tells of several presses in one request."""

    def __init__(self, app: str, port: int, ledger: Ledger) -> None:
        super().__init__(app, port, ledger)
        self._beside: dict[str, list[str]] = {}

    def together(self, reference: str) -> Sequence[str]:
        """The same ones each time."""
        if reference not in self._beside:
            self._beside[reference] = [self._ledger.press(self.account) for _ in range(BESIDE)]
        return (reference, *self._beside[reference])

    def said(self, references: Sequence[str]) -> Any:
        """A list of events."""
        return [pressed(one, source=self.account) for one in references]


class VendorsDevice(HttpDevice):
    """A device whose vendor calls for it. `path` is where, `secret` what it signs with."""

    def __init__(self, name: str, port: int, ledger: Ledger, path: str, secret: str) -> None:
        super().__init__(name, port, ledger)
        self.path = path
        self._secret = secret

    def said(self, references: Sequence[str]) -> Any:
        """A CloudEvent about the device."""
        return pressed(references[0], source="/vendor", subject=self.account)

    def headers(self, body: bytes) -> dict[str, str]:
        """The signature."""
        return {SIGNATURE: signature(self._secret, "", clock.now(), body), "Content-Type": "application/json"}


class Panel(asyncio.DatagramProtocol):
    """A DC-09 panel, on a TCP connection for each message, or with `udp` in datagrams."""

    def __init__(self, account: str, port: int, ledger: Ledger, *, udp: bool) -> None:
        self.account = account
        self._port = port
        self._ledger = ledger
        self._udp = udp
        self._numbers: dict[str, str] = {}  # reference → its number
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._socket: asyncio.DatagramTransport | None = None
        self._opening = asyncio.Lock()

    async def ask(self, reference: str) -> int | None:
        """Send the press once; none whatever came, for DC-09 has no numbers for what is no ACK."""
        number = self._numbers.setdefault(reference, f"{len(self._numbers) % 9999 + 1:04}")
        text = f"#{self.account}|Nri1/QA001^{reference}^"
        data = frame(text, seq=number, account=self.account, at=self.stamp(reference))
        try:
            async with asyncio.timeout(SILENCE):
                word = await (self._in_a_datagram(number, data) if self._udp else self._on_a_connection(data))
        except (OSError, EOFError):
            return None
        self._ledger.heard[f"dc09 {word}"] += 1
        self.told(reference, word)
        return None

    def stamp(self, reference: str) -> datetime | None:
        """The time that goes with a message; most panels send none."""
        return None

    def told(self, reference: str, word: str) -> None:
        """It was answered."""
        if word == "ACK":
            self._ledger.promised.add(reference)

    async def _on_a_connection(self, data: bytes) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(data)
            return str(said(await reader.readuntil(b"\r"))[0])
        finally:
            writer.transport.abort()

    async def _in_a_datagram(self, number: str, data: bytes) -> str:
        loop = asyncio.get_running_loop()
        async with self._opening:
            if self._socket is None:
                self._socket, _ = await loop.create_datagram_endpoint(
                    lambda: self, local_addr=("127.0.0.1", 0), remote_addr=("127.0.0.1", self._port)
                )
        answer = self._waiting[number] = loop.create_future()
        try:
            self._socket.sendto(data)
            return await answer
        finally:
            self._waiting.pop(number, None)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        word, number, _, _ = said(data)
        heard = {number} if word != "NAK" else set(self._waiting)  # which says what time it is, and not to whom
        for answer in [self._waiting[one] for one in heard & self._waiting.keys()]:
            if not answer.done():
                answer.set_result(word)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens just now: as if it had been lost."""

    async def close(self) -> None:
        if self._socket:
            self._socket.abort()


class Gateway:
    """One session at the broker for all the MQTT devices of a crowd, with QoS 1, kept over the broker's death."""

    def __init__(self, port: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._cuts = 0
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = KEPT
        self._client = Client(CallbackAPIVersion.VERSION2, "a-crowd", protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = lambda _client, _data, id_, reason, _properties: self._loop.call_soon_threadsafe(
            self._acknowledged, id_, reason.value
        )
        self._client.on_disconnect = lambda *_: self._loop.call_soon_threadsafe(self._cut)
        self._client.connect_async("127.0.0.1", port, 15, clean_start=False, properties=properties)
        self._client.loop_start()

    async def publish(self, topic: str, payload: str) -> int | None:
        """Publish once; the reason code of the PUBACK, or none when there was none.

        None as well when the connection broke right after it: the broker may have died with what it had acknowledged.
        """
        answer = self._loop.create_future()
        sent = self._client.publish(topic, payload, qos=1)
        self._waiting[sent.mid] = answer
        await asyncio.wait({answer}, timeout=SILENCE)
        if not answer.done():
            return None
        cuts = self._cuts
        await clock.sleep(WRITTEN)
        return answer.result() if cuts == self._cuts else None

    def _cut(self) -> None:
        self._cuts += 1

    def _acknowledged(self, id_: int, reason: int) -> None:
        answer = self._waiting.pop(id_, None)
        if answer and not answer.done():
            answer.set_result(reason)

    async def close(self) -> None:
        """Let the broker go."""
        self._client.on_disconnect = None
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)


class MqttDevice:
    """A device behind a gateway; what the broker has acknowledged is the broker's to bring."""

    def __init__(self, device: str, principal: str, gateway: Gateway, ledger: Ledger) -> None:
        self.account = device
        self._topic = f"nattljus/v1/{principal}/{device}/event"
        self._gateway = gateway
        self._ledger = ledger

    async def ask(self, reference: str) -> int | None:
        """Publish the press once."""
        reason = await self._gateway.publish(self._topic, self.said(reference))
        self._ledger.heard["no lasting PUBACK" if reason is None else f"PUBACK {reason}"] += 1
        if reason is not None and reason < NOBODY_HEARS:
            self._ledger.promised.add(reference)
        return reason

    def said(self, reference: str) -> str:
        """The event that says it."""
        return json.dumps(pressed(reference, source=self.account))

    async def close(self) -> None:
        """The gateway is for all."""
