"""Routes, plans, rotas and agreements as every new case needs them: one reading a process, kept in memory.

It is renewed on the bus's word and every five seconds: then one number is asked for, and the documents only when that
has grown. An alarm asks no query of its own, unless nobody has renewed the reading for three times as long.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Table, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.routing import Known
from alarms.routing import tables
from alarms.routing.documents import plan_of, rota_of, routing_of
from kit.bus import Bus, Watch
from kit.clock import Clock
from kit.log import get_logger
from kit.looking import look_on
from kit.store import Store, for_update
from kit.tasks import Tasks
from kit.wire.model import Wire
from kit.wire.routing import PlanBody, RotaBody, RoutingBody
from registry.access import Agreement, Span
from registry.tables import agreement

log = get_logger(__name__)

ROUTING = "routing"
"""The bus topic on which processes are told that routes, plans or rotas have changed."""

RENEW_EVERY = 5.0  # seconds
TOO_OLD = 3 * RENEW_EVERY

B = TypeVar("B", bound=Wire)
D = TypeVar("D")


class Reading:
    """What this process knows. Whoever has not started it gets a reading that renews itself when it is asked."""

    def __init__(self, store: Store, bus: Bus, clock: Clock) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._tasks = Tasks(clock)
        self._known = Known()
        self._version = -1
        self._read_at = float("-inf")

    async def start(self) -> None:
        """Begin to renew."""
        self._tasks.forever("routing", self._run)

    async def close(self) -> None:
        """Stop."""
        await self._tasks.close()

    async def known(self, connection: AsyncConnection) -> Known:
        """What is known now; read through this connection when it is too old."""
        if self._clock.monotonic() - self._read_at > TOO_OLD:
            try:
                await self.renew(connection)
            except (DBAPIError, OSError):
                raise  # the transaction is lost anyhow
            except Exception:
                log.exception("routing_unreadable")  # and the alarm goes where it went before
        return self._known

    async def renew(self, connection: AsyncConnection) -> None:
        """Read what has changed."""
        version = await connection.scalar(select(tables.routing_head.c.version)) or 0
        agreements = await _agreements(connection)
        if version != self._version:
            self._known = Known(
                routings={key: one for key, (_, one) in (await _all(connection, *_ROUTING)).items()},
                plans=await _all(connection, *_PLAN),
                rotas=await _all(connection, *_ROTA),
                agreements=agreements,
            )
            self._version = version
        elif agreements != self._known.agreements:
            self._known = Known(self._known.routings, self._known.plans, self._known.rotas, agreements)
        self._read_at = self._clock.monotonic()

    async def _run(self) -> None:
        async def look(_: Watch) -> None:
            async with self._store.read() as connection:
                await self.renew(connection)

        await look_on(self._bus, ROUTING, look, clock=self._clock, task="routing", every=RENEW_EVERY)


async def _agreements(connection: AsyncConnection) -> dict[str, tuple[Agreement, ...]]:
    found: dict[str, tuple[Agreement, ...]] = {}
    for row in (await connection.execute(select(agreement).order_by(agreement.c.id))).mappings():
        one = Agreement(row["principal"], Span(row["starts_at"], row["ends_at"]))
        found[row["central"]] = (*found.get(row["central"], ()), one)
    return found


_ROUTING = (tables.routing, "principal", RoutingBody, routing_of)
_PLAN = (tables.escalation_plan, "id", PlanBody, plan_of)
_ROTA = (tables.rota, "id", RotaBody, rota_of)


async def _all(
    connection: AsyncConnection, table: Table, key: str, body: type[B], made: Callable[[B, str, int], D]
) -> Mapping[str, tuple[str, D]]:
    """Every document that can be read, with its owner. What a newer process has written counts as not there."""
    found: dict[str, tuple[str, D]] = {}
    for row in (await connection.execute(select(table))).mappings():
        try:
            found[row[key]] = (row["principal"], made(body.model_validate(row["body"]), row[key], row["version"]))
        except ValidationError:
            log.error("routing_document_unknown", table=table.name, id=row[key])
    return found


async def stored(connection: AsyncConnection, table: Table, key: str) -> Mapping[str, Any] | None:
    """A document's row as it stands, none when there is none."""
    column = table.primary_key.columns[0]
    row = (await connection.execute(select(table).where(column == key))).mappings().one_or_none()
    return None if row is None else dict(row)


async def one_writer(connection: AsyncConnection) -> None:
    """Wait until nobody else is changing what this transaction is about to check itself against."""
    await connection.execute(for_update(connection, select(tables.routing_head.c.version)))


async def tell_all(connection: AsyncConnection) -> None:
    """Have every process read anew, once this transaction is committed; then say so on the bus."""
    head = update(tables.routing_head).values(version=tables.routing_head.c.version + 1)
    await connection.execute(head)
