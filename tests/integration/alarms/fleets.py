"""A fleet for tests: devices of one model in towns of one principal, all heard at the beginning."""

from datetime import datetime

from sqlalchemy import select, update

from alarms import tables
from kit.store import Store
from registry.inventory.tables import device_model
from registry.tables import device, device_seen, home, principal, resident, unit

INTERVAL = 60  # seconds


async def fill_fleet(store: Store, at: datetime, towns: dict[str, int]) -> None:
    """That many devices in each town: `<town>-<n>` at `home-<town>-<n>`, with a resident each, heard at that moment."""
    names = [(town, f"{town}-{number}") for town, count in towns.items() for number in range(count)]
    of = {"principal": "kommun"}
    async with store.write() as connection:
        await connection.execute(principal.insert().values(id="kommun", name="Kommun"))
        await connection.execute(unit.insert(), [{"id": "norr", "name": "Norr", **of}])
        await connection.execute(
            home.insert(),
            [
                {"id": f"home-{name}", "unit": "norr", "address": "Storgatan 1", "town": town, **of}
                for town, name in names
            ],
        )
        await connection.execute(
            resident.insert(),
            [
                {"id": f"resident-{name}", "unit": "norr", "home": f"home-{name}", "name": name, **of}
                for _, name in names
            ],
        )
        await connection.execute(device_model.insert().values(name="M", heartbeat_s=INTERVAL, radio="4g"))
        await connection.execute(
            device.insert(),
            [
                {
                    "id": name,
                    "home": f"home-{name}",
                    "resident": f"resident-{name}",
                    "kind": "alarm",
                    "protocol": "scaip",
                    "account": name,
                    "model": "M",
                    **of,
                }
                for _, name in names
            ],
        )
        await connection.execute(
            device_seen.insert(), [{"device": name, "last_seen_at": at, "last_test_at": None} for _, name in names]
        )


async def hear(store: Store, at: datetime, *but: str) -> None:
    """Every device is heard, but those whose id begins so."""
    statement = update(device_seen).values(last_seen_at=at)
    for name in but:
        statement = statement.where(~device_seen.c.device.startswith(name))
    async with store.write() as connection:
        await connection.execute(statement)


async def hear_only(store: Store, at: datetime, *names: str) -> None:
    """These devices are heard, by the beginning of their id."""
    async with store.write() as connection:
        for name in names:
            await connection.execute(
                update(device_seen).where(device_seen.c.device.startswith(name)).values(last_seen_at=at)
            )


async def open_cases(store: Store) -> dict[str, dict[str, object]]:
    """The open cases, by key."""
    async with store.read() as connection:
        rows = (await connection.execute(select(tables.case).where(tables.case.c.open_key.is_not(None)))).mappings()
        return {row["open_key"]: dict(row) for row in rows}
