"""The application answer `mrs` (alarm-protocols.md §1, "Answer `mrs`"). Pure.

Rule: `OK` says that a signal is durably stored, and is built from a hub's receipt and nothing else.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from alarms.core.signal import Outcome, Receipt, Signal
from alarms.receivers.scaip.models import CALL_THE_NUMBER, DEFAULT, Model
from alarms.receivers.scaip.parse import MessageType, ParseError, Request
from alarms.receivers.scaip.policy import PLAIN, Policy
from kit.wire.words import SignalKind

OK, HOLD, NOT_TREATED, BUSY = 0, 4, 5, 6  # `snu`

_CALL_NUMBER_LIMIT = 256  # characters; the whole answer must fit a datagram of 1,300 bytes

_TEXTS = {1: "too long", 2: "invalid format", 3: "wrong content", 4: "hold", 5: "not treated", 6: "busy",
          7: "mandatory element missing"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One `mrs`. What is None or '' is not said; `model` says what a device takes besides."""

    ref: str
    snu: int
    mre: int | None = None
    cre: int | None = None
    tnu: str = ""
    hbi: int | None = None
    model: Model = DEFAULT

    def write(self) -> bytes:
        """The XML."""
        elements: list[tuple[str, object]] = [("ref", self.ref), ("snu", self.snu)]
        if self.model.version:
            elements.append(("cve", self.model.version))
        if self.snu in _TEXTS and not self.model.no_text:
            elements.append(("ste", _TEXTS[self.snu]))
        for name, value in (("mre", self.mre), ("cre", self.cre), ("tnu", self.tnu or None), ("hbi", self.hbi)):
            if value is not None:
                elements.append((name, value))
        inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in elements)
        return f"<mrs>{inside}</mrs>".encode()


def stored(request: Request, signal: Signal, receipt: Receipt, call_number: str, policy: Policy = PLAIN) -> Answer:
    """What to say once the hub has the signal. `call_number` is a URI, or '' where no speech is to be opened.

    An account that is nobody's device is told "not treated", so that the device tries its next receiver.
    """
    model = policy.model
    if receipt.outcome is Outcome.UNKNOWN_ACCOUNT or not receipt.known:
        return Answer(request.ref, NOT_TREATED, model=model)
    if request.mty is MessageType.HEARTBEAT:
        return Answer(request.ref, OK, hbi=_interval(request, policy), model=model)
    if request.mty is not MessageType.MESSAGE:
        return Answer(request.ref, OK, model=model)
    silent = request.mreq == 4 or any(caller.startswith("no-voice:") for caller in request.crd)
    number = (model.tnu or call_number)[:_CALL_NUMBER_LIMIT]
    # An alarm on no case is the test of a device that is being installed: nobody is to be called.
    if signal.kind is not SignalKind.ALARM or receipt.case is None or silent or not number or not model.mre:
        return Answer(request.ref, OK, mre=0, model=model)
    tnu = number if model.cre == CALL_THE_NUMBER else ""
    return Answer(request.ref, OK, mre=model.mre, cre=model.cre, tnu=tnu, model=model)


def _interval(request: Request, policy: Policy) -> int | None:
    """How often a device is to be heard, for one that asks (`hbo` 1) and whose model says how it counts."""
    if request.hbo != 1 or not policy.model.hbi or not policy.heartbeat_s:
        return None
    return max(1, policy.heartbeat_s // policy.model.hbi)


def refused(error: ParseError) -> Answer | None:
    """What to say to a request that cannot be used, or None where it names no reference to say it about."""
    return Answer(error.ref, error.snu) if error.ref else None
