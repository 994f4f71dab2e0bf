"""The receiver: while it is our turn, a line to the broker; each message stored, then acknowledged, in order.

PUBACK goes out only after the commit, and in the order in which messages came (MQTT 5, 4.6). Different devices'
messages are stored side by side, one device's in order. With the database away nothing is acknowledged: each message is
tried again where it stands, and the broker keeps what it has not yet sent.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from alarms.core.signal import Intake, Outcome, Receipt, Signal
from alarms.locks.heard import LOCKS
from alarms.locks.outcome import settle
from alarms.locks.remark import Remark, store_remark
from alarms.locks.sending import ToSend, claim_unsent
from alarms.position.sending import LOCATES, claim_questions
from alarms.receivers.mqtt import homeassistant
from alarms.receivers.mqtt.known import KnownLocks
from alarms.receivers.mqtt.line import Address, Line, LineDown
from alarms.receivers.mqtt.link import hear_link
from alarms.receivers.mqtt.nuki import ACTIONS
from alarms.receivers.mqtt.nuki import PROTOCOL as NUKI
from alarms.receivers.mqtt.parse import PROTOCOL, Linked, Packet, Passed, event_in, has_no_id, read, speaker
from alarms.receivers.mqtt.topics import command_topic, receipt_topic
from alarms.receivers.mqtt.turn import RENEW_EVERY, Turn
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import PeerError, StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.looking import look_on
from kit.metrics import counter, gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.event import EventKept
from kit.wire.lock import LockCommand, LockCommandData
from kit.wire.words import LockOutcome

log = get_logger(__name__)

T = TypeVar("T")

messages_total = counter("mqtt_messages_total", "Messages that were acknowledged, by what became of them", ["outcome"])
refused_total = counter("mqtt_refused_total", "Messages that held nothing we understand", ["code"])
held_total = counter("mqtt_held_total", "Times a message waited unacknowledged for the database")
in_hand = gauge("mqtt_in_hand", "Messages that the broker has passed on and that are not acknowledged yet")
line_up = gauge("mqtt_line_up", "Whether this process hears the broker")

RECONNECT_PAUSE = 1.0  # seconds
HOLD_PAUSE = 0.5  # seconds until a message is tried again
FINISH_WITHIN = 5.0  # seconds; then the broker is heard again, whatever the database does
LOOK_EVERY = 0.5  # seconds, should the bus be silent
TOLD_WITHIN = 60  # seconds; a device that has been away longer asks again
KEPT = {Outcome.STORED.value, Outcome.REPEATED.value}


@dataclass(slots=True)
class _InHand:
    """A message between its arrival and its acknowledgement. `held`: the database did not take it at once.

    `event` is what it is known again by, where it can be. `outcome` is what became of it, once it is `stored`.
    """

    packet: Packet
    speaker: str
    event: tuple[str, bytes] | None
    at: datetime
    held: bool = False
    outcome: str = ""
    stored: asyncio.Event = field(default_factory=asyncio.Event)


class MqttReceiver:
    """Hears the broker when it is this process's turn, and sends the commands that wait. Reconnects for ever."""

    def __init__(self, intake: Intake, store: Store, bus: Bus, clock: Clock, address: Address) -> None:
        self._intake = intake
        self._store = store
        self._bus = bus
        self._clock = clock
        self._address = address
        self._turn = Turn(store, clock)
        self._tasks = Tasks(clock)
        self._up = False
        self._elsewhere = False

    @property
    def healthy(self) -> bool:
        """Whether the broker is heard, here or by another process."""
        return self._up or self._elsewhere

    async def start(self) -> None:
        """Begin; a broker that is away is tried again for ever."""
        self._tasks.forever("mqtt", self._run)

    async def close(self) -> None:
        """Stop: what is not stored by now is not acknowledged and comes again, here or elsewhere."""
        await self._tasks.close()
        try:
            await self._turn.give_back()
        except StorageDown:
            log.warning("mqtt_turn_runs_out")

    async def _run(self) -> None:
        while True:
            try:
                mine = await self._turn.take()
            except StorageDown:
                mine = False
            self._elsewhere = not mine
            if mine:
                try:
                    await self._hear()
                except LineDown as down:
                    log.warning("mqtt_line_down", reason=str(down))
            await self._clock.sleep(RECONNECT_PAUSE)

    async def _hear(self) -> None:
        line = Line(self._address)
        tasks, messages = Tasks(self._clock), Tasks(self._clock)
        known = KnownLocks(self._store, self._bus, line)
        try:
            await self._patiently(known.load)
            present = await line.open()
            session = await self._patiently(partial(self._turn.session, present=present))
            log.info("mqtt_line_up", session_kept=present)
            self._up = True
            line_up.set(1)
            known.listen()
            tasks.forever("mqtt-turn", lambda: self._keep_turn(line))
            self._look_on(tasks, "mqtt-send", LOCKS, lambda: self._send_commands(line, known))
            self._look_on(tasks, "mqtt-ask", LOCATES, lambda: self._send_questions(line))
            inbox = Inbox(self, line, known, messages, session, self._clock)
            while (packet := await line.next()) is not None:
                inbox.take(packet)
            self._up = False
            await tasks.close()  # no command is taken for a line that is cut
            await self._finish(inbox)
        finally:
            self._up = False
            line_up.set(0)
            in_hand.set(0)
            await tasks.close()
            await messages.close()
            await line.close()

    async def _finish(self, inbox: "Inbox") -> None:
        """Have stored what is in hand although the line is cut, as far as the database takes it soon.

        A broker that was killed may not have written down what it had passed on to us: then nobody else has it. What
        it still has comes again, and is known; to another process, where that has our turn.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_WITHIN):
                if await self._patiently(self._turn.take):
                    await inbox.all_stored()

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        while True:
            try:
                return await ask()
            except StorageDown:
                held_total.inc()
                await self._clock.sleep(HOLD_PAUSE)

    async def _keep_turn(self, line: Line) -> None:
        while True:
            await self._clock.sleep(RENEW_EVERY)
            try:
                mine = await self._turn.take()
            except StorageDown:
                continue  # nobody else can take it either
            if not mine:
                log.warning("mqtt_turn_lost")
                line.cut()
                return

    def _look_on(self, tasks: Tasks, name: str, topic: str, look: Callable[[], Awaitable[None]]) -> None:
        tasks.forever(
            name, lambda: look_on(self._bus, topic, lambda _: look(), clock=self._clock, task=name, every=LOOK_EVERY)
        )

    async def _send_commands(self, line: Line, known: KnownLocks) -> None:
        for command in await claim_unsent(self._store, self._clock.now()):
            await self._send(line, known, command)

    async def _send(self, line: Line, known: KnownLocks, command: ToSend) -> None:
        lock, at = command.lock, self._clock.now()
        seconds = int((command.expires_at - at).total_seconds())
        order: tuple[str, str] | None
        match lock.protocol:
            case homeassistant.PROTOCOL:
                order = known.order(lock.account, command.action)
            case protocol:
                payload = ACTIONS[command.action] if protocol == NUKI else _event(command, self._clock)
                order = (command_topic(protocol, lock.principal, lock.id, lock.account), payload)
        if order is not None and line.publish(order[0], order[1].encode(), expires_in=seconds):
            log.info("lock_command_sent", command=command.id, lock=lock.id)
            return
        async with self._store.write() as connection:
            await settle(connection, command.id, LockOutcome.UNREACHABLE, at)
        await self._bus.notify(LOCKS)

    async def _send_questions(self, line: Line) -> None:
        """Send the questions where devices are; one that the line did not take ends unanswered, and says so."""
        for one in await claim_questions(self._store, self._clock.now(), protocol=PROTOCOL):
            topic = command_topic(PROTOCOL, one.principal, one.device, one.device)
            seconds = int((one.expires_at - self._clock.now()).total_seconds())
            taken = line.publish(topic, one.command.model_dump_json().encode(), expires_in=seconds)
            log.info("locate_sent", locate=one.command.id, device=one.device, taken=taken)

    async def store(self, packet: Packet, known: KnownLocks, session: str, at: datetime, *, first_try: bool) -> str:
        """Have the message stored; what became of it, for the counter. Raises PeerError and StorageDown.

        A lock's message without an id is known again by the broker's packet id. Those are used again, at the latest
        when the broker has lost some in a crash; so what the broker sends for the first time is new, whatever we had
        under that id. Rather an event twice after a broker's crash than one too few.
        """
        occasion = f"{session}:{packet.id}" if packet.qos else new_id("once", at)
        receive = partial(self._receive, new=first_try and not packet.again)
        if known.speaker(packet.topic) is not None:
            return await known.store(packet, receive, occasion=occasion, at=at)
        heard = read(packet, occasion=occasion, received_at=at)
        match heard:
            case Signal():
                return (await receive(heard)).outcome.value
            case Remark():
                return await store_remark(self._store, self._bus, heard, at)
            case Linked():
                return await hear_link(self._store, self._bus, receive, heard, at)
            case Passed():
                return heard.why

    async def _receive(self, signal: Signal, *, new: bool) -> Receipt:
        """Have a signal stored. `new`: what has no id of its own cannot be a repetition, whatever its key says."""
        receipt = await self._intake.receive(signal)
        if new and receipt.outcome is Outcome.REPEATED and has_no_id(signal):
            receipt = await self._intake.receive(
                replace(signal, key=f"{signal.key}:{new_id('once', signal.received_at)}")
            )
        return receipt


class Inbox:
    """The messages of one line: stored as they come, a device's own in order, acknowledged in order.

    A device's next message waits until the one before it is stored: whether the database takes a message is known only
    afterwards, and a door that closed must not be stored before it opened. Many devices share a commit all the same.

    An event that is sent again while it is in hand goes along with itself. At the end of its device's line each try
    would make that line longer, and a device that waits for its receipt be told the later the more often it asks.
    """

    def __init__(
        self, receiver: MqttReceiver, line: Line, known: KnownLocks, tasks: Tasks, session: str, clock: Clock
    ) -> None:
        self._receiver = receiver
        self._line = line
        self._known = known
        self._tasks = tasks
        self._session = session
        self._clock = clock
        self._in_hand: deque[_InHand] = deque()
        self._last: dict[str, _InHand] = {}
        self._events: dict[tuple[str, bytes], _InHand] = {}

    async def all_stored(self) -> None:
        """Return once everything in hand is stored."""
        for one in list(self._in_hand):
            await one.stored.wait()

    def take(self, packet: Packet) -> None:
        """Take a message in hand."""
        name = self._known.speaker(packet.topic) or speaker(packet.topic)
        one = _InHand(packet, name, event_in(packet), self._clock.now())
        self._in_hand.append(one)
        in_hand.set(len(self._in_hand))
        first = self._events.setdefault(one.event, one) if one.event else one
        if first is not one:
            self._tasks.start("mqtt-message", self._go_along(one, first))
            return
        before = self._last.get(one.speaker)
        self._last[one.speaker] = one
        self._tasks.start("mqtt-message", self._carry(one, before))

    async def _carry(self, one: _InHand, before: _InHand | None) -> None:
        if before is not None:
            await before.stored.wait()
        one.outcome = await self._store(one)
        if self._last.get(one.speaker) is one:
            del self._last[one.speaker]
        if one.event:
            del self._events[one.event]
        self._finish(one)

    async def _go_along(self, one: _InHand, first: _InHand) -> None:
        await first.stored.wait()
        one.outcome = Outcome.REPEATED.value if first.outcome == Outcome.STORED else first.outcome
        self._finish(one)

    def _finish(self, one: _InHand) -> None:
        """It is stored, or nothing that could be: tell, let the next go, and acknowledge all whose turn it is."""
        messages_total.labels(outcome=one.outcome).inc()
        one.stored.set()
        self._tell(one.packet, one.outcome)
        while self._in_hand and self._in_hand[0].stored.is_set():
            self._line.acknowledge(self._in_hand.popleft().packet)
        in_hand.set(len(self._in_hand))

    def _tell(self, packet: Packet, outcome: str) -> None:
        """Tell a device that asks for it what became of its event. Where that is lost it sends the event again."""
        topic = receipt_topic(packet.topic, packet.answer_to)
        if topic is not None:
            said = EventKept(stored=outcome in KEPT, outcome=outcome).model_dump_json().encode()
            self._line.publish(topic, said, expires_in=TOLD_WITHIN, mark=packet.mark)

    async def _store(self, one: _InHand) -> str:
        """Store the message, however long the database takes; what became of it."""
        while True:
            try:
                return await self._receiver.store(
                    one.packet, self._known, self._session, one.at, first_try=not one.held
                )
            except StorageDown:
                one.held = True  # and nobody knows whether it was stored
                held_total.inc()
                await self._clock.sleep(HOLD_PAUSE)
            except PeerError as error:
                refused_total.labels(code=error.code).inc()
                log.warning("mqtt_message_refused", code=error.code, bytes=len(one.packet.payload))
                return "refused"
            except Exception:
                log.exception("mqtt_message_failed", bytes=len(one.packet.payload))
                return "failed"


def _event(command: ToSend, clock: Clock) -> str:
    data = LockCommandData(
        command=command.id,
        action="unlock" if command.action == "unlock" else "unlatch",
        expires_at=command.expires_at,
    )
    return LockCommand(id=command.id, time=clock.now(), data=data).model_dump_json()
