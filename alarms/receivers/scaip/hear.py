"""A device's MESSAGE, from its body to the answer: parse, ask who it is, have it stored, tell.

Rules: the SIP 200 ends the SIP transaction and promises nothing; `snu 0` is told only after the commit; what cannot be
stored is held for ten seconds and then sent to the next receiver; under overload things wait, never people.
"""

from typing import Protocol

from alarms.core.signal import Intake, Receipt, Signal
from alarms.receivers.load import Load
from alarms.receivers.scaip import answer, sip
from alarms.receivers.scaip.answer import Answer
from alarms.receivers.scaip.door import Door
from alarms.receivers.scaip.flow import Way
from alarms.receivers.scaip.parse import ParseError, Request, parse
from alarms.receivers.scaip.patience import Late, Patience
from alarms.receivers.scaip.signal import to_signal
from alarms.receivers.scaip.tell import Teller
from alarms.receivers.scaip.transaction import ClientState
from alarms.receivers.timers import Timers
from kit.clock import Clock
from kit.errors import StorageDown
from kit.metrics import counter, gauge, histogram
from kit.tasks import Tasks
from kit.wire.words import SignalKind

ANSWER_SIP_WITHIN = 0.3  # seconds: under T1, so that a device does not send again
STORED_WITHIN = 2.0  # seconds until the device is asked to hold

requests = counter("scaip_requests_total", "SCAIP requests, by what was done with them", ["outcome"])
in_hand = gauge("scaip_requests_in_hand", "SCAIP requests on their way to storage")
stored_in = histogram(
    "scaip_stored_seconds",
    "From a SCAIP request's arrival to its commit",
    [0.005, 0.01, 0.02, 0.05, 0.1, 0.3, 1, 2, 5],
    ["kind"],
)

PEOPLE = {SignalKind.ALARM, SignalKind.CANCEL, SignalKind.RESET}


class Respond(Protocol):
    """Answers a request in SIP; only the first call counts."""

    def __call__(self, status: int, more: sip.Headers = ()) -> None:
        """Send that status, with these headers besides."""
        ...


class Hearing:
    """Requests on their way to the hub. Where `Load` finds them too many, technical ones hear "busy"."""

    def __init__(
        self,
        intake: Intake,
        clock: Clock,
        tasks: Tasks,
        timers: Timers,
        teller: Teller,
        door: Door,
        *,
        call_number: str,
        busy_at: int,
        beats_at: int,
        full_at: int,
    ) -> None:
        self._intake = intake
        self._clock = clock
        self._tasks = tasks
        self._timers = timers
        self._teller = teller
        self._door = door
        self._call_number = call_number
        self._load = Load(in_hand, busy_at=busy_at, beats_at=beats_at, full_at=full_at)
        self._patience = Patience()
        self._late = Late()
        self._closed = False

    def close(self) -> None:
        """Say nothing more to the hub: a device that was not told asks the next process."""
        self._closed = True

    def hear(self, request: sip.Request, way: Way, respond: Respond) -> None:
        """Take one MESSAGE."""
        try:
            parsed = parse(request.body)
        except ParseError as error:
            self._refuse(error, request, way, respond)
            return
        signal = to_signal(parsed, request.body, self._clock.now())
        if not self._door.ready:
            respond(200)
            self._put_off(signal, self._clock.monotonic(), request, way)
            return
        if refused := self._door.refuses(signal.account, request, way, person=signal.kind in PEOPLE):
            requests.labels(outcome="refused").inc()
            respond(refused.status, refused.headers)
            return
        if late := self._late.take(signal.key, self._clock.monotonic()):
            requests.labels(outcome="late").inc()
            respond(200)
            self._tell_stored(parsed, signal, late, request, way)
            return
        if self._load.full:
            # Nothing more fits in memory. 503 at once sends the device to its next receiver; silence would cost 20 s.
            requests.labels(outcome="full").inc()
            respond(503)
            return
        if self._load.busy_for(signal.kind):
            requests.labels(outcome="busy").inc()
            respond(200)
            self._tell(Answer(parsed.ref, answer.BUSY), request, way, signal, None)
            return
        self._count(signal, 1)
        if signal.kind is SignalKind.HEARTBEAT:
            respond(200)  # it promises nothing, and the heartbeat's write is further off than a device waits for SIP
        self._tasks.start("scaip_signal", self._store(parsed, signal, request, way, respond))

    def _count(self, signal: Signal, more: int) -> None:
        self._load.count(more)
        if signal.kind is SignalKind.HEARTBEAT:
            self._load.count_beats(more)

    async def _store(self, parsed: Request, signal: Signal, request: sip.Request, way: Way, respond: Respond) -> None:
        arrived = self._clock.monotonic()
        waiting = True

        def put_off() -> None:
            nonlocal waiting
            if waiting:
                waiting = False
                self._put_off(signal, arrived, request, way)

        timers = [self._timers.after(STORED_WITHIN, put_off)]
        if signal.kind is not SignalKind.HEARTBEAT:
            timers.append(self._timers.after(ANSWER_SIP_WITHIN, lambda: respond(200)))
        try:
            receipt = await self._intake.receive(signal)
        except StorageDown:
            respond(200)
            put_off()
            return
        except Exception:
            respond(200)
            put_off()
            raise
        finally:
            self._count(signal, -1)
            for timer in timers:
                timer.cancel()
        stored_in.labels(kind=signal.kind).observe(self._clock.monotonic() - arrived)
        respond(200)
        if receipt.known:
            way.flow.welcome(way.target)
        requests.labels(outcome=receipt.outcome).inc()
        if waiting:
            self._tell_stored(parsed, signal, receipt, request, way)
        else:
            # The device has been put off and asks again, or its next receiver; what it asked is stored.
            self._late.keep(signal.key, receipt, self._clock.monotonic())

    def _tell_stored(self, parsed: Request, signal: Signal, receipt: Receipt, request: sip.Request, way: Way) -> None:
        self._patience.stored(signal.account, signal.reference)
        said = answer.stored(parsed, signal, receipt, self._call_number, self._door.policy(signal.account))
        self._tell(said, request, way, signal, receipt)

    def _put_off(self, signal: Signal, arrived: float, request: sip.Request, way: Way) -> None:
        snu = self._patience.verdict(signal.account, signal.reference, arrived, self._clock.monotonic())
        requests.labels(outcome="held" if snu == answer.HOLD else "not_treated").inc()
        self._tell(Answer(signal.reference, snu), request, way, signal, None)

    def _refuse(self, error: ParseError, request: sip.Request, way: Way, respond: Respond) -> None:
        requests.labels(outcome=error.code).inc()
        said = answer.refused(error)
        if said is None:
            respond(400)
            return
        respond(200)
        if self._teller.full:
            self._teller.once(request, way, said.write())
            return
        self._teller.tell(request, way, (way.target[0], "", said.ref), said.write(), lambda state: None)

    def _tell(self, said: Answer, request: sip.Request, way: Way, signal: Signal, receipt: Receipt | None) -> None:
        if self._teller.full and signal.kind not in PEOPLE:
            self._teller.once(request, way, said.write())
            return

        def ended(state: ClientState) -> None:
            missed = state is not ClientState.ANSWERED and signal.kind is SignalKind.ALARM
            if missed and receipt is not None and not self._closed:
                self._tasks.start("scaip_not_told", self._intake.not_told(receipt))

        name = (way.target[0], signal.account, signal.reference)
        self._teller.tell(request, way, name, said.write(), ended)
