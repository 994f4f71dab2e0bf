"""What is asked of a device before it is heard, and how its model is answered: kept in memory, no message asks for it.

Rules: a device without a row is asked for nothing. Until the policies have been read once, nobody is let past them:
devices are asked to hold, as they are while storage is down. A change counts within seconds. What cannot be read for
any other reason keeps nobody from being heard: a life outranks a lock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.receivers.scaip.models import DEFAULT, Model, Models
from alarms.receivers.scaip.tables import device_scaip
from kit.clock import Clock, yield_once
from kit.errors import StorageDown
from kit.log import get_logger
from kit.store import Store
from kit.tasks import Tasks
from registry.inventory.tables import device_model
from registry.tables import device

log = get_logger(__name__)

LOOK_EVERY = 3.0  # seconds between looks at what has changed
ALL_EVERY = 300.0  # seconds between readings of everything: a device's model or its interval may have changed too
PORTION = 250  # devices read without letting anything else run
LATE = timedelta(seconds=60)  # how long after its moment a change may be committed and still be seen at the next look


class Asks(StrEnum):
    """What a device has to show."""

    NONE = "none"
    DIGEST = "digest"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of one device. `secret` is sealed; `heartbeat_s` is what the registry says of its model."""

    device: str = ""
    asks: Asks = Asks.NONE
    secret: bytes = b""
    fingerprint: str = ""
    model: Model = DEFAULT
    heartbeat_s: int | None = None


PLAIN = Policy()


class Known(Protocol):
    """The policies as the receiver needs them."""

    ready: bool

    def of(self, account: str) -> Policy:
        """What is asked of the device with that account."""
        ...


class Nothing:
    """A receiver that asks nobody for anything."""

    ready = True

    def of(self, account: str) -> Policy:
        """Nothing, and the usual answer."""
        return PLAIN


class Policies:
    """The policies of all SCAIP devices, renewed while its task runs."""

    def __init__(self, store: Store, clock: Clock, models: Models) -> None:
        self._store = store
        self._clock = clock
        self._models = models
        self._tasks = Tasks(clock)
        self._by_account: dict[str, Policy] = {}
        self._all_at = float("-inf")
        self._looked_at: datetime | None = None
        self.ready = False

    async def start(self) -> None:
        """Read once if the database answers, then renew; a database that is away is waited for."""
        try:
            await self.look()
        except StorageDown:
            log.warning("scaip_policies_wait_for_storage")  # and devices hold until they have been read
        except Exception:
            log.exception("scaip_policies_unreadable")
        self._tasks.every(LOOK_EVERY, "scaip_policies", self.look)

    async def close(self) -> None:
        """Stop."""
        await self._tasks.close()

    def of(self, account: str) -> Policy:
        """What is asked of the device with that account."""
        return self._by_account.get(account, PLAIN)

    async def look(self) -> None:
        """Read what has changed; everything when that is a while ago. Raises StorageDown."""
        at, moment = self._clock.monotonic(), self._clock.now()
        everything = at - self._all_at >= ALL_EVERY
        since = None if everything or self._looked_at is None else self._looked_at - LATE
        try:
            async with self._store.snapshot() as connection:
                found = await read_policies(connection, self._models, since)
        except StorageDown:
            raise
        except Exception:
            self.ready = True
            raise
        if since is None:
            self._by_account, self._all_at = dict(found), at
        else:
            self._by_account.update(found)
        self._looked_at = moment
        self.ready = True


async def read_policies(connection: AsyncConnection, models: Models, since: datetime | None) -> Mapping[str, Policy]:
    """Policies by account: of devices that are asked for something or whose model has a file; changed since then."""
    query = (
        select(device.c.id, device.c.account, device.c.model, device_model.c.heartbeat_s, device_scaip)
        .outerjoin(device_scaip, device_scaip.c.device == device.c.id)
        .outerjoin(device_model, device_model.c.name == device.c.model)
        .where(device.c.protocol == "scaip")
    )
    if since is None:
        query = query.where(or_(device_scaip.c.device.is_not(None), device.c.model.in_(models.names)))
    else:
        query = query.where(device_scaip.c.changed_at >= since)
    found: dict[str, Policy] = {}
    async with connection.stream(query) as rows:  # in portions, so that a press waits for none of a fleet's
        async for portion in rows.mappings().partitions(PORTION):
            for row in portion:
                found[row["account"]] = Policy(
                    device=row["id"],
                    asks=_asks(row["asks"], row["id"]),
                    secret=row["secret"] or b"",
                    fingerprint=row["fingerprint"] or "",
                    model=models.of(row["model"]),
                    heartbeat_s=row["heartbeat_s"],
                )
            await yield_once()
    return found


def _asks(word: str | None, device_id: str) -> Asks:
    try:
        return Asks(word or Asks.NONE)
    except ValueError:
        log.error("scaip_policy_unknown", device=device_id)  # of a newer process
        return Asks.NONE
