"""Sending one round's events: lanes beside each other, each in its order, on connections that are this round's own."""

import asyncio
import ssl
from collections.abc import Sequence
from functools import cache

import httpx

from alarms.core.outward import Heard, Item, heard
from alarms.outward.address import Network, Place, Unreachable, find
from alarms.outward.rounds import Loaded
from alarms.outward.signature import headers
from alarms.outward.telling import body_of, event_of
from alarms.posting import asked
from kit.clock import Clock
from kit.metrics import counter

SEND_WITHIN = 10.0  # seconds for one event
ROUND_WITHIN = 5.0  # seconds after which a round begins nothing more; its lease is longer than all that follows
LANES_AT_ONCE = 4

sent_total = counter("outward_sent_total", "Events sent to other systems, by what the answer meant", ["heard"])

Answers = dict[int, tuple[Heard, str]]


@cache
def _trust() -> ssl.SSLContext:
    """Whose certificates are believed; read once, since that costs more than many events."""
    return httpx.create_ssl_context()


class Sending:
    """What events go out through."""

    def __init__(self, clock: Clock, networks: Sequence[Network]) -> None:
        self._clock = clock
        self._networks = networks

    async def send(self, loaded: Loaded, keys: Sequence[bytes]) -> Answers:
        """What came of each event, by place; what there was no time for is left out."""
        lanes = loaded.round.lanes
        if not lanes:
            return {}
        began = self._clock.monotonic()
        try:
            place = await find(loaded.row["url"], self._networks)
        except Unreachable as error:
            return {lane[0].position: (Heard.UNWELL, error.word) for lane in lanes}
        limits = httpx.Limits(max_connections=LANES_AT_ONCE, max_keepalive_connections=LANES_AT_ONCE)
        http = httpx.AsyncClient(verify=_trust(), trust_env=False, timeout=SEND_WITHIN, limits=limits)
        answers: Answers = {}
        free = asyncio.Semaphore(LANES_AT_ONCE)

        async def go(lane: tuple[Item, ...]) -> None:
            async with free:
                for item in lane:
                    if self._clock.monotonic() - began > ROUND_WITHIN:
                        return
                    answers[item.position] = await self._send(http, place, loaded, item, keys)
                    if answers[item.position][0] is not Heard.TAKEN:
                        return

        async with http:
            await asyncio.gather(*map(go, lanes))
        return answers

    async def _send(
        self, http: httpx.AsyncClient, place: Place, loaded: Loaded, item: Item, keys: Sequence[bytes]
    ) -> tuple[Heard, str]:
        row = loaded.events[item.position]
        event = event_of(row, resident=loaded.row["resident"], replayed=item.position in loaded.replayed)
        body = body_of(event)
        said = await asked(
            http,
            "POST",
            place.url,
            body,
            {
                "host": place.host,
                "content-type": "application/cloudevents+json; charset=utf-8",
                "user-agent": "nattljus",
                **headers(keys, event.id, self._clock.now(), body),
            },
            within=SEND_WITHIN,
            extensions=place.extensions,
        )
        meant = heard(said.status)
        sent_total.labels(heard=meant.value).inc()
        return meant, said.word
