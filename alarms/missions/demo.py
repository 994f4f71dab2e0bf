"""What the demonstration has for missions: tags at the doors of the homes that have a lock."""

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.missions.tables import door_tag
from kit.store import insert

TAGS = tuple((f"demo-tag-{number}", f"demo-home-{number}") for number in range(1, 6))


async def fill(connection: AsyncConnection) -> None:
    """Put the tags in place, in the caller's transaction; what is there already is left alone."""
    statement = insert(connection, door_tag).on_conflict_do_nothing()
    await connection.execute(statement, [{"code": code, "home": home} for code, home in TAGS])
