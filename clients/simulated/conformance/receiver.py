"""A receiver for a device under test: hears it over UDP and TCP, holds each request against its form, stores nothing.

async with Receiver(endpoints("udp:127.0.0.1:5062"), clock) as playing:
    await playing.listen(60, stop, until_done=True)
report = playing.report()
"""

import asyncio
import re
import secrets
from collections.abc import Sequence
from typing import Self

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance.body import Body
from clients.simulated.conformance.conduct import Conduct, Sent
from clients.simulated.conformance.form import RULES, Come, answerable, is_scaip
from clients.simulated.conformance.message import Message, answered, read
from clients.simulated.conformance.report import Finding, Report, Tally, Verdict
from clients.simulated.conformance.ways import Datagrams, Stream, Way
from clients.simulated.scaip import STORED, T1, T2, Address, Envelope, written_host
from kit.clock import Clock
from kit.tasks import Tasks

CONFIRMED_WITHIN = 64 * T1  # seconds, RFC 3261 §17.1.2.2 timer F
LOOK_EVERY = 0.1  # seconds
KEPT = 1000  # requests, presses and faults: an endless device must not fill the memory

_ENDPOINT = re.compile(r"(udp|tcp):(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):([0-9]{1,5})")
_HOST = re.compile(r"MESSAGE sips?:(?:[^@\s]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]{1,100})")
_USER = re.compile(r"[A-Za-z0-9.\-_+]{1,64}")

Endpoint = tuple[str, str, int]


def endpoints(spec: str) -> list[Endpoint]:
    """`udp:HOST:PORT tcp:HOST:PORT`. Raises ValueError with a sentence."""
    found = [(word, _ENDPOINT.fullmatch(word)) for word in spec.split()]
    for word, match in found:
        if match is None or int(match[3]) > 65535:
            raise ValueError(f"{word} is no address to listen on; write udp:HOST:PORT or tcp:HOST:PORT")
    if not found:
        raise ValueError("Name an address to listen on, as udp:HOST:PORT or tcp:HOST:PORT")
    return [(match[1], match[2].strip("[]"), int(match[3])) for _, match in found if match]


class Receiver:
    """One run. `account` is the only one that is known, '' for all; `drop` how often the first alarm meets silence.

    Without `tries` it stores each alarm at once, as an alarm centre on a good day.
    """

    def __init__(
        self, where: Sequence[Endpoint], clock: Clock, *, account: str = "", drop: int = 1, tries: bool = True
    ) -> None:
        self.addresses: list[str] = []
        self._where = where
        self._clock = clock
        self._account = account
        self._conduct = Conduct(drop, tries=tries)
        self._tasks = Tasks(clock)
        self._open: list[asyncio.BaseTransport | asyncio.Server] = []
        self._streams: set[Stream] = set()
        self._answers: dict[tuple[object, ...], bytes] = {}
        self._waiting: dict[str, asyncio.Event] = {}
        self._rules = [Tally(rule.name, rule.fact) for rule in RULES]
        self._elements = {
            name: Tally(f"{name} is {form.words}", "SCAIP Request mrq") for name, form in bodies.REQUEST.items()
        }
        self._unknown: dict[str, None] = {}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            for transport, host, port in self._where:
                if transport == "udp":
                    sock, _ = await loop.create_datagram_endpoint(lambda: Datagrams(self.take), (host, port))
                    self._open.append(sock)
                    here = sock.get_extra_info("sockname")
                else:
                    server = await loop.create_server(lambda: Stream(self.take, self._streams), host, port)
                    self._open.append(server)
                    here = server.sockets[0].getsockname()
                self.addresses.append(f"{transport}:{written_host(here[0])}:{here[1]}")
        except OSError:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for stream in list(self._streams):
            stream.close()
        for one in self._open:
            one.close()
        await self._tasks.close()

    async def listen(self, seconds: float, stop: asyncio.Event, *, until_done: bool) -> None:
        """Until that time has passed, `stop`, or nothing is left to be tried."""
        ends = self._clock.monotonic() + seconds
        while not stop.is_set() and (at := self._clock.monotonic()) < ends:
            if until_done and not self._waiting and self._conduct.done(at):
                return
            await self._clock.sleep(min(LOOK_EVERY, ends - at))

    def take(self, data: bytes, way: Way) -> None:
        """One message from a device."""
        message = read(data)
        if message.status is not None:
            waiting = self._waiting.get(message.branch)
            if waiting and message.status >= 200:
                waiting.set()
            return
        key = (message.branch, message.first("call-id"), message.first("cseq"), message.body, way.peer)
        if known := self._answers.get(key):
            self._sent_again(message, way)
            way.send(known)
            return
        status, tell = self._heard(message, way)
        if status is None or not answerable(message):
            return
        answer = answered(message, status, way.peer, secrets.token_hex(4))
        if len(self._answers) < KEPT:
            self._answers[key] = answer
        way.send(answer)
        if tell is not None:
            account, ref, snu = tell
            self._tasks.start("scaip_told", self._tell(message, way, account, ref, snu))

    def _heard(self, message: Message, way: Way) -> tuple[int | None, tuple[str, str, int] | None]:
        """SIP's status, None for silence, and whom to tell what."""
        if message.method == "OPTIONS":
            return 200, None
        if message.method == "ACK":
            return None, None  # it is never answered
        body = bodies.read(message.body, "mrq", bodies.REQUEST)
        come = Come(way.transport, message, body)
        if message.method and message.method != "MESSAGE" and answerable(message):
            return 405, None
        for rule, tally in zip(RULES, self._rules, strict=True):
            tally.take(rule.fault(come))
        if message.method != "MESSAGE":
            return 400, None
        if not is_scaip(message):
            return 415, None
        self._judge(body)
        account, verdict = body.first("cid"), body.verdict
        if verdict != STORED or not bodies.REQUEST["ref"].fits(body.ref):
            # What cannot be told under its ref is refused in SIP.
            return (200, (account, body.ref, verdict)) if bodies.REQUEST["ref"].fits(body.ref) else (400, None)
        if self._account and account != self._account:
            return 200, (account, body.ref, bodies.NOT_TREATED)
        if body.first("mty") == "PI" or len(self._conduct.presses) >= KEPT:
            return 200, (account, body.ref, STORED)
        snu = self._conduct.meet(account, body.ref, self._sending(message, way))
        return (None, None) if snu is None else (200, (account, body.ref, snu))

    def _sending(self, message: Message, way: Way) -> Sent:
        return Sent(self._clock.monotonic(), message.branch, message.body, way.here)

    def _sent_again(self, message: Message, way: Way) -> None:
        body = bodies.read(message.body, "mrq", bodies.REQUEST)
        if (body.first("cid"), body.ref) in self._conduct.presses:
            self._conduct.meet(body.first("cid"), body.ref, self._sending(message, way))

    def _judge(self, body: Body) -> None:
        for name in {*body.values, *body.faults}:
            self._elements[name].take(f"{name} {body.faults[name]}" if name in body.faults else None)
        for name in body.unknown:
            if len(self._unknown) < KEPT:
                self._unknown[name] = None

    async def _tell(self, request: Message, way: Way, account: str, ref: str, snu: int) -> None:
        """A MESSAGE of our own, over UDP again by the timers of RFC 3261 §17.1.2, until it is confirmed."""
        user = account if _USER.fullmatch(account) else "device"
        envelope = Envelope("larm", _called(request, way.local), way.peer, secrets.token_hex(8), way.transport, to=user)
        data = envelope.around(bodies.answer(ref, snu))
        confirmed = self._waiting[envelope.branch] = asyncio.Event()
        ends, pause = self._clock.monotonic() + CONFIRMED_WITHIN, T1
        self._conduct.tells(account, ref, self._clock.monotonic())
        try:
            way.send(data)
            while not confirmed.is_set() and (left := ends - self._clock.monotonic()) > 0 and not way.closed:
                try:
                    async with asyncio.timeout(min(pause, left)):
                        await confirmed.wait()
                except TimeoutError:
                    pause = min(2 * pause, T2)
                    if way.transport == "UDP":
                        way.send(data)
        finally:
            del self._waiting[envelope.branch]
        self._conduct.told(account, ref, snu, self._clock.monotonic(), confirmed=confirmed.is_set())

    def report(self) -> Report:
        """What held and what did not, up to now."""
        none = "no request came"
        findings = [tally.finding(none) for tally in self._rules]
        seen = [tally for tally in self._elements.values() if tally.held + tally.broken]
        findings += [tally.finding(none) for tally in seen]
        unseen = " ".join(name for name, tally in self._elements.items() if tally not in seen)
        if unseen:
            findings.append(
                Finding("The other elements of mrq", "SCAIP Request mrq", Verdict.NOT_TRIED, f"none came: {unseen}")
            )
        findings += self._conduct.findings(self._clock.monotonic())
        remarks = [f"{len(self._conduct.presses)} alarms came; none is stored."]
        if self._unknown:
            remarks.append(f"Elements that are in no table, and are ignored: {' '.join(list(self._unknown)[:20])}.")
        return Report("receiver", " ".join(self.addresses), tuple(findings), tuple(remarks))


def _called(request: Message, local: Address) -> Address:
    """Where we are; bound to every address, what the device called us."""
    named = _HOST.match(request.start) if local[0] in {"0.0.0.0", "::"} else None  # noqa: S104 - compared, not bound
    return (named[1].strip("[]"), local[1]) if named else local
