"""The demonstration's planned visits: three a day for each worker, so that Today is never empty."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.words import LegalBasis, VisitEntryKind, VisitKind, VisitPart
from registry.tables import resident, unit
from signaling import tables
from signaling.core.shapes import Decision, Entry
from signaling.core.visit import planned
from signaling.journal import add
from signaling.routes import PLACE

WORKERS = {
    "demo-worker-1": ("demo-norr", 0),
    "demo-worker-2": ("demo-norr", 3),
    "demo-worker-3": ("demo-soder", 0),
    "demo-worker-4": ("demo-soder", 3),
}
KINDS = (
    (VisitKind.HOME, LegalBasis.SOL, timedelta(minutes=10)),
    (VisitKind.SUPERVISION, LegalBasis.SOL, timedelta(hours=2)),
    (VisitKind.HOME, LegalBasis.HSL, timedelta(hours=5)),
)


async def fill(connection: AsyncConnection, at: datetime) -> None:
    """Plan today's visits, in the caller's transaction; a day that has been planned is left as it stands."""
    today = at.astimezone(PLACE).date()
    last = datetime.combine(today, datetime.max.time(), PLACE).replace(second=0, microsecond=0)
    for worker, (in_unit, first) in WORKERS.items():
        query = (
            select(resident).where(resident.c.unit == in_unit).order_by(resident.c.id).offset(first).limit(len(KINDS))
        )
        residents = (await connection.execute(query)).mappings().all()
        place = str(await connection.scalar(select(unit.c.name).where(unit.c.id == in_unit)))
        for number, (one, (kind, basis, later)) in enumerate(zip(residents, KINDS, strict=True), 1):
            visit_id = f"demo-visit-{today:%Y%m%d}-{worker.rpartition('-')[2]}{number}"
            if await connection.scalar(select(tables.visit.c.id).where(tables.visit.c.id == visit_id)) is not None:
                continue
            visit = planned(
                visit_id,
                kind=kind,
                principal=one["principal"],
                unit=one["unit"],
                resident=one["id"],
                home=one["home"],
                caller=worker,
                caller_place=place,
                legal_basis=basis,
                decision=f"{basis}-2026-{first * 100 + number:04}",
                planned_at=min(_on_the_quarter(at + later), last),
            )
            entry = Entry(VisitEntryKind.PLANNED, at, VisitPart.CALLER)
            await add(connection, Decision(visit, (entry,)), at)


def _on_the_quarter(moment: datetime) -> datetime:
    """The next quarter of an hour, as plans are made."""
    whole = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return whole + timedelta(minutes=15)
