"""A small registry for tests: some homes with a resident and a device each, one home shared by two."""

from sqlalchemy.ext.asyncio import AsyncConnection

from registry import tables


async def fill(connection: AsyncConnection, count: int = 5) -> None:
    """Residents `resident-0` … with SCAIP accounts `0` …, and a shared home whose device is account `shared`."""
    await connection.execute(tables.principal.insert().values(id="kommun", name="Kommun"))
    await connection.execute(tables.unit.insert().values(id="norr", principal="kommun", name="Norr"))
    homes = [
        {"id": f"home-{n}", "principal": "kommun", "unit": "norr", "address": "Storgatan 1", "town": "Alingsås"}
        for n in [*map(str, range(count)), "shared"]
    ]
    await connection.execute(tables.home.insert(), homes)
    residents = [
        {"id": f"resident-{n}", "principal": "kommun", "unit": "norr", "home": f"home-{n}", "name": f"Elsa {n}"}
        for n in range(count)
    ]
    shared = [
        {"id": f"resident-{n}", "principal": "kommun", "unit": "norr", "home": "home-shared", "name": n}
        for n in ("Astrid", "Birger")
    ]
    await connection.execute(tables.resident.insert(), residents + shared)
    devices = [
        {
            "id": f"device-{n}",
            "principal": "kommun",
            "home": f"home-{n}",
            "resident": f"resident-{n}" if n != "shared" else None,
            "kind": "alarm",
            "protocol": "scaip",
            "account": n,
        }
        for n in [*map(str, range(count)), "shared"]
    ]
    await connection.execute(tables.device.insert(), devices)
    await connection.execute(tables.person.insert(), [{"id": n, "name": n.title()} for n in ("karin", "sven", "aino")])
