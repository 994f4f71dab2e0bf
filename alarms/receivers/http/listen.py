"""`POST /api/v1/device/events`: one CloudEvent or up to 100; 202 after the commit, 503 when nothing could be stored.

A request that was answered 503, or not at all, may have been stored in part; sending the same events again is right and
changes nothing for those that were, since each event's `id` with its `source` is known.
"""

import asyncio
import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError

from alarms.core.door import without_secrets
from alarms.core.signal import Intake, Receipt, Signal
from alarms.receivers.http.parse import read_events, signal_of
from kit.clock import Clock
from kit.errors import PeerError, Refusal, StorageDown
from kit.metrics import counter
from kit.problem import faults
from kit.store import Store
from kit.wire.event import Accepted, Problem
from registry.access import Act, Who, Whom, decide
from registry.look import insist
from registry.session_web import Sessions, asks

refused_total = counter("http_events_refused_total", "Requests from devices that held no event we understand", ["code"])

MOST = 100
LONGEST = 262_144  # bytes of a request
COMMIT_WITHIN = 7.0  # seconds; an outage is known sooner, this is for a database that is slow

TITLES = {
    "type_unknown": "This event type is not known here.",
    "position_invalid": "A position needs latitude and longitude in degrees: numbers from -90 to 90 and -180 to 180.",
    "too_many": "At most 100 events in one request.",
    "not_a_device": "Events are sent with a device's own token.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}} for status in (401, 403, 413, 422, 503)
}
ONE = {"$ref": "#/components/schemas/DeviceEvent"}
BODY = {
    "required": True,
    "content": {
        "application/cloudevents+json": {"schema": ONE},
        "application/cloudevents-batch+json": {"schema": {"type": "array", "items": ONE, "maxItems": MOST}},
        "application/json": {"schema": {"oneOf": [ONE, {"type": "array", "items": ONE, "maxItems": MOST}]}},
    },
}


def events_router(intake: Intake, store: Store, clock: Clock, sessions: Sessions) -> APIRouter:
    """The route, to be mounted at the root."""
    router = APIRouter(prefix="/api/v1", tags=["devices"])
    asker = Depends(sessions)

    @router.post(
        "/device/events",
        status_code=202,
        responses=PROBLEMS,
        openapi_extra={**asks(Act.DEVICE_EVENT), "requestBody": BODY},
    )
    async def receive(request: Request, who: Annotated[Who, asker]) -> Accepted:
        """One event, or an array of up to 100. The same event again gets the same answer."""
        insist(decide(who, Act.DEVICE_EVENT, Whom(principal=who.principal, device=who.device), [], clock.now()))
        assert who.device is not None
        signals = _signals(await request.body(), who.device, clock)
        try:
            async with asyncio.timeout(COMMIT_WITHIN):
                receipts = await asyncio.gather(*(intake.receive(signal) for signal in signals))
        except TimeoutError as error:
            raise StorageDown("slow") from error
        return Accepted(accepted=len(receipts), cases=_cases(receipts))

    return router


def _signals(body: bytes, device: str, clock: Clock) -> list[Signal]:
    """Every event of the request as a signal; a request with one that cannot be understood is refused whole."""
    try:
        if len(body) > LONGEST:
            raise Refusal("too_large", 413)
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Refusal("invalid", 422, body="json_invalid") from error
        several = said if isinstance(said, list) else [said]
        if len(several) > MOST:
            raise Refusal("too_many", 413)
        if not several:
            raise Refusal("invalid", 422, body="empty")
        try:
            at = clock.now()
            return [
                signal_of(event, device=device, raw=_raw(one), received_at=at, unread=unread)
                for (event, unread), one in zip(read_events(several), several, strict=True)
            ]
        except RecursionError as error:  # nested so deeply that it could just be read
            raise Refusal("invalid", 422, body="json_invalid") from error
        except ValidationError as error:
            raise Refusal("invalid", 422, **faults(error.errors())) from error
        except PeerError as error:
            raise Refusal(error.code, 422) from error
    except Refusal as refusal:
        refused_total.labels(code=refusal.code).inc()
        raise


def _raw(event: object) -> bytes:
    return json.dumps(without_secrets(event), ensure_ascii=True, separators=(",", ":")).encode()


def _cases(receipts: list[Receipt]) -> list[str]:
    return list(dict.fromkeys(receipt.case for receipt in receipts if receipt.case))
