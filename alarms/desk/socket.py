"""One operator's socket (kit/wire/desk.py): snapshot or the changes missed, then changes in order, beats, answers.

What a session may see is read again every few seconds; when it has shrunk or grown the page gets a new snapshot, when
it has ended the socket is closed. A page that cannot keep up is closed too, and comes again from where it was.
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from alarms import tables
from alarms.desk.commands import Commands
from alarms.desk.seats import Seats
from alarms.feed import Feed, FeedBatch, Subscription
from alarms.journal import case_of, head_position
from alarms.views import case_views
from kit.clock import Clock
from kit.errors import StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.desk import Beat, Change, Command, Done, Hello, Me, Refused, Snapshot, desk_in
from registry.access import Act, Denied, Who, Whom, reach
from registry.find import place_name
from registry.look import ask, write_access
from registry.session_socket import BAD_MESSAGE, FORBIDDEN, SESSION_ENDED, STORAGE_DOWN, TOO_SLOW, WhoNow

desks_open = gauge("desks_open", "Desk sockets open on this process")

HELLO_WITHIN = 10.0  # seconds
BEAT_EVERY = 1.0  # seconds
RECHECK_EVERY = 5.0  # seconds
LONGEST = 16_384  # characters of one message


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What every desk socket of a process shares."""

    store: Store
    clock: Clock
    feed: Feed
    seats: Seats
    commands: Commands
    call_number: str


class DeskSocket:
    """One open, accepted socket. `run` returns when it is closed, from whichever side."""

    def __init__(self, websocket: WebSocket, who: Who, parts: DeskParts, who_now: WhoNow) -> None:
        self._websocket = websocket
        self._who = who
        self._parts = parts
        self._who_now = who_now
        self._reach = reach(who, parts.clock.now())
        self._sending = asyncio.Lock()
        self._position = 0

    async def run(self) -> None:
        """Greet, then carry out what comes and pass on what changes."""
        seat = None
        tasks = Tasks(self._parts.clock)
        subscription = self._parts.feed.subscribe(lambda case: case.principal in self._reach)
        desks_open.inc()
        try:
            hello = await self._hello()
            if not await self._open():
                await self._close(FORBIDDEN)
                return
            seat = self._parts.seats.sit(self._who)
            await self._greet(hello.resume_from)
            tasks.start("desk-send", self._send_on(subscription))
            while True:
                await self._receive()
        except (ValidationError, ValueError, RecursionError, TimeoutError):
            await self._close(BAD_MESSAGE)
        except StorageDown:
            await self._close(STORAGE_DOWN)
        except (WebSocketDisconnect, RuntimeError):
            pass  # gone: the page comes again by itself
        finally:
            desks_open.dec()
            self._parts.feed.unsubscribe(subscription)
            await tasks.close()
            if seat:
                self._parts.seats.leave(seat)

    async def _hello(self) -> Hello:
        async with asyncio.timeout(HELLO_WITHIN):
            message = desk_in.validate_json(await self._text())
        if not isinstance(message, Hello):
            raise ValueError("hello comes first")
        return message

    async def _text(self) -> str:
        text = await self._websocket.receive_text()
        if len(text) > LONGEST:
            raise ValueError("message too long")
        return text

    async def _open(self) -> bool:
        """Whether this session may have a desk. The queue shows names, so opening it is a look, per principal."""
        at = self._parts.clock.now()
        async with self._parts.store.write() as connection:
            if isinstance(await ask(connection, self._who, Act.DESK_OPEN, Whom(), at=at), Denied):
                return False
            for principal in sorted(self._reach):
                await write_access(connection, self._who, Act.DESK_OPEN, at=at, principal=principal)
        return True

    async def _greet(self, resume_from: int | None) -> None:
        missed = None if resume_from is None else await self._parts.feed.changes_since(resume_from)
        if missed is None:
            await self._send_snapshot()
        else:
            seen = [case for case in missed.cases if case.principal in self._reach]
            self._position = missed.position
            await self._send(Change(position=missed.position, at=missed.at, cases=seen))

    async def _send_snapshot(self) -> None:
        at = self._parts.clock.now()
        async with self._parts.store.read() as connection:
            # The position first: what is committed between the two reads is told again, never missed.
            position = await head_position(connection)
            query = select(tables.case).where(
                tables.case.c.open_key.is_not(None), tables.case.c.principal.in_(self._reach)
            )
            rows = (await connection.execute(query)).mappings().all()
            cases = await case_views(connection, [case_of(row) for row in rows], at)
            desk_name = await place_name(connection, self._who)
        assert self._who.role is not None
        self._position = position
        await self._send(
            Snapshot(
                position=position,
                at=at,
                me=Me(person=self._who.person, name=self._who.name, role=self._who.role, desk_name=desk_name),
                call_number=self._parts.call_number,
                cases=cases,
                operators=self._parts.seats.operators(self._who),
                figures=self._parts.seats.figures(self._reach),
            )
        )

    async def _send_on(self, subscription: Subscription) -> None:
        """Pass on changes; a beat each second when there are none; a look at the session every few seconds."""
        clock = self._parts.clock
        beat_at = recheck_at = clock.monotonic()
        try:
            while True:
                for batch in await subscription.take(BEAT_EVERY):
                    await self._pass_on(batch)
                if subscription.overrun:
                    await self._close(TOO_SLOW)
                    return
                now = clock.monotonic()
                if now - recheck_at >= RECHECK_EVERY:
                    recheck_at = now
                    if not await self._recheck():
                        return
                if now - beat_at >= BEAT_EVERY and self._parts.feed.fresh:
                    beat_at = now
                    await self._beat()
        except (WebSocketDisconnect, RuntimeError):
            pass  # gone: the receiving side ends the rest

    async def _pass_on(self, batch: FeedBatch) -> None:
        if batch.position > self._position:
            self._position = batch.position
            await self._send(Change(position=batch.position, at=batch.at, cases=list(batch.cases)))

    async def _beat(self) -> None:
        await self._send(
            Beat(
                position=self._position,
                at=self._parts.clock.now(),
                operators=self._parts.seats.operators(self._who),
                figures=self._parts.seats.figures(self._reach),
            )
        )

    async def _recheck(self) -> bool:
        try:
            who = await self._who_now()
        except StorageDown:
            return True
        if who is None:
            await self._close(SESSION_ENDED)
            return False
        reached = reach(who, self._parts.clock.now())
        if reached != self._reach:
            self._who, self._reach = who, reached
            if not await self._open():
                await self._close(FORBIDDEN)
                return False
            await self._send_snapshot()
        return True

    async def _receive(self) -> None:
        text = await self._text()
        try:
            message = desk_in.validate_json(text)
        except ValidationError:
            await self._send(Refused(id=_id_in(text), code="invalid"))
            return
        if not isinstance(message, Command):
            raise ValueError("hello comes once")
        try:
            answer = await self._parts.commands.carry_out(self._who, message.id, message.case, message.act)
        except StorageDown:
            await self._send(Refused(id=message.id, code="storage_down"))
            return
        if answer.case is not None:
            await self._send(Done(id=message.id, case=answer.case))
        else:
            code = answer.code or "not_found"
            await self._send(Refused(id=message.id, code=code, handler_name=answer.handler_name))

    async def _send(self, message: BaseModel) -> None:
        async with self._sending:
            await self._websocket.send_text(message.model_dump_json())

    async def _close(self, code: int) -> None:
        with suppress(RuntimeError):  # closed already
            await self._websocket.close(code)


def _id_in(text: str) -> str:
    """The id of a command that is otherwise wrong. Raises ValueError when there is none: then nobody waits for us."""
    said = json.loads(text)
    if isinstance(said, dict) and said.get("type") == "command" and isinstance(command_id := said.get("id"), str):
        return command_id[:80]
    raise ValueError("no command")
