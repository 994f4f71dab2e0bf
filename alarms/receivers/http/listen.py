"""`POST /api/v1/device/events`: one CloudEvent or up to 100; 202 after the commit, 503 when nothing could be stored.

Of an array what can be read is stored, whatever stands beside it: an alarm is not lost to a malformed neighbour. The
answer is then 422 and names the others. A request that was answered so, or 503, or not at all, may be sent again whole:
that changes nothing for those that are stored, since each event's `id` with its `source` is known.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from alarms.core.door import without_secrets
from alarms.core.signal import Intake, Receipt, Signal
from alarms.receivers.http.parse import read_event, signal_of
from kit.clock import Clock
from kit.errors import PeerError, Refusal, StorageDown
from kit.metrics import counter
from kit.problem import MEDIA_TYPE, faults, urn
from kit.store import Store
from kit.wire.event import Accepted, EventsRefused, Problem, RefusedEvent
from registry.access import Act, Who, Whom, decide
from registry.look import insist
from registry.session_web import Sessions, asks

refused_total = counter(
    "http_events_refused_total", "Events from devices, and whole requests, that we do not understand", ["code"]
)

PATH = "/api/v1/device/events"
MOST = 100
LONGEST = 262_144  # bytes of a request
COMMIT_WITHIN = 7.0  # seconds; an outage is known sooner, this is for a database that is slow

TITLES = {
    "type_unknown": "This event type is not known here.",
    "position_invalid": "A position needs latitude and longitude in degrees: numbers from -90 to 90 and -180 to 180.",
    "events_refused": "Some of these events could not be understood. The others are stored.",
    "too_many": "At most 100 events in one request.",
    "not_a_device": "Events are sent with a device's own token.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem if status != 422 else Problem | EventsRefused, "content": {MEDIA_TYPE: {}}}
    for status in (401, 403, 413, 422, 503)
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
    router = APIRouter(tags=["devices"])
    asker = Depends(sessions)

    @router.post(
        PATH,
        status_code=202,
        response_model=Accepted,
        responses=PROBLEMS,
        openapi_extra={**asks(Act.DEVICE_EVENT), "requestBody": BODY},
    )
    async def receive(request: Request, who: Annotated[Who, asker]) -> Accepted | JSONResponse:
        """One event, or an array of up to 100. The same event again gets the same answer.

        Of an array what can be read is stored; 422 `events_refused` then says so and names the others by index.
        """
        insist(decide(who, Act.DEVICE_EVENT, Whom(principal=who.principal, device=who.device), [], clock.now()))
        assert who.device is not None
        signals, errors = _read(await request.body(), who.device, clock)
        accepted = await commit(intake, signals)
        return _some_refused(accepted, errors) if errors else accepted

    return router


async def commit(intake: Intake, signals: Sequence[Signal]) -> Accepted:
    """Have all of them stored. Raises StorageDown, also where it takes too long: then some may have been."""
    try:
        async with asyncio.timeout(COMMIT_WITHIN):
            receipts = await asyncio.gather(*(intake.receive(signal) for signal in signals))
    except TimeoutError as error:
        raise StorageDown("slow") from error
    return Accepted(accepted=len(receipts), cases=_cases(receipts))


def read_json(body: bytes) -> Any:
    """What a body says. Raises Refusal `too_large` and `invalid`."""
    if len(body) > LONGEST:
        raise Refusal("too_large", 413)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("invalid", 422, body="json_invalid") from error


def _read(body: bytes, device: str, clock: Clock) -> tuple[list[Signal], list[RefusedEvent]]:
    """What `understand` says; what is refused is counted."""
    try:
        signals, errors = understand(body, device, clock.now())
    except Refusal as refusal:
        refused_total.labels(code=refusal.code).inc()
        raise
    for error in errors:
        refused_total.labels(code=error.code).inc()
    return signals, errors


def understand(body: bytes, device: str, at: datetime) -> tuple[list[Signal], list[RefusedEvent]]:
    """The events of a request as signals, and those of an array that are none. Raises Refusal when there is neither."""
    said = read_json(body)
    several = said if isinstance(said, list) else [said]
    if len(several) > MOST:
        raise Refusal("too_many", 413)
    if not several:
        raise Refusal("invalid", 422, body="empty")
    signals, errors = [], []
    for index, one in enumerate(several):
        try:
            signals.append(_signal(one, device, at))
        except Refusal as refusal:
            if several is not said:
                raise
            errors.append(RefusedEvent(index=index, code=refusal.code, detail=refusal.detail or None))
    return signals, errors


def _signal(said: object, device: str, at: datetime) -> Signal:
    """An event as a signal. Raises Refusal."""
    try:
        event, unread = read_event(said)
        return signal_of(event, device=device, raw=_raw(said), received_at=at, unread=unread)
    except RecursionError as error:  # nested so deeply that it could just be read
        raise Refusal("invalid", 422, body="json_invalid") from error
    except ValidationError as error:
        raise Refusal("invalid", 422, **faults(error.errors())) from error
    except PeerError as error:
        raise Refusal(error.code, 422) from error


def _some_refused(accepted: Accepted, errors: list[RefusedEvent]) -> JSONResponse:
    code = "events_refused"
    said = EventsRefused(
        type=urn(code),
        title=TITLES[code],
        status=422,
        code=code,
        accepted=accepted.accepted,
        cases=accepted.cases,
        errors=errors,
    )
    return JSONResponse(said.model_dump(exclude_none=True), status_code=422, media_type=MEDIA_TYPE)


def _raw(event: object) -> bytes:
    return json.dumps(without_secrets(event), ensure_ascii=True, separators=(",", ":")).encode()


def _cases(receipts: list[Receipt]) -> list[str]:
    return list(dict.fromkeys(receipt.case for receipt in receipts if receipt.case))
