"""What an operator does with a case, over HTTP: the same commands as over the desk's socket, by the same handler."""

from typing import Annotated

from fastapi import APIRouter, Depends

from alarms.desk.commands import Commands
from alarms.desk.routes import case_or_refusal
from alarms.handling.elsewhere import Elsewhere
from alarms.handling.handover import Handovers
from kit.clock import Clock
from kit.ids import new_id
from kit.params import Id
from kit.problem import PROBLEM_RESPONSES
from kit.wire import desk, handling
from kit.wire.case import CaseView
from kit.wire.handling import Handover112, OtherDesks
from kit.wire.model import CommandId, Wire
from registry.access import Act, Who
from registry.session_web import Sessions, asks

TITLES = {
    "step_unknown": "There is no such step on this case.",
    "contact_unknown": "This case has no such contact that may be called.",
    "no_call": "There is no such call on this case.",
    "call_ended": "The call has its result already.",
    "call_was_answered": "Somebody has answered this call already.",
    "call_not_answered": "Nobody has answered this call yet.",
    "not_on": "That person has no desk open here.",
    "own_desk": "The case is at that desk already.",
    "no_agreement": "That desk does not serve this municipality.",
    "own_case": "That is who has the case already.",
    "offer_open": "The case is offered to somebody else. Take that offer back first.",
    "not_offered": "The case is not offered to you.",
    "already_named": "The case says whom it is about already.",
    "nobody_to_name": "There is nobody to name on this case.",
    "not_at_home": "That person does not live where the alarm came from.",
    "merge_taken": "Somebody else has this person's other case.",
}


class _Command(Wire):
    """What each command may carry: an id that makes it idempotent."""

    command_id: CommandId = None


class TickBody(handling.Tick, _Command):
    """Which step, and whether it is done."""


class CallBody(handling.Call, _Command):
    """To whom, and with a result if the call is over."""


class CallEndedBody(handling.CallEnded, _Command):
    """What came of the call."""


class NameBody(handling.Name, _Command):
    """Who it is."""


class OfferBody(handling.Offer, _Command):
    """To whom."""


class SendOnBody(handling.SendOn, _Command):
    """To which desk."""


class AcceptBody(handling.AcceptOffer, _Command):
    """What was on the screen."""


def handling_router(
    commands: Commands, handovers: Handovers, elsewhere: Elsewhere, clock: Clock, sessions: Sessions
) -> APIRouter:
    """The routes, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["cases"], responses=PROBLEM_RESPONSES)
    asker = Depends(sessions)

    async def carry_out(who: Who, case_id: str, act: desk.Act, body: _Command | None) -> CaseView:
        command_id = (body.command_id if body else None) or new_id("command", clock.now())
        return case_or_refusal(await commands.carry_out(who, command_id, case_id, act))

    @router.post("/cases/{case_id}/tick", openapi_extra=asks(Act.CASE_ACT))
    async def tick(who: Annotated[Who, asker], case_id: Id, body: TickBody) -> CaseView:
        """Tick a step, or take the tick away."""
        return await carry_out(who, case_id, handling.Tick(step=body.step, done=body.done), body)

    @router.post("/cases/{case_id}/call", openapi_extra=asks(Act.CASE_ACT))
    async def call(who: Annotated[Who, asker], case_id: Id, body: CallBody) -> CaseView:
        """Write down that a call is made, to whom, and what came of it if it is over; it is made by telephone."""
        return await carry_out(who, case_id, handling.Call(to=body.to, contact=body.contact, result=body.result), body)

    @router.post("/cases/{case_id}/call-connected", openapi_extra=asks(Act.CASE_ACT))
    async def call_connected(who: Annotated[Who, asker], case_id: Id, body: _Command | None = None) -> CaseView:
        """Somebody has answered the open call."""
        return await carry_out(who, case_id, handling.CallConnected(), body)

    @router.post("/cases/{case_id}/call-ended", openapi_extra=asks(Act.CASE_ACT))
    async def call_ended(who: Annotated[Who, asker], case_id: Id, body: CallEndedBody) -> CaseView:
        """Say what came of the open call, or of the one named."""
        return await carry_out(who, case_id, handling.CallEnded(result=body.result, call=body.call), body)

    @router.post("/cases/{case_id}/name", openapi_extra=asks(Act.CASE_ACT))
    async def name(who: Annotated[Who, asker], case_id: Id, body: NameBody) -> CaseView:
        """Say which of the household it is; the case may end in that person's open one (`merged_into`)."""
        return await carry_out(who, case_id, handling.Name(resident=body.resident), body)

    @router.post("/cases/{case_id}/offer", openapi_extra=asks(Act.CASE_ACT))
    async def offer(who: Annotated[Who, asker], case_id: Id, body: OfferBody) -> CaseView:
        """Offer the case to somebody at the same desk, for a minute."""
        return await carry_out(who, case_id, handling.Offer(to=body.to), body)

    @router.get("/cases/{case_id}/desks", openapi_extra=asks(Act.CASE_READ))
    async def list_desks(who: Annotated[Who, asker], case_id: Id) -> OtherDesks:
        """The other desks that the case may be sent to."""
        return await elsewhere.desks_for(who, case_id)

    @router.post("/cases/{case_id}/send-on", openapi_extra=asks(Act.CASE_ACT))
    async def send_on(who: Annotated[Who, asker], case_id: Id, body: SendOnBody) -> CaseView:
        """Offer the case to another desk that serves its principal; it stays one's own until somebody there accepts."""
        return await carry_out(who, case_id, handling.SendOn(desk=body.desk), body)

    @router.post("/cases/{case_id}/offer/accept", openapi_extra=asks(Act.CASE_ACT))
    async def accept(who: Annotated[Who, asker], case_id: Id, body: AcceptBody | None = None) -> CaseView:
        """Take over the case that is offered to oneself."""
        return await carry_out(who, case_id, handling.AcceptOffer(seen=body.seen if body else None), body)

    @router.post("/cases/{case_id}/offer/end", openapi_extra=asks(Act.CASE_ACT))
    async def end_offer(who: Annotated[Who, asker], case_id: Id, body: _Command | None = None) -> CaseView:
        """Say no to an offer, or take one's own back."""
        return await carry_out(who, case_id, handling.EndOffer(), body)

    @router.post("/cases/{case_id}/handover-112", openapi_extra=asks(Act.HANDOVER_112))
    async def handover_112(who: Annotated[Who, asker], case_id: Id) -> Handover112:
        """What to tell 112, in two languages; on the timeline and in the access log each time."""
        return await handovers.tell(who, case_id)

    return router
