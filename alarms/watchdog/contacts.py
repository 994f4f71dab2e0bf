"""Whom in a municipality to tell of an outage: what may be entered, and by whom it is read and changed."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.watchdog.tables import outage_contact
from kit.store import for_update, insert

TITLES = {
    "contact_many": "There are as many contacts as there may be.",
    "contact_means": "Say how to tell them: by e-mail, by webhook, or both.",
    "contact_email": "That is no mail address.",
    "contact_webhook": "A webhook is an https address on the open network.",
}


HTTPS = frozenset({"https"})
ANY_WEB = frozenset({"http", "https"})
"""What an operator of the platform may enter; over the API a webhook is https."""


def contact_fault(email: str, webhook: str, schemes: frozenset[str] = HTTPS) -> str | None:
    """What is wrong with how somebody is to be told, as a code."""
    if not email and not webhook:
        return "contact_means"
    if email and not _is_mail(email):
        return "contact_email"
    return "contact_webhook" if webhook and host_of(webhook, schemes) is None else None


def _is_mail(text: str) -> bool:
    before, _, after = text.partition("@")
    return bool(before and after) and "@" not in after and text.isprintable() and not any(map(str.isspace, text))


def host_of(webhook: str, schemes: frozenset[str] = HTTPS) -> str | None:
    """The host of a web address; none where it is no such address."""
    try:
        parts = urlsplit(webhook)
        return parts.hostname if parts.scheme in schemes and (parts.port is None or parts.port > 0) else None
    except ValueError:
        return None


def is_outside(host: str) -> bool:
    """Whether a host may be on the open network: who enters a name over the API may not point the watchdog inwards."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.strip(".") and not host.lower().rstrip(".").endswith((".local", ".localhost", ".internal"))


async def contacts_of(connection: AsyncConnection, principal: str) -> list[Mapping[str, Any]]:
    """A principal's contacts, by name."""
    query = select(outage_contact).where(outage_contact.c.principal == principal)
    rows = await connection.execute(query.order_by(outage_contact.c.name, outage_contact.c.id))
    return [dict(row) for row in rows.mappings()]


async def contact_row(connection: AsyncConnection, contact: str) -> Mapping[str, Any] | None:
    """One contact, locked until the transaction ends; none when there is none."""
    query = for_update(connection, select(outage_contact).where(outage_contact.c.id == contact))
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)


async def put_contact(connection: AsyncConnection, row: Mapping[str, str]) -> None:
    """Enter a contact, or change who is entered already; `row` has every column."""
    statement = insert(connection, outage_contact).values(**row)
    changed = {name: value for name, value in row.items() if name != "id"}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed))


async def remove_contact(connection: AsyncConnection, contact: str) -> int:
    """Tell somebody no more; how many there were."""
    return (await connection.execute(delete(outage_contact).where(outage_contact.c.id == contact))).rowcount
