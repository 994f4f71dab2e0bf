"""Which key a device encrypts with: kept sealed, remembered for some seconds, so that a press asks no query for it.

However many accounts are asked for, one query at a time is read, so that the store stays free for presses. A key that
is changed while the platform runs counts within `KNOWN_FOR`, one that is entered within `NONE_FOR`: then a device is
being installed at this moment.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.receivers.dc09.cipher import KEY_SIZES
from alarms.receivers.dc09.signal import PROTOCOL
from alarms.receivers.dc09.tables import device_dc09
from kit.clock import Clock
from kit.errors import Refusal, StorageDown
from kit.lane import Lane
from kit.log import get_logger
from kit.seal import SealError, open_sealed, seal
from kit.store import Store, insert
from kit.tasks import Tasks
from registry.tables import device

log = get_logger(__name__)

KNOWN_FOR, NONE_FOR = 30.0, 3.0  # seconds
MOST_KNOWN = 50_000
_PURPOSE = "dc09"


@dataclass(frozen=True, slots=True)
class Agreed:
    """Whether a device is to encrypt, and with which key; none also where the key that is there cannot be opened."""

    encrypts: bool
    key: bytes | None = None


CLEAR = Agreed(encrypts=False)


class Keys:
    """The keys by account. `secrets` are the platform's own, newest first."""

    def __init__(self, store: Store, clock: Clock, secrets: Sequence[str]) -> None:
        self._store = store
        self._clock = clock
        self._secrets = secrets
        self._known: OrderedDict[str, tuple[float, Agreed]] = OrderedDict()
        self._asked: Lane[str, Agreed] = Lane("dc09_keys", self._read)

    def start(self, tasks: Tasks) -> None:
        """Begin to read."""
        self._asked.start(tasks)

    async def of(self, account: str) -> Agreed:
        """What was agreed with the device of that account. Raises StorageDown."""
        at = self._clock.monotonic()
        until, agreed = self._known.get(account, (at, CLEAR))
        return agreed if at < until else await self._asked.put(account)

    async def _read(self, accounts: Sequence[str]) -> Sequence[Agreed | Exception]:
        try:
            async with self._store.read() as connection:
                found = await self._found(connection, set(accounts))
        except StorageDown as down:
            return [down] * len(accounts)
        at = self._clock.monotonic()
        for account in accounts:
            agreed = found.get(account, CLEAR)
            self._known[account] = (at + (KNOWN_FOR if agreed.encrypts else NONE_FOR), agreed)
            self._known.move_to_end(account)
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return [found.get(account, CLEAR) for account in accounts]

    async def _found(self, connection: AsyncConnection, accounts: Iterable[str]) -> dict[str, Agreed]:
        query = (
            select(device.c.id, device.c.account, device_dc09.c.sealed_key)
            .join(device_dc09, device_dc09.c.device == device.c.id)
            .where(device.c.protocol == PROTOCOL, device.c.account.in_(sorted(accounts)))
        )
        return {row.account: self._open(row.id, row.sealed_key) for row in await connection.execute(query)}

    def _open(self, device_id: str, sealed: bytes) -> Agreed:
        try:
            return Agreed(encrypts=True, key=open_sealed(sealed, self._secrets, purpose=_PURPOSE, about=device_id))
        except SealError as error:
            log.error("dc09_key_cannot_be_opened", device=device_id, reason=str(error))
            return Agreed(encrypts=True)


async def set_key(connection: AsyncConnection, device_id: str, key: bytes | None, secrets: Sequence[str]) -> None:
    """Give a device its key, in place of another; none takes it away.

    Raises Refusal `bad_key`, and `not_dc09` for what is no device of this protocol.
    """
    if key is not None and len(key) not in KEY_SIZES:
        raise Refusal("bad_key", 422)
    if await connection.scalar(select(device.c.protocol).where(device.c.id == device_id)) != PROTOCOL:
        raise Refusal("not_dc09", id=device_id)
    if key is None:
        await connection.execute(delete(device_dc09).where(device_dc09.c.device == device_id))
        return
    sealed = seal(key, secrets, purpose=_PURPOSE, about=device_id)
    statement = insert(connection, device_dc09).values(device=device_id, sealed_key=sealed)
    statement = statement.on_conflict_do_update(index_elements=["device"], set_={"sealed_key": sealed})
    await connection.execute(statement)
