"""What the watchdog writes into the database and takes from it: itself, its last round, outages, whom to tell."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.watchdog.kept import Contact, OutageRow, Told
from alarms.watchdog.tables import outage, outage_contact, outage_told, watchdog
from kit.store import Store, insert
from kit.wire.watch import WatchdogView
from registry.synthetic import enrol


class Stored:
    """The watchdog's side of the database; everything raises StorageDown when it is away."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._enrolled = False

    async def enrol(self) -> None:
        """Be in the registry, once for each start."""
        if not self._enrolled:
            async with self._store.write() as connection:
                await enrol(connection)
            self._enrolled = True

    async def contacts(self) -> tuple[Contact, ...]:
        """Whom to tell of an outage."""
        async with self._store.read() as connection:
            rows = (await connection.execute(select(outage_contact).order_by(outage_contact.c.id))).mappings()
            return tuple(
                Contact(row["id"], row["principal"], row["name"], row["email"], row["webhook"]) for row in rows
            )

    async def write(self, view: WatchdogView, outages: Sequence[OutageRow], told: Sequence[Told]) -> None:
        """Say what was last seen, and put on record what was told meanwhile. Safe to repeat."""
        async with self._store.write() as connection:
            statement = insert(connection, watchdog).values(
                id=view.id, round_at=view.round_at, seen=view.model_dump(mode="json")
            )
            fresh = {"round_at": statement.excluded.round_at, "seen": statement.excluded.seen}
            await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=fresh))
            await _write_outages(connection, view.id, outages)
            await _write_told(connection, told)


async def views(connection: AsyncConnection) -> list[WatchdogView]:
    """What every watchdog last said."""
    rows = (await connection.execute(select(watchdog.c.seen).order_by(watchdog.c.id))).scalars()
    return [WatchdogView.model_validate(row) for row in rows]


async def _write_outages(connection: AsyncConnection, watchdog_id: str, outages: Sequence[OutageRow]) -> None:
    for row in outages:
        statement = insert(connection, outage).values(
            id=row.id,
            watchdog=watchdog_id,
            began_at=row.began_at,
            told_at=row.told_at,
            ended_at=row.ended_at,
            codes=[str(code) for code in row.codes],
        )
        fresh = {"ended_at": statement.excluded.ended_at, "codes": statement.excluded.codes}
        await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=fresh))


async def _write_told(connection: AsyncConnection, told: Sequence[Told]) -> None:
    for one in told:
        statement = insert(connection, outage_told).values(
            id=one.id,
            outage=one.outage,
            contact=one.contact,
            principal=one.principal,
            phase=one.phase,
            means=one.means,
            at=one.at,
            tries=one.tries,
            outcome=one.outcome,
        )
        await connection.execute(statement.on_conflict_do_nothing())
