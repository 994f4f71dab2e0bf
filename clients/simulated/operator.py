"""An operator at the desk's socket (kit/wire/desk.py): takes after a moment's thought, writes, holds, reads, closes."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from clients.simulated.ledger import Ledger, Opened
from clients.simulated.schedule import Pace
from clients.simulated.session import Refused, Session
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.case import CaseView
from kit.wire.desk import (
    Act,
    Beat,
    Change,
    Close,
    Command,
    Done,
    Hello,
    Hold,
    Note,
    Read,
    Resume,
    Snapshot,
    Take,
    desk_out,
)
from kit.wire.desk import Refused as Refusal
from kit.wire.words import CaseState, Cause, Measure

ANSWER_WITHIN = 10.0  # seconds
COME_AGAIN = 1.0
NOTES = ("Svarar, låter lugn.", "Har ringt upp och pratat en stund.", "Vill ha hjälp upp ur stolen.", "Råkade trycka.")
ENDINGS = (
    (Cause.WORRY, Measure.SPOKE),
    (Cause.HELP_NEEDED, Measure.STAFF_SENT),
    (Cause.MISTAKE, Measure.NONE_NEEDED),
    (Cause.TOILET, Measure.STAFF_SENT),
)
READ_AGAIN = 5  # presses that may come while a case is being closed

Mine = Callable[[CaseView], bool]


class Operator:
    """One operator. `mine` says which cases are for simulated hands; `locks` which residents' doors can be opened."""

    def __init__(self, session: Session, ledger: Ledger, pace: Pace, clock: Clock, mine: Mine) -> None:
        self._session = session
        self._ledger = ledger
        self._pace = pace
        self._dice = pace.dice(f"operator {session.whom}")
        self._clock = clock
        self._mine = mine
        self._cases: dict[str, CaseView] = {}
        self._answers: dict[str, asyncio.Future[Done | Refusal]] = {}
        self._socket: ClientConnection | None = None
        self._greeted = asyncio.Event()
        self._took: set[str] = set()  # and not what somebody else took in the same name
        self.locks: dict[str, str] = {}
        self.hurry = False

    async def sit(self) -> None:
        """Have the desk open, again each time the line breaks, and work at it. Does not return."""
        tasks = Tasks(self._clock)
        tasks.start("work", self._work())
        try:
            while True:
                with suppress(OSError, InvalidHandshake, ConnectionClosed, TimeoutError):
                    self._socket = await self._session.socket("/desk")
                    await self._socket.send(Hello().model_dump_json())
                    await self._hear(self._socket)
                self._greeted.clear()
                await self._clock.sleep(COME_AGAIN)
        finally:
            await tasks.close()
            if self._socket is not None:
                await self._socket.close()

    async def at_desk(self) -> None:
        """Wait until the desk shows its cases."""
        await self._greeted.wait()

    def adopt(self) -> None:
        """Go on with what an earlier life in this name has left behind."""
        self._took |= {case.id for case in self._cases.values() if case.handler == self._session.whom}

    @property
    def left(self) -> int:
        """How many cases are still for simulated hands."""
        return sum(self._ours(case) for case in self._cases.values())

    async def _hear(self, socket: ClientConnection) -> None:
        async for text in socket:
            message = desk_out.validate_json(text)
            at = self._clock.monotonic()
            match message:
                case Snapshot() | Change():
                    if isinstance(message, Snapshot):
                        self._cases.clear()
                    else:
                        for gone in message.gone:
                            self._cases.pop(gone, None)
                    for case in message.cases:
                        self._shown(case, at)
                    self._greeted.set()
                case Done() | Refusal():
                    waiting = self._answers.get(message.id)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(message)
                case Beat():
                    pass

    def _shown(self, case: CaseView, at: float) -> None:
        self._ledger.desk_shows(case, at)
        known = self._cases.get(case.id)
        if known is not None and known.version > case.version:
            return
        if case.closed_at is None:
            self._cases[case.id] = case
        else:
            self._cases.pop(case.id, None)
            self._took.discard(case.id)

    def _ours(self, case: CaseView) -> bool:
        return self._mine(case) and (case.handler is None or case.id in self._took)

    async def _work(self) -> None:
        while True:
            await self._greeted.wait()
            waiting = [case for case in self._cases.values() if self._ours(case)]
            if not waiting:
                await self._clock.sleep(0.2)
                continue
            first = min(waiting, key=lambda case: (case.handler is None, case.priority, case.raised_at))
            # An answer that did not come is asked for again at the next look.
            with suppress(TimeoutError, ConnectionClosed, OSError):
                await self._handle(first)

    async def _handle(self, case: CaseView) -> None:
        if case.handler is None:
            await self._pause(*((15.0, 25.0) if self._pace.gentle else (2.0, 8.0)))
            now = self._cases.get(case.id)
            if now is None or now.state is not CaseState.QUEUED:
                return
            if isinstance(await self._do(case.id, Take()), Refusal):
                return  # a colleague was quicker
            self._took.add(case.id)
        await self._open_door(case)
        await self._pause(3.0, 8.0)
        await self._do(case.id, Note(text=self._dice.choice(NOTES)))
        if not self.hurry and self._dice.random() < 0.25:
            await self._do(case.id, Read())
            if isinstance(await self._do(case.id, Hold(minutes=1)), Done):
                await self._pause(4.0, 10.0)
                await self._do(case.id, Resume())
        await self._pause(3.0, 8.0)
        cause, measure = self._dice.choice(ENDINGS)
        for _ in range(READ_AGAIN):
            answer = await self._do(case.id, Close(cause=cause, measure=measure))
            if isinstance(answer, Done) or answer.code != "unread_signal":
                return
            await self._do(case.id, Read())

    async def _open_door(self, case: CaseView) -> None:
        lock = self.locks.get(case.resident or "")
        if lock is None:
            return
        began, problem = self._clock.monotonic(), None
        try:
            await self._session.ask("POST", f"/locks/{lock}/open", {"purpose": {"case": case.id}})
        except Refused as error:
            problem = error.code
        self._ledger.doors.append(Opened(lock, self._clock.monotonic() - began, problem))

    async def _do(self, case: str, act: Act) -> Done | Refusal:
        """One command and its answer. Raises TimeoutError when none comes, ConnectionClosed when the line breaks."""
        assert self._socket is not None
        command = Command(id=f"sim-{secrets.token_hex(8)}", case=case, act=act)
        answer: asyncio.Future[Done | Refusal] = asyncio.get_running_loop().create_future()
        self._answers[command.id] = answer
        try:
            await self._socket.send(command.model_dump_json())
            async with asyncio.timeout(ANSWER_WITHIN):
                said = await answer
        finally:
            del self._answers[command.id]
        if isinstance(said, Done):
            self._shown(said.case, self._clock.monotonic())
        return said

    async def _pause(self, least: float, most: float) -> None:
        seconds = self._pace.human(self._dice, least, most)
        await self._clock.sleep(seconds / 4 if self.hurry else seconds)
