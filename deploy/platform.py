"""The parts of one process, put together: store, bus, hub, escalation, feed, receivers, and the web in front."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI, Response
from starlette.types import ASGIApp

import alarms.missions.demo
import alarms.position.demo
import alarms.routing.demo
import registry.demo
import signaling.demo
from alarms.anchor import anchor, anchor_at_last
from alarms.desk.commands import CasePurposes, Commands
from alarms.desk.routes import TITLES as CASE_TITLES
from alarms.desk.routes import desk_router
from alarms.desk.seats import Seats
from alarms.desk.socket import DeskParts
from alarms.escalation import Escalation
from alarms.feed import Feed
from alarms.forwarding.part import ForwardingPart
from alarms.forwarding.routes import TITLES as RESERVE_TITLES
from alarms.forwarding.routes import reserve_router
from alarms.forwarding.ways import Ways, trusted
from alarms.handling.elsewhere import Elsewhere
from alarms.handling.handover import Handovers
from alarms.handling.notes import TITLES as NOTE_TITLES
from alarms.handling.notes import notes_router
from alarms.handling.routes import TITLES as HANDLING_TITLES
from alarms.handling.routes import handling_router
from alarms.handling.shift import TITLES as SHIFT_TITLES
from alarms.handling.shift import shift_router
from alarms.home.routes import home_router
from alarms.hub import Hub
from alarms.locks.commands import LockCommands
from alarms.locks.routes import TITLES as LOCK_TITLES
from alarms.locks.routes import locks_router
from alarms.missions.commands import MissionCommands
from alarms.missions.routes import TITLES as MISSION_TITLES
from alarms.missions.routes import missions_router
from alarms.missions.timers import MissionTimers
from alarms.outward.address import read_networks
from alarms.outward.notice import Notices
from alarms.outward.part import Outward
from alarms.outward.routes import TITLES as OUTWARD_TITLES
from alarms.outward.routes import outward_router
from alarms.outward.sending import Sending
from alarms.planning.routes import TITLES as PLANNING_TITLES
from alarms.planning.routes import planning_router
from alarms.position.asking import Asking
from alarms.position.map import map_host, map_source
from alarms.position.office import TITLES as OFFICE_TITLES
from alarms.position.office import office_router
from alarms.position.routes import TITLES as POSITION_TITLES
from alarms.position.routes import position_router
from alarms.position.timers import LocateTimers
from alarms.pruning import Pruning
from alarms.receivers.dc09.keys import Keys
from alarms.receivers.dc09.listen import Dc09Receiver
from alarms.receivers.dc09.listen import parse_listen as parse_dc09
from alarms.receivers.http.listen import TITLES as EVENT_TITLES
from alarms.receivers.http.listen import events_router
from alarms.receivers.http.straight import Straight
from alarms.receivers.mqtt.line import read_url
from alarms.receivers.mqtt.listen import MqttReceiver
from alarms.receivers.routes import receivers_router
from alarms.receivers.scaip.listen import ScaipReceiver, parse_listen
from alarms.receivers.scaip.models import read_models
from alarms.receivers.scaip.policy import Policies
from alarms.receivers.scaip.tls import Files
from alarms.receivers.vendors.listen import TITLES as VENDOR_TITLES
from alarms.receivers.vendors.listen import VendorReceiver
from alarms.receivers.vendors.routes import TITLES as INTEGRATION_TITLES
from alarms.receivers.vendors.routes import integrations_router
from alarms.routing.keep import TITLES as ROUTING_TITLES
from alarms.routing.reading import Reading
from alarms.routing.routes import routing_router
from alarms.statistics.routes import TITLES as STATISTICS_TITLES
from alarms.statistics.routes import statistics_router
from alarms.supervision.routes import incidents_router
from alarms.supervision.watch import Supervision
from alarms.watchdog.routes import watchdog_router
from deploy import schema
from deploy.asyncapi import document_events
from deploy.connections import open_stores
from deploy.demo_web import demo_router
from deploy.front import Guard, add_health, add_pages
from deploy.listening import listening
from deploy.media_proxy import TITLES as MEDIA_TITLES
from deploy.media_proxy import MediaProxy
from deploy.relay import RelayProcess
from kit.bus import open_bus
from kit.clock import Clock, SystemClock
from kit.errors import StorageDown
from kit.log import get_logger
from kit.problem import PROBLEM_RESPONSES, install_problems
from kit.settings import Settings
from kit.tasks import Tasks
from kit.tokens import Signer
from registry.access import Act
from registry.inventory.fitting import TITLES as DEVICE_TITLES
from registry.routes import registry_router
from registry.seal import Sealer
from registry.session_web import COOKIE, Sessions, asks
from registry.session_web import TITLES as SESSION_TITLES
from signaling.part import Signaling
from signaling.routes import TITLES as VISIT_TITLES

log = get_logger(__name__)

READY_WITHIN = 1.5  # seconds
DEMO_NUMBER = "gsm:+46313900600"  # one of those set aside for invented people


class Platform:
    """Everything that `nattljus run` and `nattljus serve alarms` are made of. `app` is there before `start`."""

    def __init__(self, settings: Settings, keys: Sequence[str], *, demo: bool, clock: Clock | None = None) -> None:
        self.clock = clock or SystemClock()
        if demo and not settings.call_number:
            settings = settings.model_copy(update={"call_number": DEMO_NUMBER})
        self._settings = settings
        self._demo = demo
        stores = self._stores = open_stores(settings.store_url(), pages=settings.database_connections)
        self.store = stores.pages
        self.bus = open_bus(settings.redis_url)
        self.signer = Signer(keys)
        self._reading = Reading(stores.intake, self.bus, self.clock)
        self.hub = Hub(stores.intake, self.bus, self.clock, self._reading)
        self._tasks = Tasks(self.clock)
        self._escalation = Escalation(stores.intake, self.bus, self.clock, self._reading)
        self._supervision = Supervision(stores.intake, self.bus, self.clock, self._reading)
        self._feed = Feed(stores.intake, self.bus, self.clock, coming_back=self.store)
        self._seats = Seats(self.store, self.clock)
        self._pruning = Pruning(self.store, self.clock)
        self._secrets = keys
        self._networks = read_networks(settings.outward_networks)
        notices = Notices(self.store, settings.smtp_url.get_secret_value(), settings.smtp_from)
        sending = Sending(self.clock, self._networks)
        self._outward = Outward(self.store, self.bus, self.clock, keys, sending, notices)
        ways = Ways(self.clock, self._networks, trusted(settings.forward_ca), keys)
        self._forwarding = ForwardingPart(stores.handling, self.bus, self.clock, ways, self._reading)
        self._sealer = Sealer(self.store, keys, self.clock)
        self._commands = Commands(stores.handling, self.bus, self.clock)
        self._missions = MissionCommands(stores.handling, self.bus, self.clock)
        self._mission_timers = MissionTimers(stores.intake, self.bus, self.clock)
        self._locks = LockCommands(stores.handling, self.bus, self.clock)
        self._asking = Asking(stores.handling, self.bus, self.clock)
        self._locate_timers = LocateTimers(stores.intake, self.bus, self.clock)
        self._map = map_source(settings.map_tiles, settings.map_attribution)
        self.mqtt = (
            MqttReceiver(self.hub, stores.handling, self.bus, self.clock, read_url(settings.mqtt_url))
            if settings.mqtt_url
            else None
        )
        self._vendors = VendorReceiver(self.hub, stores.handling, self.bus, self.clock, keys)
        self._keys = keys
        self._signaling = Signaling(self.store, self.bus, self.clock, self.signer)
        self.relay = RelayProcess(settings, keys, self.store, self.clock)
        self._media_proxy = MediaProxy(self.store, self.clock)
        models = read_models(*map(Path, filter(None, [settings.scaip_models])))
        self._policies = Policies(stores.intake, self.clock, models)
        self.scaip = ScaipReceiver(
            self.hub,
            self.clock,
            self._tasks,
            listen=parse_listen(settings.sip_listen),
            call_number=settings.call_number,
            tls=Files(settings.tls_cert, settings.tls_key, settings.tls_client_ca),
            known=self._policies,
            keys=keys,
            strangers=settings.receiver_strangers,
            handshakes=settings.tls_handshakes,
            refusals=settings.scaip_refusals,
        )
        self.dc09 = (
            Dc09Receiver(
                self.hub,
                Keys(stores.intake, self.clock, keys),
                self.clock,
                self._tasks,
                listen=parse_dc09(settings.dc09_listen),
                strangers=settings.receiver_strangers,
            )
            if settings.dc09_listen.strip()
            else None
        )
        self._sessions = Sessions(self.store, self.signer, self.clock, settings.public_url, devices=stores.intake)
        devices = Straight(self._build_app(self._sessions), self.hub, self._sessions, self.clock)
        self.app: ASGIApp = Guard(devices, map_host(self._map))

    async def start(self, *, migrate: bool) -> None:
        """Bring the database up to date if asked to, then begin. Raises OSError when an address is taken.

        A database that is away is waited for where it must be migrated, and done without otherwise: devices then hear
        "hold", which is more than silence.
        """
        if migrate:
            await self._migrate()
        if self._demo:
            async with self.store.write() as connection:
                await registry.demo.fill(connection)
                await signaling.demo.fill(connection, self.clock.now())
                await alarms.routing.demo.fill(connection)
                await alarms.missions.demo.fill(connection)
                await alarms.position.demo.fill(connection, self.clock.now())
        await self._anchor()
        await self.bus.start()
        for part in (
            self._reading,
            self.hub,
            self._escalation,
            self._feed,
            self._seats,
            self._pruning,
            self._signaling,
            self._outward,
            self._forwarding,
        ):
            await part.start()
        self._sessions.start(self._tasks)
        self._sealer.start(self._tasks)
        await self._mission_timers.start()
        await self._locks.start()
        await self._locate_timers.start()
        await self._policies.start()
        await self.scaip.start()
        if self.dc09 is not None:
            await self.dc09.start()
        if self.mqtt is not None:
            await self.mqtt.start()
        await self._supervision.start()  # last: nobody is silent before there is somebody to hear

    async def close(self) -> None:
        """Stop: receivers first, so that nothing is taken in that will not be stored."""
        await self._supervision.close()
        await self.scaip.close()
        await self._policies.close()
        if self.dc09 is not None:
            await self.dc09.close()
        if self.mqtt is not None:
            await self.mqtt.close()
        await self._locate_timers.close()
        await self._locks.close()
        await self._mission_timers.close()
        await self.relay.close()
        await self._media_proxy.close()
        for part in (
            self._forwarding,
            self._outward,
            self._signaling,
            self._escalation,
            self._feed,
            self._seats,
            self._pruning,
            self.hub,
            self._reading,
        ):
            await part.close()
        await self._tasks.close()
        await self.bus.close()
        await self._stores.close()

    async def _anchor(self) -> None:
        """A clock that is behind the journal makes no deadline late; a database that is away is not waited for."""
        try:
            await anchor(self.store, self.clock)
        except StorageDown:
            self._tasks.start("anchor", anchor_at_last(self.store, self.clock))
        except Exception:
            log.exception("anchor_failed")  # a database that was never migrated: everything else says so too

    async def _migrate(self) -> None:
        while True:
            try:
                await self.store.ping()
                break
            except StorageDown:
                log.warning("waiting_for_database")
                await self.clock.sleep(1.0)
        await schema.migrate(self.store)

    async def _ready(self) -> dict[str, bool]:
        try:
            async with asyncio.timeout(READY_WITHIN):
                await self.store.ping()
            database = True
        except (StorageDown, TimeoutError):
            database = False
        return {
            "database": database,
            "bus": await self.bus.healthy(),
            "feed": self._feed.fresh,
            "visits": self._signaling.fresh,
            "relay": self.relay.up,
            "scaip": bool(self.scaip.addresses),
            **({"dc09": bool(self.dc09.addresses)} if self.dc09 is not None else {}),
            **({"mqtt": self.mqtt.healthy} if self.mqtt is not None else {}),
        }

    def _build_app(self, sessions: Sessions) -> FastAPI:
        app = FastAPI(
            title="Nattljus",
            version="1",
            openapi_url="/api/openapi.json",
            docs_url=None,
            redoc_url=None,
            responses=PROBLEM_RESPONSES,
            lifespan=self._lifespan,
        )
        titles = (
            SESSION_TITLES,
            CASE_TITLES,
            HANDLING_TITLES,
            NOTE_TITLES,
            SHIFT_TITLES,
            ROUTING_TITLES,
            PLANNING_TITLES,
            MISSION_TITLES,
            LOCK_TITLES,
            EVENT_TITLES,
            VISIT_TITLES,
            MEDIA_TITLES,
            STATISTICS_TITLES,
            DEVICE_TITLES,
            POSITION_TITLES,
            OFFICE_TITLES,
            OUTWARD_TITLES,
            VENDOR_TITLES,
            INTEGRATION_TITLES,
            RESERVE_TITLES,
        )
        install_problems(app, {code: title for each in titles for code, title in each.items()})
        call_number = self._settings.call_number
        parts = DeskParts(self.store, self.clock, self._feed, self._seats, self._commands, call_number)
        app.include_router(events_router(self.hub, self.store, self.clock, sessions))
        app.include_router(self._vendors.router())
        app.include_router(integrations_router(self.store, self.clock, sessions, self._keys))
        app.include_router(desk_router(parts, sessions))
        app.include_router(incidents_router(self.store, self.clock, sessions))
        handovers = Handovers(self._stores.handling, self.bus, self.clock, call_number)
        elsewhere = Elsewhere(self.store, self.clock)
        app.include_router(handling_router(self._commands, handovers, elsewhere, self.clock, sessions))
        app.include_router(notes_router(self.store, self.clock, sessions, CasePurposes()))
        app.include_router(shift_router(self.store, self.clock, sessions))
        app.include_router(locks_router(self.store, self.clock, sessions, self._locks))
        app.include_router(statistics_router(self.store, self.clock, sessions, self._seats))
        app.include_router(routing_router(self.store, self.bus, self.clock, sessions, self._reading))
        app.include_router(planning_router(self.store, self.clock, sessions, self._reading))
        app.include_router(
            missions_router(self.store, self.clock, self._feed, sessions, self._commands, self._missions)
        )
        app.include_router(home_router(self.store, self.clock, self._feed, sessions, call_number))
        app.include_router(self._signaling.router(sessions))
        app.include_router(self._media_proxy.router())
        app.include_router(registry_router(self.store, self.clock, sessions, CasePurposes()))
        app.include_router(position_router(self.store, self.clock, sessions, self._asking, self._map))
        app.include_router(office_router(self.store, self.clock, sessions, CasePurposes()))
        app.include_router(watchdog_router(self.store, self.clock, sessions))
        outward = (self.store, self.bus, self.clock, sessions, self._secrets, self._networks)
        app.include_router(outward_router(*outward))
        app.include_router(reserve_router(self.store, self.bus, self.clock, sessions, self._secrets))
        here = partial(listening, self.scaip, self.dc09, self.mqtt, self._settings.mqtt_url)
        app.include_router(receivers_router(self.store, self.clock, sessions, here, self._settings.public_url))
        if self._demo:
            app.include_router(demo_router(self.store, self.signer, self.clock))
        add_session_end(app)
        add_health(app, self._ready)
        document_events(app)
        add_pages(app)
        return app

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        yield
        await self.close()


def add_session_end(app: FastAPI) -> None:
    """Logging out is forgetting the cookie, no more: who has copied the token may use it until it ends by itself.

    What a token is worth is read anew at each request, so a role that is taken away ends every session in it at once.
    """

    @app.delete("/api/v1/session", status_code=204, tags=["registry"], openapi_extra=asks(Act.PUBLIC))
    async def end_session(response: Response) -> None:
        """Forget who sat here."""
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
