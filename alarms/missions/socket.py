"""One responder's page's socket (kit/wire/mission.py): all missions of this one at each change, and a beat each second.

Whoever looks is logged when it opens.
"""

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.missions.views import mission_views, missions_for
from alarms.whole_page import WholePage
from kit.metrics import gauge
from kit.wire.case import CaseView
from kit.wire.mission import MissionsBeat, MissionsNow
from registry.access import Act, Denied, Who, Whom
from registry.look import ask


class MissionSocket(WholePage):
    """A page of whoever is sent."""

    name = "missions"
    open_pages = gauge("responders_open", "Responders' pages open on this process")
    _cases: frozenset[str] = frozenset()

    async def _may(self) -> bool:
        if self._who.principal is None:
            return False  # a desk has its own socket
        async with self._store.write() as connection:
            whom = Whom(principal=self._who.principal, unit=self._who.unit)
            answer = await ask(connection, self._who, Act.MISSION_LIST, whom, at=self._clock.now())
        return not isinstance(answer, Denied)

    def _wants(self, case: CaseView) -> bool:
        """A case with somebody sent, or one whose mission this page shows and may be over now."""
        return case.principal == self._who.principal and (case.missions > 0 or case.id in self._cases)

    async def _moved(self, before: Who) -> bool:
        return self._who != before

    async def _whole(self, connection: AsyncConnection) -> BaseModel:
        at = self._clock.now()
        missions = await missions_for(connection, self._who, at)
        items = await mission_views(connection, missions, self._who, at)
        self._cases = frozenset(one.case for one in missions)
        return MissionsNow(at=at, items=items)

    def _beat(self) -> BaseModel:
        return MissionsBeat(at=self._clock.now())
