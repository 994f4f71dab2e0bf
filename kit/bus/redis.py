"""The bus between processes, over Redis publish/subscribe.

Own watchers hear at once, without the round trip, so a process serves its own desks even when Redis is gone. Nobody
waits for Redis: looks for others are gathered and sent by a task of their own, again when that fails. After a cut every
watcher is told to look, because nobody knows what was missed.
"""

import asyncio
from contextlib import AbstractAsyncContextManager

import redis.asyncio
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from kit.bus.bus import Watch
from kit.bus.local import LocalBus
from kit.clock import SystemClock
from kit.ids import new_id
from kit.log import get_logger
from kit.tasks import Tasks

log = get_logger(__name__)

CHANNEL = "nattljus:look"
REPLY_WITHIN = 1.0  # seconds
RETRY_PAUSE = 0.5  # seconds
_FAULTS = (RedisError, OSError, TimeoutError, asyncio.IncompleteReadError)


class RedisBus:
    """A local bus whose looks also travel through one Redis channel, as `<process> <topic>`."""

    def __init__(self, url: str) -> None:
        self._clock = SystemClock()
        self._me = new_id("bus", self._clock.now())
        self._local = LocalBus()
        self._tasks = Tasks(self._clock)
        self._redis = redis.asyncio.from_url(
            url,
            socket_connect_timeout=REPLY_WITHIN,
            socket_timeout=REPLY_WITHIN,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),  # the library's silent reconnect would hide that looks were missed
        )
        self._listening = False
        self._unsent: set[str] = set()
        self._something_unsent = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen and to tell; a Redis that is away is tried again for ever."""
        self._tasks.forever("bus-listen", self._listen)
        self._tasks.forever("bus-tell", self._tell)

    async def notify(self, topic: str) -> None:
        """Tell own watchers at once, and the others as soon as Redis can."""
        self._local.look(topic)
        self._unsent.add(topic)
        self._something_unsent.set()

    def watch(self, topic: str) -> AbstractAsyncContextManager[Watch]:
        """Watch a topic while the block lasts."""
        return self._local.watch(topic)

    async def healthy(self) -> bool:
        """Whether the subscription stands."""
        return self._listening

    async def close(self) -> None:
        """Stop listening and let the connections go."""
        await self._tasks.close()
        self._listening = False
        await self._redis.aclose()
        await self._local.close()

    async def _tell(self) -> None:
        while True:
            await self._something_unsent.wait()
            self._something_unsent.clear()
            topics, self._unsent = self._unsent, set()
            try:
                async with self._redis.pipeline(transaction=False) as together:
                    for topic in topics:
                        together.publish(CHANNEL, f"{self._me} {topic}")
                    await together.execute()
            except _FAULTS:
                log.warning("bus_publish_failed", topics=len(topics))
                self._unsent |= topics
                self._something_unsent.set()
                await self._clock.sleep(RETRY_PAUSE)

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    await self._hear(subscription)
            except _FAULTS:
                if self._listening:
                    log.warning("bus_lost")
            finally:
                self._listening = False
            await self._clock.sleep(RETRY_PAUSE)

    async def _hear(self, subscription: PubSub) -> None:
        asked = False
        while True:
            message = await subscription.get_message(timeout=REPLY_WITHIN)
            if message is None:
                if asked or not self._listening:
                    raise TimeoutError("Redis answers no more")
                await subscription.ping()
                asked = True
                continue
            asked = False
            if message["type"] == "subscribe":
                self._listening = True
                self._local.look_everywhere()
            elif message["type"] == "message":
                sender, _, topic = message["data"].partition(" ")
                if topic and sender != self._me:
                    self._local.look(topic)
