"""Carrying out what an operator does with a case: the act as an event on the case, and its own rows written beside it.

The case is locked and access decided before (`desk.commands`). A refusal changes nothing.
"""

from datetime import datetime
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms import tables
from alarms.core import call as calls_core
from alarms.core.at_desk import Accepted, CallStarted, CallWentOn, Offered, OfferEnded, SentOn, Ticked
from alarms.core.call import Call
from alarms.core.case import decide
from alarms.core.shapes import Case, Event, Refused
from alarms.desk.seats import GONE_AFTER, place_of
from alarms.desk.writing import write_decision
from alarms.handling.calls import find_call, open_call, write_call
from alarms.handling.steps import find_step, write_tick
from kit.ids import new_id
from kit.wire import desk, handling
from kit.wire.handling import CallState, CallTo
from registry.access import Who
from registry.contacts import find_contact
from registry.find import serving

Done = tuple[str | None, bool]
"""The refusal's code or none, and whether anything changed."""


async def carry(connection: AsyncConnection, who: Who, case: Case, act: desk.Handling, at: datetime) -> Done:
    """Do it, or say why not."""
    match act:
        case handling.Tick():
            return await _tick(connection, who, case, act, at)
        case handling.Call():
            return await _call(connection, who, case, act, at)
        case handling.CallConnected():
            return await _call_on(connection, who, case, None, calls_core.Answered(), at)
        case handling.CallEnded():
            return await _call_on(connection, who, case, act.call, calls_core.Ended(act.result), at)
        case handling.Offer() | handling.SendOn():
            return await _offer(connection, who, case, act, at)
        case handling.AcceptOffer():
            return await _decide(connection, case, Accepted(who.person, act.seen, place_of(who)), at)
        case handling.EndOffer():
            return await _decide(connection, case, OfferEnded(who.person, place_of(who)), at)
        case handling.Name():
            raise AssertionError("naming locks two cases: see naming.name")
        case _:
            assert_never(act)


async def _decide(connection: AsyncConnection, case: Case, event: Event, at: datetime) -> Done:
    decision = decide(case, event, at)
    if isinstance(decision, Refused):
        return decision.code, False
    if decision.changed:
        await write_decision(connection, case, decision, at)
    return None, decision.changed


async def _offer(
    connection: AsyncConnection, who: Who, case: Case, act: handling.Offer | handling.SendOn, at: datetime
) -> Done:
    """To somebody who sits here, or to all at another desk that serves the principal."""
    if isinstance(act, handling.Offer):
        if case.offered_to != act.to and not await _sits_beside(connection, who, act.to, at):
            return "not_on", False
        return await _decide(connection, case, Offered(who.person, act.to), at)
    if act.desk == place_of(who):
        return "own_desk", False
    if act.desk not in await serving(connection, case.principal, at):
        return "no_agreement", False
    return await _decide(connection, case, SentOn(who.person, act.desk), at)


async def _tick(connection: AsyncConnection, who: Who, case: Case, act: handling.Tick, at: datetime) -> Done:
    row = await find_step(connection, case.id, act.step)
    if row is None:
        return ("step_unknown" if case.handler == who.person else _not_mine(case)), False
    event = Ticked(who.person, row["id"], act.done, row["code"], row["text"])
    decision = decide(case, event, at)
    if isinstance(decision, Refused):
        return decision.code, False
    if act.done == (row["ticked_at"] is not None):
        return None, False
    await write_tick(connection, event, at)
    await write_decision(connection, case, decision, at)
    return None, True


def _not_mine(case: Case) -> str:
    """What who asks for something of a case that another has is told, before anything else."""
    if case.closed_at is not None:
        return "closed"
    return "not_yours" if case.handler else "not_taken"


async def _call(connection: AsyncConnection, who: Who, case: Case, act: handling.Call, at: datetime) -> Done:
    if case.handler != who.person:
        return _not_mine(case), False
    if await open_call(connection, case.id, who.person) is not None:
        return "call_open", False
    if (act.to is CallTo.CONTACT) != (act.contact is not None) or not await _may_call(connection, case, act.contact):
        return "contact_unknown", False
    made = Call(
        id=new_id("call", at),
        case=case.id,
        operator=who.person,
        to=act.to,
        contact=act.contact,
        state=CallState.STARTED,
        result=None,
        started_at=at,
        connected_at=None,
        ended_at=None,
    )
    over = made if act.result is None else calls_core.decide(made, calls_core.Ended(act.result), at)
    if isinstance(over, Refused):
        return over.code, False
    started = decide(case, CallStarted(who.person, made.id, made.to, made.contact), at)
    if isinstance(started, Refused):
        return started.code, False
    await write_call(connection, over, new=True)
    await write_decision(connection, case, started, at)
    if over is made:
        return None, True
    return await _decide(connection, started.case, _went_on(who, over), at)


async def _call_on(
    connection: AsyncConnection, who: Who, case: Case, call_id: str | None, event: calls_core.Event, at: datetime
) -> Done:
    if case.handler != who.person:
        return _not_mine(case), False
    if call_id is None:
        found = await open_call(connection, case.id, who.person)
    else:
        found = await find_call(connection, case.id, call_id)
    if found is None:
        return "no_call", False
    after = calls_core.decide(found, event, at)
    if isinstance(after, Refused):
        return after.code, False
    await write_call(connection, after, new=False)
    return await _decide(connection, case, _went_on(who, after), at)


def _went_on(who: Who, call: Call) -> CallWentOn:
    return CallWentOn(who.person, call.id, call.to, call.contact, call.result)


async def _may_call(connection: AsyncConnection, case: Case, contact_id: str | None) -> bool:
    """A contact is called only with consent, and only for whom it is a contact of."""
    if contact_id is None:
        return True
    found = await find_contact(connection, contact_id)
    if found is None or not found.consent:
        return False
    return found.resident == case.resident if case.resident else found.home == case.home


async def _sits_beside(connection: AsyncConnection, who: Who, person: str, at: datetime) -> bool:
    """Whether that person has a desk open at the same place, so that the offer is seen."""
    seat = tables.desk_seat
    alive = (seat.c.person == person) & (seat.c.place == place_of(who)) & (seat.c.seen_at > at - GONE_AFTER)
    return await connection.scalar(select(seat.c.id).where(alive).limit(1)) is not None
