"""`POST /api/v1/device/webhooks/{vendor}/{integration}`: a vendor's call; 202 after the commit.

Who calls is proven by a signature over the body, or, where the vendor signs nothing, by a secret in the address. What
is unsigned, of another integration or of none gets one and the same answer. A vendor calls again until it hears 2xx, so
what is of no interest, or unreadable beside what could be read, is 202 as well, counted; 503 when nothing could be
stored.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from alarms.core.signal import Intake, Signal
from alarms.locks.remark import Remark, Stands, how_it_stands, store_remark
from alarms.receivers.http.listen import commit, read_json
from alarms.receivers.vendors import tedee
from alarms.receivers.vendors.parse import Caller, Heard, Passed, read_generic
from alarms.receivers.vendors.signature import UNSIGNED, insist_on_key, insist_on_signature
from alarms.receivers.vendors.stored import Kept, integration
from kit.bus import Bus
from kit.clock import Clock
from kit.errors import PeerError, Refusal
from kit.log import get_logger
from kit.metrics import counter
from kit.params import Id
from kit.problem import PROBLEM_RESPONSES
from kit.seal import SealError
from kit.store import Store
from kit.wire.vendors import EventMapping, Vendor, VendorAccepted
from registry.access import Act, Span, Who, Whom, decide
from registry.look import insist
from registry.session_web import asks

log = get_logger(__name__)

events_total = counter("vendor_events_total", "Events in vendors' calls, by what became of them", ["vendor", "outcome"])
refused_total = counter("vendor_calls_refused_total", "Vendors' calls that were refused whole", ["code"])

TITLES = {
    "webhook_unsigned": "The call is not signed as this integration signs, or there is no such integration.",
    "webhook_stale": "The call was signed at another time. Are the clocks right?",
}
BODY = {"required": True, "content": {"application/json": {"schema": {}}}}


class VendorReceiver:
    """Hears vendors' calls. `keys` open the integrations' secrets."""

    def __init__(self, intake: Intake, store: Store, bus: Bus, clock: Clock, keys: Sequence[str]) -> None:
        self._intake = intake
        self._store = store
        self._bus = bus
        self._clock = clock
        self._keys = keys

    def router(self) -> APIRouter:
        """The route, to be mounted at the root."""
        router = APIRouter(prefix="/api/v1", tags=["vendors"], responses=PROBLEM_RESPONSES)

        @router.post(
            "/device/webhooks/{vendor}/{integration_id}",
            status_code=202,
            openapi_extra={**asks(Act.DEVICE_EVENT), "requestBody": BODY},
        )
        async def receive(
            request: Request,
            vendor: Vendor,
            integration_id: Id,
            key: Annotated[str, Query(max_length=200, description="The secret, where the vendor signs nothing.")] = "",
        ) -> VendorAccepted:
            """What a vendor tells of its devices, signed as its integration says."""
            body = await request.body()
            try:
                return await self._receive(vendor, integration_id, key, request, body)
            except Refusal as refusal:
                refused_total.labels(code=refusal.code).inc()
                log.warning("vendor_call_refused", code=refusal.code, integration=integration_id, bytes=len(body))
                raise

        return router

    async def _receive(
        self, vendor: Vendor, integration_id: str, key: str, request: Request, body: bytes
    ) -> VendorAccepted:
        async with self._store.read() as connection:
            kept = await integration(connection, integration_id)
        at = self._clock.now()
        if kept is None or kept.vendor != vendor:
            raise Refusal(UNSIGNED, 401)
        try:
            secret = kept.secret(self._keys)
            if kept.scheme is None:
                insist_on_key(secret, key)
            else:
                insist_on_signature(kept.scheme, secret, request.headers, body, at)
        except PeerError as error:
            raise Refusal(error.code, 401) from error
        except SealError:
            log.exception("vendor_secret_closed", integration=kept.id)
            raise
        # As itself, and for no other principal than its own.
        who = Who(kept.id, kept.name, None, None, kept.principal, None, Span(kept.added_at, None), device=kept.id)
        insist(decide(who, Act.DEVICE_EVENT, Whom(kept.principal, device=kept.id), [], at))
        heard = await self._read(kept, read_json(body))
        return await self._store_all(kept, heard)

    async def _read(self, kept: Kept, said: Any) -> list[Heard]:
        caller, at = Caller(kept.id, kept.principal), self._clock.now()
        try:
            if kept.vendor == "tedee":
                device = tedee.device_in(said)
                stands = await how_it_stands(self._store, tedee.PROTOCOL, device) if device else Stands()
                return tedee.read(said, caller, stands, at)
            return read_generic(said, kept.mapping or EventMapping(), caller, at)
        except PeerError as error:
            raise Refusal(error.code, 422) from error
        except RecursionError as error:  # nested so deeply that it could just be read
            raise Refusal("invalid", 422, body="json_invalid") from error

    async def _store_all(self, kept: Kept, heard: Sequence[Heard]) -> VendorAccepted:
        signals = [one for one in heard if isinstance(one, Signal)]
        remarks = [one for one in heard if isinstance(one, Remark)]
        refused = [one for one in heard if isinstance(one, PeerError)]
        if len(refused) == len(heard):
            raise Refusal(refused[0].code, 422)
        await commit(self._intake, signals)
        for remark in remarks:
            await store_remark(self._store, self._bus, remark, self._clock.now())
        told = {
            "accepted": len(signals) + len(remarks),
            "passed": sum(isinstance(one, Passed) for one in heard),
            "refused": len(refused),
        }
        for outcome, number in told.items():
            events_total.labels(vendor=kept.vendor, outcome=outcome).inc(number)
        return VendorAccepted(**told)
