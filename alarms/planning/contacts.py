"""Whom a municipality wants told of an outage, over HTTP: read by its planners too, changed by its administrators."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from alarms.planning.tag import insist_on, tag_of
from alarms.watchdog.contacts import (
    contact_fault,
    contact_row,
    contacts_of,
    host_of,
    is_outside,
    put_contact,
    remove_contact,
)
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.params import Id
from kit.store import Store
from kit.wire.planning import OutageContact, OutageContactBody, OutageContacts, PutOutageContact
from registry.access import Act, Allowed, Who, Whom, decide
from registry.look import ask, insist
from registry.session_web import Sessions, asks

SAID = ("name", "email", "webhook")
MOST = 20

Seen = Annotated[str, Query(pattern=r"^[0-9a-f]{16}$", description="The tag that was seen.")]


def contacts_router(store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The routes, to be included among the planners'."""
    router = APIRouter(tags=["watchdog"])
    asker = Depends(sessions)

    @router.get("/outage-contacts", openapi_extra=asks(Act.OUTAGE_CONTACT_READ))
    async def list_contacts(who: Annotated[Who, asker]) -> OutageContacts:
        """Whom the watchdog tells when alarms cannot be received, and when they can again."""
        at = clock.now()
        rows = []
        async with store.write() as connection:
            answer = await ask(connection, who, Act.OUTAGE_CONTACT_READ, Whom(who.principal), at=at)
            if isinstance(answer, Allowed):
                rows = await contacts_of(connection, who.principal or "")
        insist(answer)
        may = decide(who, Act.OUTAGE_CONTACT_WRITE, Whom(who.principal), [], at)
        return OutageContacts(items=[_shown(row) for row in rows], may_change=isinstance(may, Allowed))

    @router.post("/outage-contacts", status_code=201, openapi_extra=asks(Act.OUTAGE_CONTACT_WRITE))
    async def add_contact(who: Annotated[Who, asker], body: OutageContactBody) -> OutageContact:
        """Enter somebody; the watchdog knows of it within a minute."""
        at = clock.now()
        contact = new_id("contact", at)
        owner = await _may_write(store, who, at, contact, new=True)
        _insist_on_means(body)
        row = {"id": contact, "principal": owner, **_said(body)}
        async with store.write() as connection:
            if len(await contacts_of(connection, owner)) >= MOST:
                raise Refusal("contact_many", 409)
            await put_contact(connection, row)
        return _shown(row)

    @router.put("/outage-contacts/{contact}", openapi_extra=asks(Act.OUTAGE_CONTACT_WRITE))
    async def change_contact(who: Annotated[Who, asker], contact: Id, body: PutOutageContact) -> OutageContact:
        """Change somebody, over what was seen."""
        owner = await _may_write(store, who, clock.now(), contact)
        _insist_on_means(body)
        row = {"id": contact, "principal": owner, **_said(body)}
        async with store.write() as connection:
            _insist_on_seen(await contact_row(connection, contact), body.seen)
            await put_contact(connection, row)
        return _shown(row)

    @router.delete("/outage-contacts/{contact}", status_code=204, openapi_extra=asks(Act.OUTAGE_CONTACT_WRITE))
    async def delete_contact(who: Annotated[Who, asker], contact: Id, seen: Seen) -> None:
        """Tell somebody no more."""
        await _may_write(store, who, clock.now(), contact)
        async with store.write() as connection:
            _insist_on_seen(await contact_row(connection, contact), seen)
            await remove_contact(connection, contact)

    return router


async def _may_write(store: Store, who: Who, at: datetime, contact: str, *, new: bool = False) -> str:
    """The principal whose contact it is. Raises Refusal; what is another principal's is not there."""
    async with store.write() as connection:
        row = await contact_row(connection, contact)
        owner = who.principal if new else row["principal"] if row else None
        answer = await ask(connection, who, Act.OUTAGE_CONTACT_WRITE, Whom(owner), at=at, subject=contact)
    insist(answer)
    assert owner is not None
    return str(owner)


def _said(row: OutageContactBody | Mapping[str, Any]) -> dict[str, str]:
    return {name: getattr(row, name) if isinstance(row, OutageContactBody) else row[name] for name in SAID}


def _shown(row: Mapping[str, Any]) -> OutageContact:
    said = _said(row)
    return OutageContact(id=row["id"], tag=tag_of(said), **said)


def _insist_on_means(body: OutageContactBody) -> None:
    fault = contact_fault(body.email, body.webhook)
    host = host_of(body.webhook)
    if fault is None and host is not None and not is_outside(host):
        fault = "contact_webhook"
    if fault is not None:
        raise Refusal(fault, 422)


def _insist_on_seen(row: Mapping[str, Any] | None, seen: str) -> None:
    if row is None:
        raise Refusal("changed_meanwhile", 409)
    insist_on(seen, _said(row))
