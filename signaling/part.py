"""Signaling as one part of a process: made, started, closed; `router` is what the web in front mounts."""

from fastapi import APIRouter

from kit.bus import Bus
from kit.clock import Clock
from kit.store import Store
from kit.tokens import Signer
from registry.session_web import Sessions
from signaling.feed import VisitFeed
from signaling.legs import Legs
from signaling.presence import Presence
from signaling.routes import signaling_router
from signaling.socket import MeetParts
from signaling.timers import Timers
from signaling.visits import Visits


class Signaling:
    """Everything that visits need in one process; any number of processes may run it over one database."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, signer: Signer) -> None:
        self._presence = Presence(store, bus, clock)
        self._feed = VisitFeed(store, bus, clock)
        self._timers = Timers(store, bus, clock)
        self._legs = Legs(store, bus, clock, signer)
        self._parts = MeetParts(store, clock, self._feed, self._presence, Visits(store, bus, clock))

    def router(self, sessions: Sessions) -> APIRouter:
        """The routes, to be mounted at the root."""
        return signaling_router(self._parts, self._legs, sessions)

    @property
    def fresh(self) -> bool:
        """Whether what pages were told lately is all there is."""
        return self._feed.fresh

    async def start(self) -> None:
        """Begin."""
        await self._presence.start()
        await self._feed.start()
        await self._timers.start()

    async def close(self) -> None:
        """Stop; visits and their deadlines stay where they are."""
        await self._timers.close()
        await self._feed.close()
        await self._presence.close()
