"""One operator's socket (kit/wire/desk.py): snapshot or the changes missed, then changes in order, beats, answers.

What a session may see is read again every few seconds; when it has shrunk or grown the page gets a new snapshot, when
it has ended the socket is closed. A page that cannot keep up is closed too, and comes again from where it was.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from fastapi import WebSocket
from pydantic import ValidationError
from sqlalchemy import select

from alarms import tables
from alarms.desk.before import before, is_before
from alarms.desk.commands import Commands
from alarms.desk.seats import Seats, place_of
from alarms.feed import Feed, FeedBatch, Subscription
from alarms.journal import case_of, head_position
from alarms.views import case_views
from kit.clock import Clock
from kit.errors import Conflict, StorageDown
from kit.metrics import gauge
from kit.store import Store
from kit.tasks import Tasks
from kit.wire.desk import Beat, Change, Command, Done, Hello, Me, Refused, Snapshot, desk_in
from registry import synthetic
from registry.access import Act, Denied, Who, Whom, desk_reach
from registry.find import place_name
from registry.look import ask, write_access
from registry.session_socket import FORBIDDEN, SESSION_ENDED, TOO_SLOW, BadMessage, Line, Silent, WhoNow

desks_open = gauge("desks_open", "Desk sockets open on this process")

HELLO_WITHIN = 10.0  # seconds
BEAT_EVERY = 1.0  # seconds
RECHECK_EVERY = 5.0  # seconds


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
        self._line = Line(websocket)
        self._who = who
        self._parts = parts
        self._who_now = who_now
        self._reach = desk_reach(who, parts.clock.now())
        self._seat: str | None = None
        self._position = 0
        self._shown: set[str] = set()

    async def run(self) -> None:
        """Greet, then carry out what comes and pass on what changes."""
        tasks = Tasks(self._parts.clock)
        subscription = self._parts.feed.subscribe(
            lambda case: case.principal in self._reach, marks=synthetic.PRINCIPAL in self._reach
        )
        desks_open.inc()
        try:
            await self._line.carry("desk-hear", self._converse(tasks, subscription))
        finally:
            desks_open.dec()
            self._parts.feed.unsubscribe(subscription)
            await tasks.close()
            if self._seat:
                self._parts.seats.leave(self._seat)

    async def _converse(self, tasks: Tasks, subscription: Subscription) -> None:
        hello = await self._hello()
        if not await self._open():
            await self._line.close(FORBIDDEN)
            return
        self._seat = self._parts.seats.sit(self._who)
        await self._greet(hello)
        tasks.start("desk-send", self._line.carry("desk-send", self._send_on(subscription)))
        while True:
            await self._receive()

    async def _hello(self) -> Hello:
        try:
            message = desk_in.validate_json(await self._line.hear(HELLO_WITHIN))
        except (ValidationError, RecursionError, Silent) as error:
            raise BadMessage from error
        if not isinstance(message, Hello):
            raise BadMessage
        return message

    async def _open(self) -> bool:
        """Whether this session may have a desk. The queue shows names, so opening it is a look, per principal."""
        at = self._parts.clock.now()
        async with self._parts.store.write() as connection:
            if isinstance(await ask(connection, self._who, Act.DESK_OPEN, Whom(), at=at), Denied):
                return False
            for principal in sorted(self._reach):
                await write_access(connection, self._who, Act.DESK_OPEN, at=at, principal=principal)
        return True

    async def _greet(self, hello: Hello) -> None:
        """What was missed, if this page sees what it saw before; else everything."""
        missed = None
        if hello.resume_from is not None and hello.sight == self._sight():
            missed = await self._parts.feed.changes_since(hello.resume_from)
        if missed is None:
            await self._send_snapshot()
        else:
            await self._tell(missed, {case.id for case in missed.cases if case.principal in self._reach}, resumed=True)

    def _sight(self) -> str:
        """Stands for who sits here and what that one may see."""
        words = [self._who.person, str(self._who.role), place_of(self._who), *sorted(self._reach)]
        return sha256("\n".join(words).encode()).hexdigest()

    async def _send_snapshot(self) -> None:
        at = self._parts.clock.now()
        async with self._parts.store.read() as connection:
            # The position first: what is committed between the two reads is told again, never missed.
            position = await head_position(connection)
            query = select(tables.case).where(
                tables.case.c.open_key.is_not(None), tables.case.c.principal.in_(self._reach), before(self._who)
            )
            rows = (await connection.execute(query)).mappings().all()
            cases = await case_views(connection, [case_of(row) for row in rows], at)
            desk_name = await place_name(connection, self._who)
        assert self._who.role is not None
        self._position = position
        self._shown = {case.id for case in cases}
        await self._line.say(
            Snapshot(
                position=position,
                sight=self._sight(),
                at=at,
                me=Me(
                    person=self._who.person,
                    name=self._who.name,
                    role=self._who.role,
                    desk=place_of(self._who),
                    desk_name=desk_name,
                ),
                call_number=self._parts.call_number,
                cases=cases,
                operators=self._parts.seats.operators(self._who),
                figures=self._parts.seats.figures(self._reach),
            )
        )

    async def _send_on(self, subscription: Subscription) -> None:
        """Pass on changes; a beat each second when there are none; a look at the session every few seconds."""
        clock = self._parts.clock
        beat_at = clock.monotonic() + BEAT_EVERY
        recheck_at = clock.monotonic() + RECHECK_EVERY
        while True:
            now = clock.monotonic()
            for batch in await subscription.take(max(0.0, beat_at - now)):
                await self._pass_on(batch)
            if subscription.overrun:
                await self._line.close(TOO_SLOW)
                return
            now = clock.monotonic()
            if now >= recheck_at:
                recheck_at = now + RECHECK_EVERY
                if not await self._recheck():
                    return
            if now >= beat_at:
                beat_at = now + BEAT_EVERY
                if self._parts.feed.fresh:
                    await self._beat()

    async def _pass_on(self, batch: FeedBatch) -> None:
        if batch.position > self._position:
            await self._tell(batch, self._shown)

    async def _tell(self, batch: FeedBatch, shown: set[str], *, resumed: bool = False) -> None:
        """Say what has changed before this operator; what was `shown` and is so no more has gone elsewhere."""
        self._position = batch.position
        in_reach = [case for case in batch.cases if case.principal in self._reach]
        mine = [case for case in in_reach if is_before(self._who, case)]
        gone = sorted({case.id for case in in_reach} & shown - {case.id for case in mine})
        self._shown |= {case.id for case in mine if case.closed_at is None}
        self._shown -= {*gone, *(case.id for case in mine if case.closed_at is not None)}
        if not (mine or gone or resumed or batch.marked):
            return
        same = (tuple(case.id for case in mine), tuple(gone))
        if (text := batch.texts.get(same)) is None:  # written once for all desks that are sent the same
            change = Change(position=batch.position, at=batch.at, cases=mine, gone=gone)
            text = batch.texts[same] = change.model_dump_json()
        await self._line.say_text(text)

    async def _beat(self) -> None:
        await self._line.say(
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
            await self._line.close(SESSION_ENDED)
            return False
        before = self._sight()
        self._who, self._reach = who, desk_reach(who, self._parts.clock.now())
        if self._sight() != before:
            if not await self._open():
                await self._line.close(FORBIDDEN)
                return False
            await self._send_snapshot()
        return True

    async def _receive(self) -> None:
        text = await self._line.hear()
        try:
            message = desk_in.validate_json(text)
        except (ValidationError, RecursionError):
            await self._line.say(Refused(id=_id_in(text), code="invalid"))
            return
        if not isinstance(message, Command):
            raise BadMessage
        try:
            answer = await self._parts.commands.carry_out(self._who, message.id, message.case, message.act)
        except (StorageDown, Conflict):
            await self._line.say(Refused(id=message.id, code="storage_down"))
            return
        if answer.case is not None:
            await self._line.say(Done(id=message.id, case=answer.case))
        else:
            code = answer.code or "not_found"
            await self._line.say(Refused(id=message.id, code=code, handler_name=answer.handler_name))


def _id_in(text: str) -> str:
    """The id of a command that is otherwise wrong. Raises BadMessage when there is none: then nobody waits for us."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMessage from error
    if isinstance(said, dict) and said.get("type") == "command" and isinstance(command_id := said.get("id"), str):
        return command_id[:80]
    raise BadMessage
