"""The demonstration's position: Åke Persson's mobile alarm, with his consent, and a zone around Skara at night."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.position.tables import resident_position, zone
from kit.store import insert
from kit.wire.position import CircleBody, PlaceBody
from kit.wire.position_words import ConsentBy, ZoneMakes, ZoneStanding, ZoneWatch
from kit.wire.routing import HoursBody
from registry.consent import positioning_consent
from registry.demo import SINCE, TRACKER

RESIDENT = "demo-resident-8"
PRINCIPAL = "demo-kommun"
PLANNER = "demo-planner"
HOME = PlaceBody(latitude=58.3866, longitude=13.4391)
AGO = timedelta(minutes=3)


async def fill(connection: AsyncConnection, at: datetime) -> None:
    """Put it in place, in the caller's transaction; what is there already is left alone."""
    consent = {
        "id": "demo-consent-8",
        "open_key": RESIDENT,
        "principal": PRINCIPAL,
        "resident": RESIDENT,
        "given_by": ConsentBy.RESIDENT.value,
        "giver": "",
        "given_at": datetime(2026, 1, 10, 9, 30, tzinfo=UTC),
        "written_by": PLANNER,
        "written_at": datetime(2026, 1, 10, 9, 30, tzinfo=UTC),
    }
    # By its id: a consent that somebody has taken back stays taken back.
    statement = insert(connection, positioning_consent).on_conflict_do_nothing()
    await connection.execute(statement, [consent])
    night = {
        "id": "demo-zone-8",
        "principal": PRINCIPAL,
        "resident": RESIDENT,
        "name": "Hemma i Skara",
        "area": CircleBody(centre=HOME, radius_m=800).model_dump(mode="json"),
        "hours": [HoursBody(starts="21:00", ends="07:00").model_dump(mode="json")],
        "watch": ZoneWatch.LEAVE.value,
        "makes": ZoneMakes.ALARM.value,
        "standing": ZoneStanding.UNKNOWN.value,
        "at": SINCE,
        "by": PLANNER,
    }
    await connection.execute(insert(connection, zone).on_conflict_do_nothing(), [night])
    here = {
        "resident": RESIDENT,
        "device": TRACKER,
        "latitude": 58.3862,
        "longitude": 13.4410,
        "accuracy": 18.0,
        "taken_at": at - AGO,
        "received_at": at - AGO,
    }
    await connection.execute(insert(connection, resident_position).on_conflict_do_nothing(), [here])
