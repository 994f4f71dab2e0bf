"""The watchdog put together from the settings, with everything it opens."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import httpx

from alarms.receivers.mqtt.line import read_url
from alarms.receivers.scaip.addresses import Endpoint, parse_listen
from alarms.watchdog.checks import Checks, Probe
from alarms.watchdog.desk import DeskLine
from alarms.watchdog.events import send_http, send_mqtt
from alarms.watchdog.look import Look
from alarms.watchdog.scaip import send_scaip
from alarms.watchdog.sending import Sender, read_smtp
from alarms.watchdog.stored import Stored
from alarms.watchdog.watch import Told, Watchdog
from kit.clock import SystemClock
from kit.settings import Settings
from kit.store import open_store
from kit.tokens import Signer

CONNECTIONS = 4
WEB_WITHIN = 6.0  # seconds
FILE = "watchdog.json"
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is listened on, not by us


@asynccontextmanager
async def watching(
    settings: Settings, keys: Sequence[str], clock: SystemClock, *, rounds: bool = True
) -> AsyncIterator[Watchdog]:
    """A watchdog, at work while the block lasts. Raises ValueError with a sentence for a setting that is wrong."""
    signer = Signer(keys)
    smtp_url = settings.smtp_url.get_secret_value()
    if smtp_url:
        read_smtp(smtp_url)
    async with AsyncExitStack() as open_things:
        store = open_store(settings.store_url(), connections=CONNECTIONS)
        open_things.push_async_callback(store.close)
        web = await open_things.enter_async_context(
            httpx.AsyncClient(base_url=settings.watchdog_url, timeout=WEB_WITHIN, trust_env=False)
        )
        outside = await open_things.enter_async_context(httpx.AsyncClient(timeout=WEB_WITHIN))
        desk = DeskLine(settings.watchdog_url, signer, clock)
        probes = probes_of(settings, signer, web, clock)
        machine = clock.machine
        checks = Checks(probes, Look(store, clock), desk, web, clock, lambda: machine.off if machine.stepped else 0.0)
        sender = Sender(outside, settings.watchdog_webhook_secret.get_secret_value(), smtp_url)
        told = Told(
            name=settings.watchdog_name,
            heartbeat_url=settings.watchdog_heartbeat_url.get_secret_value(),
            webhook_url=settings.watchdog_webhook_url.get_secret_value(),
            mail_from=settings.smtp_from,
            every=settings.watchdog_every,
        )
        watchdog = Watchdog(checks, Stored(store), sender, clock, told, settings.data / FILE)
        await watchdog.prepare()  # a desk opens to whom the registry knows
        desk.start()
        open_things.push_async_callback(desk.close)
        watchdog.start(rounds=rounds)
        open_things.push_async_callback(watchdog.close)
        yield watchdog


def probes_of(settings: Settings, signer: Signer, web: httpx.AsyncClient, clock: SystemClock) -> list[Probe]:
    """A test for each receiver that the settings name. Raises ValueError."""
    probes = [Probe("http", partial(send_http, web, signer, clock))]
    for endpoint in parse_listen(settings.watchdog_sip or settings.sip_listen):
        reached = Endpoint(endpoint.transport, LOOPBACK.get(endpoint.host, endpoint.host), endpoint.port)
        probes.append(Probe(f"scaip:{endpoint}", partial(send_scaip, reached)))
    if settings.mqtt_url:
        probes.append(Probe("mqtt", partial(send_mqtt, read_url(settings.mqtt_url)), ours=False))
    return probes
