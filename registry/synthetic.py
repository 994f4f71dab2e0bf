"""Who the watchdog is in the registry: a principal of its own, with a device that tests and an operator who listens.

Nobody else has a role in this principal and no central an agreement with it, so nothing of it is on anybody's page.
Its device is in no use (`STATE`): its tests are stored, and nothing it says is ever a case.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.store import insert
from kit.wire.words import Role
from registry.tables import assignment, device, home, person, principal, unit

PRINCIPAL = "nattljus-watchdog"
DEVICE = "nattljus-watchdog"
PERSON = "nattljus-watchdog"
ACCOUNT = "0000000000000000"
"""What it calls itself over SCAIP."""
STATE = "synthetic"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def enrol(connection: AsyncConnection) -> None:
    """Put the watchdog in place, in the caller's transaction; what is there is left alone."""
    at_home = {"principal": PRINCIPAL, "unit": PRINCIPAL}
    await _add(connection, principal, {"id": PRINCIPAL, "name": "Nattljus"})
    await _add(connection, unit, {"id": PRINCIPAL, "principal": PRINCIPAL, "name": "Nattljus"})
    await _add(connection, home, {"id": PRINCIPAL, "address": "", "town": "", **at_home})
    await _add(
        connection,
        device,
        {
            "id": DEVICE,
            "principal": PRINCIPAL,
            "home": PRINCIPAL,
            "resident": None,
            "kind": "watchdog",
            "protocol": "scaip",
            "account": ACCOUNT,
            "state": STATE,
        },
    )
    await _add(connection, person, {"id": PERSON, "name": "Nattljus"})
    await _add(
        connection,
        assignment,
        {"id": PERSON, "person": PERSON, "role": Role.OPERATOR, "principal": PRINCIPAL, "starts_at": SINCE},
    )


async def _add(connection: AsyncConnection, table: Table, row: dict[str, Any]) -> None:
    await connection.execute(insert(connection, table).values(**row).on_conflict_do_nothing())
