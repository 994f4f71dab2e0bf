"""The homes that press in a benchmark: residents, their SCAIP devices by account, their HTTP devices by token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from deploy import schema
from kit.clock import Clock
from kit.store import Store, open_store
from kit.tokens import Signer
from registry.sessions import issue_device_token
from registry.tables import device, home, principal, resident, unit

PRINCIPAL = "bench-kommun"
UNIT = "bench-unit"
PORTION = 2_000  # rows in one statement


@dataclass(frozen=True, slots=True)
class Fleet:
    """Who can press: SCAIP accounts, and bearer tokens of HTTP devices."""

    accounts: Sequence[str]
    tokens: Sequence[str]


async def settle(url: str, keys: Sequence[str], clock: Clock, *, homes: int, http: int) -> Fleet:
    """Make the tables in the empty database at `url` and fill in that many homes, each with a resident and a device."""
    store = open_store(url)
    try:
        await schema.migrate(store)
        await _fill(store, homes, http)
    finally:
        await store.close()
    signer, at = Signer(keys), clock.now()
    return Fleet(
        accounts=[_account(number) for number in range(homes)],
        tokens=[issue_device_token(signer, f"bench-app-{number}", 0, at) for number in range(http)],
    )


async def _fill(store: Store, homes: int, http: int) -> None:
    lives = [{"principal": PRINCIPAL, "unit": UNIT, "home": f"bench-home-{number}"} for number in range(homes)]
    await _insert(store, principal, [{"id": PRINCIPAL, "name": "Bench"}])
    await _insert(store, unit, [{"id": UNIT, "principal": PRINCIPAL, "name": "Bench"}])
    await _insert(
        store,
        home,
        [{"id": one["home"], "principal": PRINCIPAL, "unit": UNIT, "address": "", "town": ""} for one in lives],
    )
    await _insert(
        store, resident, [{"id": f"bench-resident-{number}", "name": "", **one} for number, one in enumerate(lives)]
    )
    await _insert(store, device, [_device(number, f"bench-scaip-{number}", "scaip") for number in range(homes)])
    await _insert(store, device, [_device(number, f"bench-app-{number}", "http") for number in range(http)])


def _device(number: int, device_id: str, protocol: str) -> dict[str, Any]:
    return {
        "id": device_id,
        "principal": PRINCIPAL,
        "home": f"bench-home-{number}",
        "resident": f"bench-resident-{number}",
        "kind": "alarm",
        "protocol": protocol,
        "account": _account(number) if protocol == "scaip" else device_id,
    }


def _account(number: int) -> str:
    return str(500_000 + number)


async def _insert(store: Store, table: Table, rows: list[dict[str, Any]]) -> None:
    async with store.write() as connection:
        for start in range(0, len(rows), PORTION):
            await connection.execute(table.insert(), rows[start : start + PORTION])
