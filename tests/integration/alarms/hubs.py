"""What tests of the hub send it, and how they look at what it stored."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from alarms.core.signal import Signal
from kit.clock import SystemClock
from kit.store import Store
from kit.wire.words import Reason, SignalKind


def signal(
    account: str = "0",
    reference: str = "1",
    kind: SignalKind = SignalKind.ALARM,
    reason: Reason | None = Reason.PRESSED,
    **more: Any,
) -> Signal:
    at = SystemClock().now()
    made = Signal(
        "scaip", account, None, f"{account}:{reference}", kind, reason, 2, "ME", reference, at, None, b"<mrq/>"
    )
    return replace(made, **more)


async def rows(store: Store, table: Any) -> list[Any]:
    async with store.read() as connection:
        return list((await connection.execute(select(table).order_by(*table.primary_key.columns))).mappings())
