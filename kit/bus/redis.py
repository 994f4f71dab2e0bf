"""The bus between processes, over Redis publish/subscribe.

Own watchers hear at once, without the round trip, so a process serves its own desks even when Redis is gone. After a
cut every watcher is told to look, because nobody knows what was missed.
"""

import asyncio
from contextlib import AbstractAsyncContextManager

import redis.asyncio
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


class RedisBus:
    """A local bus whose looks also travel through one Redis channel, as `<process> <topic>`."""

    def __init__(self, url: str) -> None:
        self._clock = SystemClock()
        self._me = new_id("bus", self._clock.now())
        self._local = LocalBus()
        self._tasks = Tasks(self._clock)
        self._redis = redis.asyncio.from_url(
            url, socket_connect_timeout=REPLY_WITHIN, socket_timeout=REPLY_WITHIN, decode_responses=True
        )
        self._listening = False

    async def start(self) -> None:
        """Begin to listen; a Redis that is away is tried again for ever."""
        self._tasks.forever("bus-redis", self._listen)

    async def notify(self, topic: str) -> None:
        """Tell own watchers at once and the others through Redis."""
        self._local.look(topic)
        try:
            await self._redis.publish(CHANNEL, f"{self._me} {topic}")
        except (RedisError, OSError, TimeoutError):
            log.warning("bus_publish_failed", topic=topic)

    def watch(self, topic: str) -> AbstractAsyncContextManager[Watch]:
        """Watch a topic while the block lasts."""
        return self._local.watch(topic)

    async def healthy(self) -> bool:
        """Whether the subscription stands."""
        return self._listening

    async def close(self) -> None:
        """Stop listening and let the connections go."""
        await self._tasks.close()
        await self._redis.aclose()
        await self._local.close()

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except (RedisError, OSError, TimeoutError, asyncio.IncompleteReadError):
                if self._listening:
                    log.warning("bus_lost")
            self._listening = False
            await self._clock.sleep(RETRY_PAUSE)

    async def _listen_once(self) -> None:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            self._listening = True
            self._local.look_everywhere()
            while True:
                message = await subscription.get_message(ignore_subscribe_messages=True, timeout=REPLY_WITHIN)
                if message is None:
                    await subscription.ping()
                elif isinstance(message.get("data"), str):
                    sender, _, topic = message["data"].partition(" ")
                    if topic and sender != self._me:
                        self._local.look(topic)
