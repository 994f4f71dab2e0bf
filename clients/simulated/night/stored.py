"""What the platform itself has stored of a night, read through its API as a supervisor may."""

from datetime import datetime, timedelta

from clients.simulated.night.book import Stored
from clients.simulated.session import Session
from kit.clock import Clock
from kit.wire.case import CaseDetail, CaseList

PAGE = 200
SKEW = timedelta(seconds=2)  # between this clock and the platform's


async def read_cases(session: Session, since: datetime, clock: Clock) -> Stored:
    """Every case raised since then, with its signals and timeline. Raises Refused, httpx.HTTPError."""
    ids: list[str] = []
    cursor: str | None = None
    while True:
        after = f"&cursor={cursor}" if cursor else ""
        page = CaseList.model_validate_json((await session.ask("GET", f"/cases?limit={PAGE}{after}")).content)
        fresh = [case.id for case in page.items if case.raised_at >= since - SKEW]
        ids += fresh
        cursor = page.next
        if cursor is None or len(fresh) < len(page.items):
            break
    details = [CaseDetail.model_validate_json((await session.ask("GET", f"/cases/{one}")).content) for one in ids]
    return Stored(details, clock.now())
