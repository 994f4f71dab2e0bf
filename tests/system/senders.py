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
PATIENT = 120.0  # seconds for a broker that has much to write down
RECEIPTS = "nattljus/v1/+/+/stored"
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
        self._waiting: dict[bytes, asyncio.Future[dict[str, Any]]] = {}
        self._handed: dict[int, asyncio.Future[int]] = {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = KEPT
        self._client = Client(CallbackAPIVersion.VERSION2, "a-crowd", protocol=MQTTProtocolVersion.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._greeted = asyncio.Event()
        self._client.on_connect = self._on_connect
        self._client.on_message = lambda _client, _data, message: self._loop.call_soon_threadsafe(
            self._told, getattr(message.properties, "CorrelationData", b""), bytes(message.payload)
        )
        self._client.on_publish = lambda _client, _data, id_, reason, _properties: self._loop.call_soon_threadsafe(
            self._acknowledged, id_, reason.value
        )
        self._client.connect_async("127.0.0.1", port, 15, clean_start=False, properties=properties)
        self._client.loop_start()

    async def publish(self, topic: str, payload: str, mark: bytes) -> dict[str, Any] | None:
        """Publish once; what the platform says became of it, none when it says nothing."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.ResponseTopic = topic.replace("/event", "/stored")
        properties.CorrelationData = mark
        answer = self._waiting.setdefault(mark, self._loop.create_future())
        self._client.publish(topic, payload, qos=1, properties=properties)
        await asyncio.wait({answer}, timeout=SILENCE)
        if not answer.done():
            return None
        self._waiting.pop(mark, None)
        return answer.result()

    def _on_connect(self, client: Client, *_: Any) -> None:
        # Each time: a broker that was killed may have forgotten whom it was to tell.
        client.subscribe(RECEIPTS, qos=1)
        self._loop.call_soon_threadsafe(self._greeted.set)

    async def hand_over(self, topic: str, payload: str) -> int:
        """Publish once and ask for nothing; the reason code of the broker's PUBACK.

        Not before the broker has greeted us: what paho sends sooner it sends again after what came later.
        """
        await self._greeted.wait()
        answer = self._loop.create_future()
        self._handed[self._client.publish(topic, payload, qos=1).mid] = answer
        async with asyncio.timeout(PATIENT):
            return int(await answer)

    def _acknowledged(self, id_: int, reason: int) -> None:
        answer = self._handed.pop(id_, None)
        if answer and not answer.done():
            answer.set_result(reason)

    def _told(self, mark: bytes, said: bytes) -> None:
        answer = self._waiting.get(mark)
        if answer and not answer.done():
            answer.set_result(json.loads(said))

    async def close(self) -> None:
        """Let the broker go."""
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)


class MqttDevice:
    """A device behind a gateway, which asks to be told that its press is stored and sends it again until it is."""

    def __init__(self, device: str, principal: str, gateway: Gateway, ledger: Ledger) -> None:
        self.account = device
        self.topic = f"nattljus/v1/{principal}/{device}/event"
        self.gateway = gateway
        self.ledger = ledger

    async def ask(self, reference: str) -> int | None:
        """Publish the press once."""
        told = await self.gateway.publish(self.topic, self.said(reference), reference.encode())
        self.ledger.heard["mqtt silence" if told is None else f"mqtt {told['outcome']}"] += 1
        if told is not None and told["stored"]:
            self.ledger.promised.add(reference)
        return None

    def said(self, reference: str) -> str:
        """The event that says it."""
        return json.dumps(pressed(reference, source=self.account))

    async def close(self) -> None:
        """The gateway is for all."""
