"""Responders of an area: hear of missions on their socket, accept one, go there, and say when they are done.

The first of a team to accept goes; who is on a mission leaves the next to a colleague. A team that sleeps accepts
nothing until the platform has made a mission urgent, and somebody has phoned.
"""

import secrets
from contextlib import suppress
from random import Random

import httpx
from pydantic import TypeAdapter
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from clients.simulated.night.book import Book
from clients.simulated.schedule import Pace
from clients.simulated.session import Refused, Session
from kit.clock import Clock
from kit.tasks import Tasks
from kit.wire.mission import MissionsBeat, MissionsNow, MissionView
from kit.wire.mission_words import ArrivedReason, DeclineReason, MissionState

LOOK_EVERY = 0.1  # seconds
COME_AGAIN = 1.0
SAY_AGAIN = 1.0  # a receipt that did not get through is said again, as the same one
HEAR, SET_OFF, TRAVEL, HELP = (10.0, 60.0), (20.0, 90.0), (120.0, 480.0), (120.0, 480.0)
"""Seconds of the night."""
DECLINES = 0.05  # of missions, by who hears of them
LATE = frozenset({"mission_taken", "mission_over"})  # a colleague was quicker, or the desk has called it off
TRY_LATER = "storage_down"

_told: TypeAdapter[MissionsNow | MissionsBeat] = TypeAdapter(MissionsNow | MissionsBeat)


class Team:
    """The responders of one area. While `asleep` they hear nothing; a mission that is urgent wakes them."""

    def __init__(self) -> None:
        self.asleep = False

    def hears(self, mission: MissionView) -> bool:
        """Whether somebody of the team notices this mission."""
        if self.asleep and mission.urgent > 0:
            self.asleep = False
        return not self.asleep


class Responder:
    """One care worker on the night patrol."""

    def __init__(self, session: Session, team: Team, book: Book, pace: Pace, clock: Clock) -> None:
        self._session = session
        self._team = team
        self._book = book
        self._pace = pace
        self._clock = clock
        self._dice: Random = pace.dice(session.whom)
        self._missions: dict[str, MissionView] = {}
        self._not_ours: set[str] = set()

    async def work(self) -> None:
        """For ever."""
        tasks = Tasks(self._clock)
        tasks.start("missions", self._listen())
        try:
            while True:
                mission = self._first()
                if mission is None:
                    await self._clock.sleep(LOOK_EVERY)
                else:
                    await self._go(mission)
        finally:
            await tasks.close()

    async def _listen(self) -> None:
        while True:
            with suppress(OSError, InvalidHandshake, ConnectionClosed, TimeoutError):
                async with await self._session.socket("/missions/live") as socket:
                    async for text in socket:
                        message = _told.validate_json(text)
                        if isinstance(message, MissionsNow):
                            self._missions = {one.id: one for one in message.items}
            await self._clock.sleep(COME_AGAIN)

    def _first(self) -> MissionView | None:
        """A mission already accepted, else the longest waiting that the team hears of."""
        open_ones = [one for one in self._missions.values() if one.ended_at is None and one.id not in self._not_ours]
        mine = [one for one in open_ones if one.mine]
        if mine:
            return mine[0]
        offered = [one for one in open_ones if one.state is MissionState.SENT and self._team.hears(one)]
        return min(offered, key=lambda one: one.sent_at, default=None)

    async def _go(self, mission: MissionView) -> None:
        """From the first call to done, from wherever it stands."""
        if not mission.mine:
            await self._pause(HEAR)
            now = self._missions.get(mission.id)
            if now is None or now.state is not MissionState.SENT:
                return
            if self._dice.random() < DECLINES:
                self._not_ours.add(mission.id)
                await self._say(mission, "decline", {"reason": DeclineReason.BUSY.value})
                return
            if not await self._say(mission, "accept"):
                return
        how = self._dice.choice((ArrivedReason.LET_IN, ArrivedReason.KEY))
        for span, word, body in (
            (SET_OFF, "on-the-way", {}),
            (TRAVEL, "arrived", {"reason": how.value}),
            (HELP, "done", {}),
        ):
            await self._pause(span)
            if not await self._say(mission, word, body):
                break
        self._not_ours.add(mission.id)

    async def _say(self, mission: MissionView, word: str, body: dict[str, str] | None = None) -> bool:
        """Say it until it is heard; whether it counted."""
        said: dict[str, object] = {**(body or {}), "command_id": f"night-{secrets.token_hex(8)}"}
        while True:
            try:
                await self._session.ask("POST", f"/missions/{mission.id}/{word}", said)
            except Refused as error:
                if error.code != TRY_LATER:
                    self._not_ours.add(mission.id)
                    if error.code not in LATE:
                        self._book.faults.append(f"{self._session.whom}: {word} was refused: {error.code}")
                    return False
            except httpx.HTTPError:
                pass  # no coverage in the stairwell
            else:
                return True
            await self._clock.sleep(SAY_AGAIN)

    async def _pause(self, span: tuple[float, float]) -> None:
        await self._clock.sleep(self._pace.human(self._dice, *span))
