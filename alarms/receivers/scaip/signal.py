"""From a SCAIP request to the hub's `Signal`. Pure."""

import hashlib
from datetime import datetime, timedelta

from alarms.core.signal import Signal
from alarms.receivers.scaip.classify import classify
from alarms.receivers.scaip.parse import Request
from kit.wire.words import SignalKind

# `lge/tim` is the time of the position. It is taken for the time of the press only when it is about as fresh as one:
# an old position must never make a fresh press look old.
_AS_FRESH_AS_A_PRESS = timedelta(minutes=10)
_CLOCK_AHEAD = timedelta(minutes=1)


def to_signal(request: Request, body: bytes, received_at: datetime) -> Signal:
    """The signal of a request; `body` is what it was read from. The same ref with another body is another signal."""
    meaning = classify(request)
    digest = hashlib.sha256(body).hexdigest()[:32]
    return Signal(
        protocol="scaip",
        account=request.cid,
        device=None,
        key=f"scaip:{request.cid}:{request.ref}:{digest}",
        kind=meaning.kind,
        reason=meaning.reason,
        priority=meaning.priority,
        type=f"{request.mty}/{'?' if request.dty is None else request.dty}/{request.stc}",
        reference=request.ref,
        received_at=received_at,
        occurred_at=_occurred(request, received_at),
        raw=body,
        defects=request.defects,
        details={} if meaning.kind is SignalKind.HEARTBEAT else _details(request),
    )


def _occurred(request: Request, received_at: datetime) -> datetime | None:
    at = request.lge.at if request.lge else None
    if at is None or not -_CLOCK_AHEAD <= received_at - at <= _AS_FRESH_AS_A_PRESS:
        return None
    return at


def _details(request: Request) -> dict[str, str]:
    """What the desk can show besides, by names that are not SCAIP's; what the device left out is left out."""
    fix = request.lge
    said: dict[str, object | None] = {
        "device_type": request.dty,
        "device_id": request.did,
        "device_component": request.dco,
        "device_text": request.dte,
        "status": request.stc,
        "status_text": request.stt,
        "place": request.lco or None,
        "place_value": request.lva,
        "place_text": request.lte,
        "latitude": fix.latitude if fix else None,
        "longitude": fix.longitude if fix else None,
        "position_at": fix.at.isoformat() if fix and fix.at else None,
        "position_dilution": fix.dilution if fix else None,
        "position_satellites": fix.satellites if fix else None,
        "info": request.ico,
        "info_text": request.ite,
        "callers": " ".join(request.crd),
        "call_back": "1" if request.cha == 1 else None,
        "grouped_housing": request.sco or None,
        "urgency": request.pri or None,
    }
    return {name: str(value) for name, value in said.items() if value not in {None, ""}}
