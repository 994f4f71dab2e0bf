"""What is shown once `registry.look.ask` has said yes: the resident's card and the door code."""

from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.resident import (
    ContactView,
    DoorCode,
    HouseholdMember,
    ResidentCard,
)
from registry.find import age_at
from registry.inventory.page import devices_of
from registry.tables import contact, home, principal, resident, unit


async def resident_card(
    connection: AsyncConnection, resident_id: str, *, at: datetime, show_address: bool
) -> ResidentCard | None:
    """The card as it stands, none when there is no such resident.

    Without `show_address` nothing on it says where: no address, town, floor or door. The door code is never on it.
    """
    row = await _resident_row(connection, resident_id)
    if row is None:
        return None
    plain = ("name", "pronounced", "born", "phone", "language", "hearing", "sight", "speech", "pets", "instructions")
    return ResidentCard(
        **{name: row[name] for name in plain},
        id=resident_id,
        age=age_at(row["born"], at.date()),
        principal=row["principal"],
        principal_name=row["principal_name"],
        unit=row["unit"],
        unit_name=row["unit_name"],
        protected=row["protected"],
        address=row["address"] if show_address else None,
        town=row["town"] if show_address else None,
        floor=row["floor"] if show_address else "",
        door=row["door"] if show_address else "",
        has_door_code=row["door_code"] != "",
        do_not_enter_alone=row["do_not_enter_alone"],
        household=await household(connection, row["home"], at, but=resident_id),
        contacts=await _contacts(connection, resident_id),
        devices=await devices_of(connection, resident_id, row["home"]),
    )


async def is_protected(connection: AsyncConnection, resident_id: str) -> bool:
    """Whether the resident, or anybody in the same home, has a protected identity: what hides one hides the other."""
    shared = select(resident.c.home).where(resident.c.id == resident_id).scalar_subquery()
    query = select(resident.c.id).where(resident.c.home == shared, resident.c.protected).limit(1)
    return await connection.scalar(query) is not None


async def hides_place(connection: AsyncConnection, resident_id: str | None, home_id: str | None) -> bool:
    """Whether anybody with a protected identity is this resident, or lives with them, or lives in this home."""
    if resident_id is not None and await is_protected(connection, resident_id):
        return True
    query = select(resident.c.id).where(resident.c.home == home_id, resident.c.protected).limit(1)
    return home_id is not None and await connection.scalar(query) is not None


async def door_code(connection: AsyncConnection, resident_id: str) -> DoorCode | None:
    """The code at the resident's door, none when there is no such resident."""
    query = select(home.c.door_code).join(resident, resident.c.home == home.c.id).where(resident.c.id == resident_id)
    code = await connection.scalar(query)
    return None if code is None else DoorCode(resident=resident_id, door_code=code)


async def _resident_row(connection: AsyncConnection, resident_id: str) -> RowMapping | None:
    query = (
        select(
            resident,
            home.c.address,
            home.c.town,
            home.c.floor,
            home.c.door,
            home.c.door_code,
            unit.c.name.label("unit_name"),
            principal.c.name.label("principal_name"),
        )
        .join(home, home.c.id == resident.c.home)
        .join(unit, unit.c.id == resident.c.unit)
        .join(principal, principal.c.id == resident.c.principal)
        .where(resident.c.id == resident_id)
    )
    return (await connection.execute(query)).mappings().first()


async def household(
    connection: AsyncConnection, home_id: str, at: datetime, *, but: str | None = None
) -> list[HouseholdMember]:
    """Who lives in a home, by id; `but` one of them."""
    query = select(resident.c.id, resident.c.name, resident.c.born).where(resident.c.home == home_id)
    rows = await connection.execute(query.where(resident.c.id != (but or "")).order_by(resident.c.id))
    return [HouseholdMember(id=row.id, name=row.name, age=age_at(row.born, at.date())) for row in rows]


async def _contacts(connection: AsyncConnection, resident_id: str) -> list[ContactView]:
    query = select(contact).where(contact.c.resident == resident_id, contact.c.consent)
    rows = (await connection.execute(query.order_by(contact.c.order, contact.c.id))).mappings()
    return [ContactView(**{name: row[name] for name in ContactView.model_fields}) for row in rows]
