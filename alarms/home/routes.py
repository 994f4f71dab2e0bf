"""The resident's socket; the press itself is an event like any device's."""

from fastapi import APIRouter, WebSocket

from alarms.feed import Feed
from alarms.home.socket import HomeSocket
from kit.clock import Clock
from kit.store import Store
from registry.session_socket import who_opens
from registry.session_web import Sessions


def home_router(store: Store, clock: Clock, feed: Feed, sessions: Sessions, call_number: str) -> APIRouter:
    """The route, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["home"])

    @router.websocket("/home")
    async def home_socket(websocket: WebSocket) -> None:
        """The resident's socket (kit/wire/home.py)."""
        opened = await who_opens(websocket, sessions, clock)
        if opened is None:
            return
        who, who_now = opened
        home = HomeSocket(websocket, who, who_now, store=store, clock=clock, feed=feed, call_number=call_number)
        await home.run()

    return router
