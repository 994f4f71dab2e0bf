"""Sessions: a token says who; what that is worth is read from the registry each time.

A person's token names one assignment (person, role, unit), a device's token its serial. When the assignment has ended,
the agreement has run out, the device is not in use or its serial has grown, the token is worth nothing, although its
signature still holds.

A client's token names its serial in the same way, and has an end of its own: another system is looked after by people.

No token has a start: clocks differ between processes and are set back, and a button must work all the same. A device's
has no end either that anybody lives to see: a button that dies by the calendar dies unannounced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Refusal
from kit.store import among
from kit.tokens import Claims, Signer
from kit.wire.words import Role
from registry import synthetic
from registry.access import Agreement, Scope, Span, Who
from registry.inventory.rules import SPEAKING
from registry.tables import agreement, assignment, client, device, home, person, unit

PERSON = "person"
DEVICE = "device"
CLIENT = "client"
PERSON_LIFETIME = timedelta(hours=12)
DEVICE_LIFETIME = timedelta(days=50 * 365)  # a JWT wants an end
_FROM_EVER = datetime.min.replace(tzinfo=UTC)

# A device that is being installed sends tests with its token; one that is returned or lost is heard no more.
SPEAKING_STATES = (*sorted(state.value for state in SPEAKING), synthetic.STATE)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role that a person holds now."""

    id: str
    person: str
    role: Role
    unit: str | None
    principal: str | None
    central: str | None


def issue_person_token(
    signer: Signer, person: str, assignment: str, at: datetime, lifetime: timedelta = PERSON_LIFETIME
) -> str:
    """A session for that person in that assignment (ids), valid from `at`."""
    return signer.issue(PERSON, person, at, lifetime, assignment=assignment)


def issue_device_token(signer: Signer, device: str, serial: int, at: datetime) -> str:
    """A token by which a device sends events and opens its resident's page, until the device's `token_serial` grows."""
    return signer.issue(DEVICE, device, at, DEVICE_LIFETIME, serial=serial)


async def device_token(connection: AsyncConnection, signer: Signer, device_id: str, at: datetime) -> str | None:
    """A fresh token for a device in use, none when there is no such device."""
    serial = await connection.scalar(
        select(device.c.token_serial).where(device.c.id == device_id, device.c.state.in_(SPEAKING_STATES))
    )
    return None if serial is None else issue_device_token(signer, device_id, serial, at)


def issue_client_token(signer: Signer, client_id: str, serial: int, at: datetime, lifetime: timedelta) -> str:
    """A token by which another system asks for itself, until it ends or the client's `serial` grows."""
    return signer.issue(CLIENT, client_id, at, lifetime, serial=serial)


async def choose_assignment(
    connection: AsyncConnection, person_id: str, at: datetime, wanted: str | None = None
) -> Assignment:
    """The role somebody logs in with: the one named, or the only one there is.

    Raises Refusal `no_assignment` (403) when none is in force, `several_assignments` when one must be named; its
    detail then holds the ids.
    """
    query = select(assignment).where(assignment.c.person == person_id, _in_force(at)).order_by(assignment.c.id)
    if wanted is not None:
        query = query.where(assignment.c.id == wanted)
    rows = (await connection.execute(query)).mappings().all()
    if not rows:
        raise Refusal("no_assignment", 403)
    if len(rows) > 1:
        raise Refusal("several_assignments", assignments=" ".join(row["id"] for row in rows))
    row = rows[0]
    return Assignment(row["id"], row["person"], Role(row["role"]), row["unit"], row["principal"], row["central"])


def read_token(signer: Signer, token: str, at: datetime) -> Claims | None:
    """What a session's, device's or client's token says, none when forged or expired; what it is worth is not asked."""
    return signer.read(token, at, PERSON, DEVICE, CLIENT)


async def who_holds(connection: AsyncConnection, claims: Claims, at: datetime) -> Who | None:
    """Whom the registry has at that moment for what a token says."""
    if claims.kind == PERSON:
        return await _person(connection, claims, at)
    if claims.kind == CLIENT:
        return await _client(connection, claims)
    return (await which_devices(connection, [claims]))[0]


async def _person(connection: AsyncConnection, claims: Claims, at: datetime) -> Who | None:
    wanted = claims.extra.get("assignment")
    if not isinstance(wanted, str):
        return None
    query = _person_query().where(assignment.c.id == wanted, assignment.c.person == claims.subject, _in_force(at))
    rows = (await connection.execute(query)).mappings().all()
    if not rows:
        return None
    first = rows[0]
    ends_at = claims.expires_at if first["ends_at"] is None else min(first["ends_at"], claims.expires_at)
    return Who(
        person=claims.subject,
        name=first["name"],
        role=Role(first["role"]),
        unit=first["unit"],
        principal=first["principal"] or first["unit_principal"],
        central=first["central"],
        span=Span(first["starts_at"], ends_at),
        agreements=tuple(_agreement(row) for row in rows if row["served"] is not None),
    )


def _person_query() -> Select[tuple[object, ...]]:
    return (
        select(
            person.c.name,
            assignment.c.role,
            assignment.c.unit,
            assignment.c.principal,
            assignment.c.central,
            assignment.c.starts_at,
            assignment.c.ends_at,
            unit.c.principal.label("unit_principal"),
            agreement.c.principal.label("served"),
            agreement.c.starts_at.label("served_from"),
            agreement.c.ends_at.label("served_until"),
        )
        .join(person, person.c.id == assignment.c.person)
        .outerjoin(unit, unit.c.id == assignment.c.unit)
        .outerjoin(agreement, agreement.c.central == assignment.c.central)
        .order_by(agreement.c.id)
    )


def _agreement(row: RowMapping) -> Agreement:
    return Agreement(row["served"], Span(row["served_from"], row["served_until"]))


async def which_devices(connection: AsyncConnection, several: Sequence[Claims]) -> list[Who | None]:
    """The devices that these tokens are of, none for one whose token has been replaced or that is not in use."""
    query = (
        select(device.c.id, device.c.token_serial, device.c.state, device.c.principal, home.c.unit)
        .join(home, home.c.id == device.c.home)
        .where(among(connection, device.c.id, {claims.subject for claims in several}))
    )
    found = {}
    for device_id, serial, state, principal_id, unit_id in await connection.execute(query):
        if state in SPEAKING_STATES:
            found[device_id, serial] = (principal_id, unit_id)
    return [_device(claims, found.get((claims.subject, _serial(claims)))) for claims in several]


def _serial(claims: Claims) -> int | None:
    serial = claims.extra.get("serial")
    return serial if type(serial) is int else None  # JSON's true is no serial


def _device(claims: Claims, found: tuple[str, str] | None) -> Who | None:
    if found is None:
        return None
    principal_id, unit_id = found
    return Who(
        person=claims.subject,
        name=claims.subject,
        role=None,
        unit=unit_id,
        principal=principal_id,
        central=None,
        span=Span(_FROM_EVER, claims.expires_at),
        device=claims.subject,
    )


async def _client(connection: AsyncConnection, claims: Claims) -> Who | None:
    serial = claims.extra.get("serial")
    if not isinstance(serial, int):
        return None
    query = select(client).where(client.c.id == claims.subject, client.c.serial == serial)
    row = (await connection.execute(query)).mappings().first()
    if row is None:
        return None
    ends_at = claims.expires_at if row["ends_at"] is None else min(row["ends_at"], claims.expires_at)
    return Who(
        person=row["id"],
        name=row["id"],
        role=None,
        unit=None,
        principal=row["principal"],
        central=None,
        span=Span(_FROM_EVER, ends_at),
        client=row["id"],
        scopes=frozenset(scope for scope in Scope if scope in row["scopes"].split()),
    )


def _in_force(at: datetime) -> ColumnElement[bool]:
    return and_(assignment.c.starts_at <= at, or_(assignment.c.ends_at.is_(None), assignment.c.ends_at > at))
