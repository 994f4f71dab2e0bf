"""When each device was last heard and last tested.

Heartbeats ride here and nowhere else: gathered in memory, written four times a second, answered after the commit, with
no case and no feed row. Every other valid signal counts as a sign of life too, and waits for nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.signal import Outcome, Receipt, Signal
from kit.clock import Clock
from kit.errors import StorageDown
from kit.ids import new_id
from kit.log import get_logger
from kit.store import Store, insert_rows
from kit.tasks import Tasks
from kit.wire.words import SignalKind
from registry.find import find_ids
from registry.tables import device_seen

log = get_logger(__name__)

FLUSH_EVERY = 0.25  # seconds
MOST_ACCOUNTS = 200_000  # remembered while the database is away

_LATER = (
    "ON CONFLICT (device) DO UPDATE SET last_seen_at = excluded.last_seen_at, "
    "last_test_at = coalesce(excluded.last_test_at, device_seen.last_test_at)"
)

Account = tuple[str, str]


@dataclass(slots=True)
class _Life:
    seen_at: datetime
    test_at: datetime | None


class Seen:
    """What was heard since the last flush."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lives: dict[Account, _Life] = {}
        self._waiting: list[tuple[Account, asyncio.Future[bool]]] = []

    def start(self, tasks: Tasks) -> None:
        """Begin to write."""
        tasks.forever("seen", self._run)

    def note(self, signal: Signal, receipt: Receipt) -> None:
        """A sign of life beside a signal that is stored already."""
        if receipt.known and receipt.outcome is Outcome.STORED:
            # An alarm on no case was pressed while the device was being installed: it was the test.
            is_test = signal.kind is SignalKind.TEST or (signal.kind is SignalKind.ALARM and receipt.case is None)
            tested = signal.received_at if is_test else None
            self._remember((signal.protocol, signal.account), signal.received_at, tested)

    async def heard(self, signal: Signal) -> Receipt:
        """A heartbeat; returns after its commit. Raises StorageDown."""
        account = (signal.protocol, signal.account)
        self._remember(account, signal.received_at, None)
        known: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((account, known))
        is_known = await known
        outcome = Outcome.STORED if is_known else Outcome.UNKNOWN_ACCOUNT
        return Receipt(new_id("beat", signal.received_at), None, outcome, known=is_known)

    def _remember(self, account: Account, seen_at: datetime, test_at: datetime | None) -> None:
        life = self._lives.get(account)
        if life is None:
            if len(self._lives) < MOST_ACCOUNTS:
                self._lives[account] = _Life(seen_at, test_at)
            return
        life.seen_at = max(life.seen_at, seen_at)
        if test_at is not None and (life.test_at is None or test_at > life.test_at):
            life.test_at = test_at

    async def _run(self) -> None:
        try:
            while True:
                await self._clock.sleep(FLUSH_EVERY)
                await self.flush()
        except asyncio.CancelledError:
            self._answer(self._waiting, StorageDown("stopping"))  # nobody may wait for a writer that is gone
            raise

    async def flush(self) -> None:
        """Write what was heard and answer who waits."""
        lives, self._lives = self._lives, {}
        waiting, self._waiting = self._waiting, []
        if not lives:
            return
        try:
            async with self._store.write() as connection:
                known = await _write(connection, lives)
        except StorageDown as down:
            self._answer(waiting, down)
            for account, life in lives.items():  # said again at the next flush
                self._remember(account, life.seen_at, life.test_at)
        except Exception as error:
            self._answer(waiting, StorageDown(type(error).__name__))
            raise
        else:
            self._answer(waiting, known)

    @staticmethod
    def _answer(waiting: Sequence[tuple[Account, asyncio.Future[bool]]], answer: set[Account] | StorageDown) -> None:
        for account, future in waiting:
            if future.done():
                continue
            if isinstance(answer, StorageDown):
                future.set_exception(answer)
            else:
                future.set_result(account in answer)


async def _write(connection: AsyncConnection, lives: Mapping[Account, _Life]) -> set[Account]:
    """Write the signs of life of the accounts that are devices; says which these are."""
    devices = await find_ids(connection, lives)
    found: dict[str, _Life] = {device: lives[account] for account, device in devices.items()}
    rows = [
        {"device": device, "last_seen_at": life.seen_at, "last_test_at": life.test_at}
        for device, life in sorted(found.items())  # in one order, so that two processes never deadlock
    ]
    await insert_rows(connection, device_seen, rows, conflict=_LATER)
    return set(devices)
