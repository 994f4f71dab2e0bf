"""Alarms of accounts that nobody knows, in a batch: which case each goes to, if there is a desk to see it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core.opening import Belongs, Sender
from alarms.core.signal import Signal
from alarms.core.unknown import HEARD_OF, belongs_unknown
from kit.log import get_logger
from kit.metrics import counter
from registry.access import NOBODYS
from registry.find import some_central

log = get_logger(__name__)

unknown_total = counter("signals_unknown_total", "Alarms from accounts that nobody knows", ["protocol", "case"])

NOBODY = Sender(device="", principal=NOBODYS, home="", resident=None)
"""Stands for whoever an unknown account may be."""


async def place_unknown(
    connection: AsyncConnection, signals: Mapping[str, Signal], at: datetime
) -> dict[str, tuple[Sender, Belongs]]:
    """Where these signals go, by their keys; what is only stored is left out.

    Without a central at work nobody has a queue in which they would stand: then they are stored and counted. Two
    processes that count at the same moment may each open the last case, so there may be a few more than the number.
    """
    heard = {key: signal for key, signal in signals.items() if signal.kind in HEARD_OF}
    if not heard:
        return {}
    if not await some_central(connection, at):
        for signal in heard.values():
            unknown_total.labels(protocol=signal.protocol, case="no_desk").inc()
        log.warning("unknown_account_without_a_desk", signals=len(heard))
        return {}
    nobodys = (tables.case.c.principal == NOBODYS) & tables.case.c.open_key.is_not(None)
    query = select(tables.case.c.open_key).where(nobodys)
    standing = set((await connection.scalars(query)).all())
    placed = {}
    for key, signal in heard.items():
        place = belongs_unknown(signal, standing)
        if place is None:
            continue
        if place.opens:
            standing.add(place.open_key)
        unknown_total.labels(protocol=signal.protocol, case="rest" if place.counts else "own").inc()
        placed[key] = (NOBODY, place)
    return placed
