"""The locks whose topics we have learnt: read from the database when a line begins, kept as configs come.

They are kept because the broker sends what it had queued before it sends the configs anew.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import delete, select

from alarms.core.door import lock_after
from alarms.core.signal import Outcome, Receipt, Signal
from alarms.locks.remark import how_it_stands, store_remark
from alarms.receivers.mqtt import homeassistant
from alarms.receivers.mqtt.homeassistant import PROTOCOL, LockTopics, read_reach, read_state
from alarms.receivers.mqtt.line import Line
from alarms.receivers.mqtt.parse import LONGEST, Packet
from alarms.receivers.mqtt.said import LockSaid
from alarms.receivers.tables import lock_topics
from kit.bus import Bus
from kit.errors import PeerError
from kit.store import Store, insert
from registry.find import find_devices

Receive = Callable[[Signal], Awaitable[Receipt]]


class KnownLocks:
    """Home Assistant's locks on one line."""

    def __init__(self, store: Store, bus: Bus, line: Line) -> None:
        self._store = store
        self._bus = bus
        self._line = line
        self._topics: dict[str, LockTopics] = {}
        self._heard: dict[str, set[str]] = {}

    async def load(self) -> None:
        """Read what is known. Raises StorageDown."""
        async with self._store.read() as connection:
            rows = (await connection.execute(select(lock_topics.c.account, lock_topics.c.said))).all()
        for account, said in rows:
            self._put(account, LockTopics.model_validate(said))

    def listen(self) -> None:
        """Hear configs, and every topic that is known."""
        self._line.subscribe([homeassistant.CONFIGS, *sorted(self._heard)])

    def speaker(self, topic: str) -> str | None:
        """Who says it; none for topics that are not theirs. A bridge that speaks for several is itself."""
        if (account := homeassistant.account_in(topic)) is not None:
            return f"{PROTOCOL}:{account}"
        accounts = self._heard.get(topic)
        if accounts is None:
            return None
        return f"{PROTOCOL}:{min(accounts)}" if len(accounts) == 1 else topic

    def order(self, account: str, action: str) -> tuple[str, str] | None:
        """Where to and in which words that lock is told to open; none where nobody has told."""
        topics = self._topics.get(account)
        if topics is None or topics.command_topic is None:
            return None
        return topics.command_topic, topics.order(action)

    async def store(self, packet: Packet, receive: Receive, *, occasion: str, at: datetime) -> str:
        """Have a message of theirs stored; what became of it. Raises PeerError and StorageDown."""
        if len(packet.payload) > LONGEST:
            raise PeerError("too_large", "message too large")
        if (account := homeassistant.account_in(packet.topic)) is not None:
            return await self._learn(account, packet.payload)
        outcome, refused = "no_news", None
        for account in sorted(self._heard.get(packet.topic, ())):
            try:
                outcome = await self._hear(account, packet, receive, occasion=occasion, at=at)
            except PeerError as error:  # what one lock's config makes of it is nothing to another
                refused = error
        if refused is not None and outcome == "no_news":
            raise refused
        return outcome

    async def _learn(self, account: str, payload: bytes) -> str:
        topics = homeassistant.read_config(payload)
        known = self._topics.get(account)
        if topics == known:
            return "no_news"
        named = (PROTOCOL, account)
        async with self._store.write() as connection:
            found = (await find_devices(connection, [named])).get(named)
            if found is None or found.kind != "lock":
                return Outcome.UNKNOWN_ACCOUNT.value
            if topics is None:
                await connection.execute(delete(lock_topics).where(lock_topics.c.lock == found.id))
            else:
                others = lock_topics.c.lock != found.id
                same = lock_topics.c.state_topic == topics.state_topic
                if topics.command_topic is not None:
                    same |= lock_topics.c.command_topic == topics.command_topic
                if await connection.scalar(select(lock_topics.c.lock).where(others, same)) is not None:
                    raise PeerError("topic_taken", "another lock's topic")
                values = {
                    "account": account,
                    "state_topic": topics.state_topic,
                    "command_topic": topics.command_topic,
                    "said": topics.model_dump(mode="json"),
                }
                statement = insert(connection, lock_topics).values(lock=found.id, **values)
                await connection.execute(statement.on_conflict_do_update(index_elements=["lock"], set_=values))
        before = set(self._heard)
        self._put(account, topics)
        self._line.subscribe(sorted(set(self._heard) - before))
        self._line.unsubscribe(sorted(before - set(self._heard)))
        return "learnt"

    def _put(self, account: str, topics: LockTopics | None) -> None:
        before = self._topics.pop(account, None)
        for topic in before.heard() if before else ():
            self._heard[topic].discard(account)
            if not self._heard[topic]:
                del self._heard[topic]
        if topics is not None:
            self._topics[account] = topics
            for topic in topics.heard():
                self._heard.setdefault(topic, set()).add(account)

    async def _hear(self, account: str, packet: Packet, receive: Receive, *, occasion: str, at: datetime) -> str:
        topics = self._topics.get(account)
        if topics is None:  # taken away since the message came
            return "no_news"
        said = read_state(topics, packet.payload) if packet.topic == topics.state_topic else None
        for reach in topics.reach if packet.topic != topics.state_topic else ():
            if reach.topic == packet.topic:
                said = read_reach(reach, packet.payload)
        if said is None:
            return "no_news"
        meaning = said.meaning()
        if said.door is None or meaning is None or packet.retained or await self._stands_so(account, said):
            remark = said.remark(PROTOCOL, account, remembered=packet.retained)
            return await store_remark(self._store, self._bus, remark, at)
        # A bridge tells all it knows, codes too: only the state is kept.
        told = said.door.event.value.encode()
        signal = said.signal(meaning, PROTOCOL, account, homeassistant.STATE, told, occasion=occasion, at=at)
        return (await receive(signal)).outcome.value

    async def _stands_so(self, account: str, said: LockSaid) -> bool:
        """Whether the lock only says again how it stands: that is no event, though it answers a command."""
        stands = await how_it_stands(self._store, PROTOCOL, account)
        return said.door is not None and lock_after(said.door.event) is stands.lock
