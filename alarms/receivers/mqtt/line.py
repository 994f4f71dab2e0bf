"""One connection to the broker: paho's client on its own network thread, bridged to the loop.

MQTT 5, QoS 1, a session that outlives the connection, and nothing acknowledged by itself (`manual_ack`): what we have
not said yes to, the broker sends again. A line is used once: when it is cut the next is a new one, so that no
acknowledgement and no command of the old reaches the new.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from alarms.receivers.mqtt.parse import Packet
from alarms.receivers.mqtt.topics import SUBSCRIPTIONS
from kit.log import get_logger

log = get_logger(__name__)

KEPT = 7 * 24 * 3600  # seconds the broker keeps our session while nobody is there
IN_HAND = 2000  # messages the broker may send before the first of them is acknowledged
KEEPALIVE = 15  # seconds
CONNECT_WITHIN = 5.0  # seconds
MOST_WAITING = 20_000  # messages; only QoS 0 can come to that, and is dropped then


class LineDown(Exception):
    """The broker cannot be reached, has refused us or has gone; `str` says which, with no address in it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the broker is. `name` tells two installations on one broker apart; it is our client id there."""

    host: str
    port: int
    tls: bool
    user: str | None
    password: str | None
    name: str
    ca: str | None
    cert: str | None
    key: str | None


def read_url(url: str) -> Address:
    """`mqtt://user:password@host:port/name`, `mqtts://…?ca=FILE&cert=FILE&key=FILE`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError("NATTLJUS_MQTT_URL is mqtt://[user:password@]host[:port] or mqtts://…")
    tls = parts.scheme == "mqtts"
    files = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return Address(
        host=parts.hostname,
        port=parts.port or (8883 if tls else 1883),
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        name=parts.path.strip("/") or "nattljus-alarms",
        ca=files.get("ca"),
        cert=files.get("cert"),
        key=files.get("key"),
    )


class Line:
    """`open`, then `next` until it answers none, then `close`. Raises LineDown where a file of its address is amiss."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._loop = asyncio.get_running_loop()
        self._arrived: asyncio.Queue[Packet | None] = asyncio.Queue()
        self._welcome: asyncio.Future[bool] = self._loop.create_future()
        self._subscribed: asyncio.Future[None] = self._loop.create_future()
        self._over = False
        self.up = False
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=address.name,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        if address.tls:
            try:
                client.tls_set(ca_certs=address.ca, certfile=address.cert, keyfile=address.key)
            except (OSError, ValueError) as error:
                raise LineDown(f"certificate: {type(error).__name__}") from error
        if address.user is not None:
            client.username_pw_set(address.user, address.password)
        client.connect_timeout = CONNECT_WITHIN
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        self._client = client

    async def open(self) -> bool:
        """Connect and subscribe; says whether the broker still had our session. Raises LineDown."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = KEPT
        properties.ReceiveMaximum = IN_HAND
        try:
            async with asyncio.timeout(2 * CONNECT_WITHIN):
                await asyncio.to_thread(self._connect, properties)
                present = await self._welcome
                self._client.subscribe([(topic, SubscribeOptions(qos=qos)) for topic, qos in SUBSCRIPTIONS.items()])
                await self._subscribed
        except (OSError, TimeoutError, ValueError) as error:
            raise LineDown(type(error).__name__) from error
        self.up = True
        return present

    def _connect(self, properties: Properties) -> None:
        address = self._address
        self._client.connect(address.host, address.port, KEEPALIVE, clean_start=False, properties=properties)
        if self._over:  # closed while it connected: nobody is there to hear
            self._client.disconnect()
        else:
            self._client.loop_start()

    async def next(self) -> Packet | None:
        """The next message, in the broker's order; none when the line is cut."""
        return await self._arrived.get()

    def subscribe(self, topics: Sequence[str]) -> None:
        """Hear these too. What the broker refuses is not heard, and logged."""
        if self.up and topics:
            self._client.subscribe([(topic, SubscribeOptions(qos=1)) for topic in topics])

    def unsubscribe(self, topics: Sequence[str]) -> None:
        """Hear these no more."""
        if self.up and topics:
            self._client.unsubscribe(list(topics))

    def acknowledge(self, packet: Packet) -> None:
        """PUBACK: the broker may forget it."""
        if packet.qos and self.up:
            self._client.ack(packet.id, packet.qos)

    def publish(self, topic: str, payload: bytes, *, expires_in: int, mark: bytes = b"") -> bool:
        """Hand a message to the broker, which forgets it after that many seconds; whether it could be sent at all.

        `mark` is the Correlation Data of what it answers.
        """
        if not self.up:
            return False
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        properties.MessageExpiryInterval = max(1, expires_in)
        if mark:
            properties.CorrelationData = mark
        sent = self._client.publish(topic, payload, qos=1, retain=False, properties=properties)
        return sent.rc is MQTTErrorCode.MQTT_ERR_SUCCESS

    def cut(self) -> None:
        """Let `next` answer none, as when the broker has gone."""
        self.up = False
        self._arrived.put_nowait(None)

    async def close(self) -> None:
        """Say goodbye and wait for the thread to end; the session stays with the broker."""
        self._over, self.up = True, False
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)
        for future in (self._welcome, self._subscribed):
            future.cancel()

    # What follows runs on paho's thread.

    def _tell(self, what: Any, *words: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *words)

    def _on_connect(self, _client: Any, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._tell(_fail, self._welcome, LineDown(str(reason)))
        else:
            self._tell(_settle, self._welcome, flags.session_present)

    def _on_subscribe(self, _client: Any, _data: Any, _id: int, reasons: list[Any], _properties: Any) -> None:
        refused = [reason for reason in reasons if reason.is_failure]
        if refused and self.up:
            self._tell(_refused, len(refused))
        elif refused:
            self._tell(_fail, self._subscribed, LineDown(f"subscription: {refused[0]}"))
        else:
            self._tell(_settle, self._subscribed, None)

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        for future in (self._welcome, self._subscribed):
            self._tell(_fail, future, LineDown(str(reason)))
        self._tell(self.cut)

    def _on_message(self, _client: Any, _data: Any, message: MQTTMessage) -> None:
        said = message.properties
        packet = Packet(
            message.topic,
            bytes(message.payload),
            message.qos,
            message.mid,
            message.dup,
            message.retain,
            answer_to=getattr(said, "ResponseTopic", ""),
            mark=getattr(said, "CorrelationData", b""),
        )
        self._tell(self._put, packet)

    def _put(self, packet: Packet) -> None:
        if packet.qos or self._arrived.qsize() < MOST_WAITING:
            self._arrived.put_nowait(packet)


def _refused(topics: int) -> None:
    log.warning("mqtt_subscription_refused", topics=topics)


def _settle(future: "asyncio.Future[Any]", answer: object) -> None:
    if not future.done():
        future.set_result(answer)


def _fail(future: "asyncio.Future[Any]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
        future.exception()  # whoever has stopped waiting need not hear of it
