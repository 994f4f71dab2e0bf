"""Integrations in the database, their secrets sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.receivers.tables import vendor_integration
from kit.seal import open_sealed, seal
from kit.wire.vendors import AddIntegration, EventMapping, Integration, SignatureScheme, Vendor

PURPOSE = "vendors"


@dataclass(frozen=True, slots=True)
class Kept:
    """An integration that is in force. `sealed` is its secret."""

    id: str
    principal: str
    vendor: Vendor
    name: str
    sealed: bytes
    scheme: SignatureScheme | None
    mapping: EventMapping | None
    added_by: str
    added_at: datetime

    @property
    def path(self) -> str:
        """Where the vendor calls."""
        return f"/api/v1/device/webhooks/{self.vendor}/{self.id}"

    def secret(self, keys: Sequence[str]) -> str:
        """Its secret. Raises `kit.seal.SealError`."""
        return open_sealed(self.sealed, keys, purpose=PURPOSE, about=self.id).decode()

    def shown(self) -> Integration:
        """As administrators see it."""
        return Integration(
            id=self.id,
            vendor=self.vendor,
            name=self.name,
            path=self.path,
            scheme=self.scheme,
            mapping=self.mapping,
            added_by=self.added_by,
            added_at=self.added_at,
        )


async def integration(connection: AsyncConnection, integration_id: str) -> Kept | None:
    """The integration that goes by that id, none when it has ended or never was."""
    found = await _rows(connection, vendor_integration.c.id == integration_id)
    return found[0] if found else None


async def integrations_of(connection: AsyncConnection, principal: str) -> list[Kept]:
    """A principal's integrations in force, by id."""
    return await _rows(connection, vendor_integration.c.principal == principal)


async def _rows(connection: AsyncConnection, which: object) -> list[Kept]:
    table = vendor_integration
    query = select(table).where(which, table.c.ended_at.is_(None)).order_by(table.c.id)  # type: ignore[arg-type]
    return [
        Kept(
            id=row["id"],
            principal=row["principal"],
            vendor=row["vendor"],
            name=row["name"],
            sealed=row["secret"],
            scheme=None if row["scheme"] is None else SignatureScheme.model_validate(row["scheme"]),
            mapping=None if row["mapping"] is None else EventMapping.model_validate(row["mapping"]),
            added_by=row["added_by"],
            added_at=row["added_at"],
        )
        for row in (await connection.execute(query)).mappings()
    ]


async def add_integration(
    connection: AsyncConnection,
    integration_id: str,
    principal: str,
    said: AddIntegration,
    secret: str,
    keys: Sequence[str],
    *,
    by: str,
    at: datetime,
) -> None:
    """Enter one."""
    await connection.execute(
        vendor_integration.insert().values(
            id=integration_id,
            principal=principal,
            vendor=said.vendor,
            name=said.name,
            secret=seal(secret.encode(), keys, purpose=PURPOSE, about=integration_id),
            scheme=None if said.scheme is None else said.scheme.model_dump(mode="json"),
            mapping=None if said.mapping is None else said.mapping.model_dump(mode="json"),
            added_by=by,
            added_at=at,
        )
    )


async def end_integration(connection: AsyncConnection, integration_id: str, *, by: str, at: datetime) -> None:
    """From now on its calls are a stranger's."""
    table = vendor_integration
    statement = update(table).where(table.c.id == integration_id, table.c.ended_at.is_(None))
    await connection.execute(statement.values(ended_by=by, ended_at=at))
