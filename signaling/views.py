"""Visits as pages see them: read once with the names beside them (`told`), then shown to each who may see (`shown`)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.wire.visit import ParticipantView, VisitDetail, VisitEntry, VisitView
from kit.wire.words import VisitEntryKind, VisitPart
from registry.find import person_names
from registry.tables import resident
from signaling import tables
from signaling.core.deadlines import away_ends_at
from signaling.core.shapes import Participant, Visit, person
from signaling.devices import RingingDevice, devices_of_homes


@dataclass(frozen=True, slots=True)
class Told:
    """A visit and what the registry says beside it. `reached` are the devices whose page is open."""

    visit: Visit
    resident_name: str
    caller_name: str
    devices: tuple[RingingDevice, ...]
    reached: frozenset[str]

    def concerns(self, holder: str) -> bool:
        """Whether this person's or device's page is told of the visit."""
        return (
            holder == person(self.visit.caller)
            or any(one.holder == holder for one in self.devices)
            or self.visit.held_by(holder) is not None
        )


async def told(connection: AsyncConnection, visits: Sequence[Visit]) -> list[Told]:
    """The visits with names and devices, in the order given; four queries however many there are."""
    if not visits:
        return []
    query = select(resident.c.id, resident.c.name).where(resident.c.id.in_({visit.resident for visit in visits}))
    residents = {row[0]: row[1] for row in await connection.execute(query)}
    persons = await person_names(connection, {visit.caller for visit in visits})
    devices = await devices_of_homes(connection, {visit.home for visit in visits})
    sitting = select(tables.meet_seat.c.holder).where(tables.meet_seat.c.holder.in_([one.holder for one in devices]))
    open_pages = frozenset((await connection.execute(sitting)).scalars())
    found = []
    for visit in visits:
        ringing = tuple(one for one in devices if one.rings_for(visit.resident, visit.home))
        found.append(
            Told(
                visit=visit,
                resident_name=residents.get(visit.resident, visit.resident),
                caller_name=persons.get(visit.caller, visit.caller),
                devices=ringing,
                reached=open_pages & {one.holder for one in ringing},
            )
        )
    return found


def shown(one: Told, holder: str) -> VisitView:
    """The visit as this person's or device's page sees it."""
    visit = one.visit
    to_staff = holder == person(visit.caller) or not any(device.holder == holder for device in one.devices)
    me = visit.held_by(holder)
    at_home = visit.of_part(VisitPart.RESIDENT)
    if me is not None and me.part is VisitPart.RESIDENT:
        to_staff = False
    seconds = (
        round((visit.ended_at - visit.connected_at).total_seconds()) if visit.ended_at and visit.connected_at else 0
    )
    return VisitView(
        id=visit.id,
        version=visit.version,
        kind=visit.kind,
        state=visit.state,
        principal=visit.principal,
        resident=visit.resident,
        resident_name=one.resident_name,
        caller=visit.caller,
        caller_name=one.caller_name,
        caller_place=visit.caller_place,
        legal_basis=visit.legal_basis if to_staff else None,
        decision=visit.decision if to_staff else None,
        case=visit.case if to_staff else None,
        device=at_home.id_of_holder if at_home else None,
        devices=len(one.devices),
        reached=len(one.reached),
        planned_at=visit.planned_at,
        rang_at=visit.rang_at,
        seen_at=visit.seen_at,
        answered_at=visit.answered_at,
        connected_at=visit.connected_at,
        ended_at=visit.ended_at,
        outcome=visit.outcome,
        ended_by=visit.ended_by,
        seconds=seconds,
        next_step=visit.next_step,
        next_step_at=visit.next_step_at,
        me=me.id if me else None,
        participants=[_participant(one, each) for each in visit.participants],
    )


def _participant(one: Told, participant: Participant) -> ParticipantView:
    calls = participant.part is VisitPart.CALLER
    return ParticipantView(
        id=participant.id,
        part=participant.part,
        name=one.caller_name if calls else one.resident_name,
        person=participant.id_of_holder if calls else None,
        device=None if calls else participant.id_of_holder,
        joined_at=participant.joined_at,
        publishing=participant.publishes > 0,
        publishes=participant.publishes,
        away=participant.away,
        away_since=participant.away_since,
        away_ends_at=away_ends_at(participant),
        trouble=list(participant.trouble),
    )


async def detailed(connection: AsyncConnection, one: Told, holder: str) -> VisitDetail:
    """The visit with everything that happened to it, oldest first."""
    query = select(tables.entry).where(tables.entry.c.visit == one.visit.id).order_by(tables.entry.c.id)
    lines = (await connection.execute(query)).mappings().all()
    return VisitDetail(
        **shown(one, holder).model_dump(),
        entries=[
            VisitEntry(
                id=line["id"],
                at=line["at"],
                kind=VisitEntryKind(line["kind"]),
                part=VisitPart(line["part"]) if line["part"] else None,
                data=line["data"],
            )
            for line in lines
        ],
    )
