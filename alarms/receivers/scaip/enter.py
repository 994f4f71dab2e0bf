"""Saying what a SCAIP device is asked for, and what its model promises, in the caller's transaction."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.receivers.scaip.door import sealed_password
from alarms.receivers.scaip.models import Models
from alarms.receivers.scaip.policy import Asks
from alarms.receivers.scaip.tables import device_scaip
from kit.errors import Refusal
from kit.store import insert
from kit.wire.words import Radio
from registry.inventory.acts import set_model
from registry.inventory.tables import device_model
from registry.tables import device

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


async def ask_nothing(connection: AsyncConnection, device_id: str, at: datetime) -> None:
    """Hear the device as it is. Raises Refusal `not_scaip`."""
    await _account(connection, device_id)
    await _put(connection, device_id, at, asks=Asks.NONE)


async def ask_password(
    connection: AsyncConnection, keys: tuple[str, ...], device_id: str, password: str, at: datetime
) -> None:
    """Hear the device once it has shown this password. Raises Refusal `not_scaip`, `bad_password`."""
    account = await _account(connection, device_id)
    if not 1 <= len(password) <= 200 or not password.isprintable():
        raise Refusal("bad_password")
    secret = sealed_password(keys, device_id, account, password)
    await _put(connection, device_id, at, asks=Asks.DIGEST, secret=secret)


async def ask_certificate(connection: AsyncConnection, device_id: str, fingerprint: str, at: datetime) -> None:
    """Hear the device over TLS with the certificate of this SHA-256. Raises Refusal `not_scaip`, `bad_fingerprint`."""
    await _account(connection, device_id)
    digits = fingerprint.replace(":", "").lower()
    if not _FINGERPRINT.fullmatch(digits):
        raise Refusal("bad_fingerprint")
    await _put(connection, device_id, at, asks=Asks.CERTIFICATE, fingerprint=digits)


async def enter_model(connection: AsyncConnection, models: Models, name: str) -> None:
    """What the maker of a model says of its heartbeats, where the registry says nothing of it yet."""
    heartbeat_s = models.of(name).heartbeat_s
    if heartbeat_s is None:
        return
    if await connection.scalar(select(device_model.c.name).where(device_model.c.name == name)) is None:
        await set_model(connection, name, heartbeat_s=heartbeat_s, radio=Radio.UNKNOWN, radio_ends_on=None)


async def _account(connection: AsyncConnection, device_id: str) -> str:
    query = select(device.c.account).where(device.c.id == device_id, device.c.protocol == "scaip")
    account: str | None = await connection.scalar(query)
    if account is None:
        raise Refusal("not_scaip", id=device_id)
    return account


async def _put(
    connection: AsyncConnection,
    device_id: str,
    at: datetime,
    *,
    asks: Asks,
    secret: bytes | None = None,
    fingerprint: str = "",
) -> None:
    values = {"asks": asks.value, "secret": secret, "fingerprint": fingerprint, "changed_at": at}
    statement = insert(connection, device_scaip).values(device=device_id, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["device"], set_=values))
