"""Who takes part in a benchmark: residents at home with their devices, and operators at a central that serves them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table

from deploy import schema
from kit.clock import Clock
from kit.store import Store, open_store, refresh_statistics
from kit.tokens import Signer
from kit.wire.words import Role
from registry.sessions import issue_device_token, issue_person_token
from registry.tables import agreement, assignment, central, device, home, person, principal, resident, unit

PRINCIPAL = "bench-kommun"
UNIT = "bench-unit"
CENTRAL = "bench-central"
BEFORE = timedelta(days=1)
PORTION = 2_000  # rows in one statement


@dataclass(frozen=True, slots=True)
class Fleet:
    """SCAIP accounts, one a home, and the bearer tokens of HTTP devices and of operators."""

    accounts: Sequence[str]
    tokens: Sequence[str]
    operators: Sequence[str]


async def settle(url: str, keys: Sequence[str], clock: Clock, *, homes: int, http: int, operators: int = 0) -> Fleet:
    """Make the tables in the empty database at `url` and fill in that many homes, each with a resident and a device."""
    store, at = open_store(url), clock.now()
    try:
        await schema.migrate(store)
        await _fill(store, homes, http)
        await _staff(store, operators, at - BEFORE)
        async with store.write() as connection:
            await refresh_statistics(connection, home, resident, device)
    finally:
        await store.close()
    signer = Signer(keys)
    return Fleet(
        accounts=[_account(number) for number in range(homes)],
        tokens=[issue_device_token(signer, f"bench-app-{number}", 0, at) for number in range(http)],
        operators=[
            issue_person_token(signer, f"bench-operator-{number}", f"bench-role-{number}", at)
            for number in range(operators)
        ],
    )


def resident_of(number: int) -> str:
    """The resident whose device has the account of that number."""
    return f"bench-resident-{number}"


async def _fill(store: Store, homes: int, http: int) -> None:
    lives = [{"principal": PRINCIPAL, "unit": UNIT, "home": f"bench-home-{number}"} for number in range(homes)]
    await _insert(store, principal, [{"id": PRINCIPAL, "name": "Bench"}])
    await _insert(store, unit, [{"id": UNIT, "principal": PRINCIPAL, "name": "Bench"}])
    await _insert(
        store,
        home,
        [{"id": one["home"], "principal": PRINCIPAL, "unit": UNIT, "address": "", "town": ""} for one in lives],
    )
    await _insert(store, resident, [{"id": resident_of(number), "name": "", **one} for number, one in enumerate(lives)])
    await _insert(store, device, [_device(number, f"bench-scaip-{number}", "scaip") for number in range(homes)])
    await _insert(store, device, [_device(number, f"bench-app-{number}", "http") for number in range(http)])


async def _staff(store: Store, operators: int, since: datetime) -> None:
    """A central with an agreement, and that many operators on it."""
    span = {"starts_at": since, "ends_at": None}
    numbers = range(operators)
    await _insert(store, central, [{"id": CENTRAL, "name": "Bench"}])
    await _insert(store, agreement, [{"id": "bench-agreement", "central": CENTRAL, "principal": PRINCIPAL, **span}])
    await _insert(store, person, [{"id": f"bench-operator-{number}", "name": ""} for number in numbers])
    await _insert(
        store,
        assignment,
        [
            {
                "id": f"bench-role-{number}",
                "person": f"bench-operator-{number}",
                "role": Role.OPERATOR,
                "central": CENTRAL,
                **span,
            }
            for number in numbers
        ],
    )


def _device(number: int, device_id: str, protocol: str) -> dict[str, Any]:
    return {
        "id": device_id,
        "principal": PRINCIPAL,
        "home": f"bench-home-{number}",
        "resident": resident_of(number),
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
