"""The application answer `mrs` (alarm-protocols.md §1, "Answer `mrs`"). Pure.

Rule: `OK` says that a signal is durably stored, and is built from a hub's receipt and nothing else.
"""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from alarms.core.signal import Outcome, Receipt, Signal
from alarms.receivers.scaip.parse import MessageType, ParseError, Request
from kit.wire.words import SignalKind

OK, HOLD, NOT_TREATED, BUSY = 0, 4, 5, 6  # `snu`

_CALL_NUMBER_LIMIT = 256  # characters; the whole answer must fit a datagram of 1,300 bytes
_CALL_THE_NUMBER = 62  # `cre`

_TEXTS = {1: "too long", 2: "invalid format", 3: "wrong content", 4: "hold", 5: "not treated", 6: "busy",
          7: "mandatory element missing"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """One `mrs`. `mre` is the speech to open (0 none, 1 duplex), None to say nothing about speech."""

    ref: str
    snu: int
    mre: int | None = None
    tnu: str = ""

    def write(self) -> bytes:
        """The XML. `tnu` comes with "call the number in it"."""
        elements: list[tuple[str, object]] = [("ref", self.ref), ("snu", self.snu)]
        if self.snu in _TEXTS:
            elements.append(("ste", _TEXTS[self.snu]))
        if self.mre is not None:
            elements.append(("mre", self.mre))
        if self.tnu:
            elements += [("cre", _CALL_THE_NUMBER), ("tnu", self.tnu)]
        inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in elements)
        return f"<mrs>{inside}</mrs>".encode()


def stored(request: Request, signal: Signal, receipt: Receipt, call_number: str) -> Answer:
    """What to say once the hub has the signal. `call_number` is a URI, or '' where no speech is to be opened.

    An account that is nobody's device is told "not treated", so that the device tries its next receiver.
    """
    if receipt.outcome is Outcome.UNKNOWN_ACCOUNT or not receipt.known:
        return Answer(request.ref, NOT_TREATED)
    if request.mty is not MessageType.MESSAGE:
        return Answer(request.ref, OK)
    silent = request.mreq == 4 or any(caller.startswith("no-voice:") for caller in request.crd)
    # An alarm on no case is the test of a device that is being installed: nobody is to be called.
    if signal.kind is SignalKind.ALARM and receipt.case is not None and call_number and not silent:
        return Answer(request.ref, OK, mre=1, tnu=call_number[:_CALL_NUMBER_LIMIT])
    return Answer(request.ref, OK, mre=0)


def refused(error: ParseError) -> Answer | None:
    """What to say to a request that cannot be used, or None where it names no reference to say it about."""
    return Answer(error.ref, error.snu) if error.ref else None
