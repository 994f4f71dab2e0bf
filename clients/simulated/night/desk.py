"""A desk: the operator's socket, kept open; what it shows, and commands over it or over HTTP."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from clients.simulated.session import Session
from kit.clock import Clock
from kit.wire.case import CaseDetail, CaseView
from kit.wire.desk import Act, Beat, CaseAct, Change, Command, Done, Hello, Refused, Snapshot, desk_out

ANSWER_WITHIN = 10.0  # seconds
COME_AGAIN = 1.0
STORAGE_DOWN, TRIES = "storage_down", 10  # of the same command: it counts once
AWAY = (OSError, ConnectionClosed, TimeoutError, httpx.HTTPError)


class Desk:
    """What one operator sees. `on` are the ids of everybody who has a desk open, as the platform says.

    `tell` hears of each case as the desk is shown it.
    """

    def __init__(
        self, session: Session, clock: Clock, *, over_http: bool = False, tell: Callable[[CaseView], None] | None = None
    ) -> None:
        self.session = session
        self.cases: dict[str, CaseView] = {}
        self.on: set[str] = set()
        self.greeted = asyncio.Event()
        self._clock = clock
        self._over_http = over_http
        self._tell = tell
        self._answers: dict[str, asyncio.Future[Done | Refused]] = {}
        self._socket: ClientConnection | None = None
        self._closed = False

    @property
    def whom(self) -> str:
        """Who sits here."""
        return self.session.whom

    async def stay_open(self) -> None:
        """Have the socket open, again each time the line breaks, until the lid is closed."""
        try:
            while not self._closed:
                with suppress(OSError, InvalidHandshake, ConnectionClosed, TimeoutError):
                    self._socket = await self.session.socket("/desk")
                    await self._socket.send(Hello().model_dump_json())
                    await self._hear(self._socket)
                self.greeted.clear()
                await self._clock.sleep(COME_AGAIN)
        finally:
            if self._socket is not None:
                await self._socket.close()

    def close_the_lid(self) -> None:
        """Gone in the middle of a word: no goodbye on the socket, and no coming back."""
        self._closed = True
        if self._socket is not None:
            self._socket.transport.abort()

    async def do(self, case: str, act: Act) -> Done | Refused:
        """One command and its answer. Raises what `AWAY` holds."""
        command = Command(id=f"night-{secrets.token_hex(8)}", case=case, act=act)
        for _ in range(TRIES):
            http = self._over_http and isinstance(act, CaseAct)
            said = await (self._post(command) if http else self._send(command))
            if not (isinstance(said, Refused) and said.code == STORAGE_DOWN):
                break
            await self._clock.sleep(COME_AGAIN)
        if isinstance(said, Done):
            self._show(said.case)
        return said

    async def look_up(self, case: CaseView) -> tuple[CaseDetail | None, list[str]]:
        """Read the case and the resident's card, as whoever answers does; what was refused. Raises httpx.HTTPError."""
        paths = [f"/api/v1/cases/{case.id}"]
        detail: CaseDetail | None = None
        if case.resident is not None:
            paths.append(f"/api/v1/residents/{case.resident}?case={case.id}")
        refused = []
        for path in paths:
            for _ in range(TRIES):
                answer = await self.session.http.get(path)
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                await self._clock.sleep(COME_AGAIN)
            if not answer.is_success:
                refused.append(f"{path}: {answer.status_code}")
            elif detail is None:
                detail = CaseDetail.model_validate_json(answer.content)
        return detail, refused

    async def _hear(self, socket: ClientConnection) -> None:
        async for text in socket:
            message = desk_out.validate_json(text)
            match message:
                case Snapshot() | Change():
                    if isinstance(message, Snapshot):
                        self.cases.clear()
                        self.on = {one.id for one in message.operators}
                    for case in message.cases:
                        self._show(case)
                    for gone in message.gone if isinstance(message, Change) else ():
                        self.cases.pop(gone, None)
                    self.greeted.set()
                case Beat():
                    self.on = {one.id for one in message.operators}
                case Done() | Refused():
                    waiting = self._answers.get(message.id)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(message)

    def _show(self, case: CaseView) -> None:
        if self._tell is not None:
            self._tell(case)
        known = self.cases.get(case.id)
        if known is not None and known.version > case.version:
            return
        if case.closed_at is None:
            self.cases[case.id] = case
        else:
            self.cases.pop(case.id, None)

    async def _send(self, command: Command) -> Done | Refused:
        if self._socket is None:
            raise TimeoutError
        answer: asyncio.Future[Done | Refused] = asyncio.get_running_loop().create_future()
        self._answers[command.id] = answer
        try:
            await self._socket.send(command.model_dump_json())
            async with asyncio.timeout(ANSWER_WITHIN):
                return await answer
        finally:
            del self._answers[command.id]

    async def _post(self, command: Command) -> Done | Refused:
        act = command.act
        body = {**act.model_dump(mode="json", exclude={"act", "seen"}), "command_id": command.id}
        if act.act == "close":
            body["act"] = "close"
        word = act.act.replace("_", "-")
        answer = await self.session.http.post(f"/api/v1/cases/{command.case}/{word}", json=body)
        if answer.is_success:
            return Done(id=command.id, case=CaseView.model_validate_json(answer.content))
        code = str(answer.status_code)
        with suppress(ValueError, KeyError, TypeError):
            code = str(answer.json()["code"])
        return Refused(id=command.id, code=code)
