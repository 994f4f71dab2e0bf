"""A device that behaves: sends again until it is answered, shows its password, waits when held, tries a next receiver.

The checks (`checks`, `checks_wrong`, `checks_line`, `checks_password`) let it say things and look at what came.
"""

import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance import digest
from clients.simulated.conformance.body import Body
from clients.simulated.conformance.line import Heard, Line, opened
from clients.simulated.conformance.message import Message
from clients.simulated.conformance.report import Broken, NotTried
from clients.simulated.scaip import HOLD, STORED, T1, T2, Address, Envelope
from kit.clock import Clock

HOLD_FOR = 5.0  # seconds; a held device asks again after 5–20
ATTEMPTS = 8
NOTHING = "no answer at all"
MARK = {"dte": "TEST", "stt": "TEST"}
"""Whoever sees it at the receiver sees that nobody is in need."""


@dataclass(frozen=True, slots=True)
class Target:
    """The receiver under test, and who the device is there."""

    there: Address
    transport: str
    account: str
    stranger: str
    """An account that the receiver does not know."""
    password: str = ""
    patience: float = 20.0
    """Seconds until a device gives a receiver up."""
    trust: ssl.SSLContext | None = None
    well_formed: bool = False
    """Whether nothing may be sent that is wrong on purpose."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and what came of it. `told` are all `snu` on the way, the last one last."""

    ref: str
    envelope: Envelope
    data: bytes
    response: Heard | None
    answer: Heard | None
    told: tuple[int, ...] = ()

    @property
    def status(self) -> int | None:
        """SIP's answer."""
        return self.response.message.status if self.response else None

    @property
    def body(self) -> Body | None:
        """The receiver's answer, if it came."""
        return bodies.read(self.answer.message.body, "mrs", bodies.ANSWER) if self.answer else None

    @property
    def snu(self) -> int | None:
        """What the receiver's answer says."""
        return self.body.snu if self.body else None

    @property
    def unheard(self) -> bool:
        """Whether nothing at all was said."""
        return self.response is None and self.answer is None

    @property
    def seen(self) -> str:
        """In words."""
        if self.unheard:
            return NOTHING
        sip = f"SIP {self.status}" if self.status is not None else "no SIP answer"
        held = f" (after {', '.join(map(str, self.told[:-1]))})" if len(self.told) > 1 else ""
        return f"{sip}, snu {self.snu}{held}" if self.snu is not None else f"{sip}, no mrs"


class Device:
    """One device for one run. `first` is the press that all else builds on."""

    def __init__(self, target: Target, clock: Clock) -> None:
        self.target = target
        self.clock = clock
        self.raised: dict[str, None] = {}
        """References of what must stand at the receiver, each once."""
        self.first: Asked | None = None
        self._drawn = secrets.token_hex(3)
        self._count = 0

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A line of its own to the receiver. Raises Broken where nobody answers."""
        try:
            async with opened(self.clock, self.target.transport, self.target.there, self.target.trust) as line:
                yield line
        except OSError as error:
            raise Broken(f"no line: {error.strerror or error or 'nobody answers'}") from error

    def reference(self) -> str:
        """A new one, unlike those of other runs."""
        self._count += 1
        return f"t{self._drawn}{self._count:03d}"

    def elements(self, **more: str) -> dict[str, str]:
        """A test alarm (`stc` 102) with a new reference, marked."""
        said = {"ref": self.reference(), "mty": "ME", "cid": self.target.account, "dty": "3", "stc": "102"}
        return {**said, **MARK, **more}

    def envelope(self, line: Line, account: str = "", method: str = "MESSAGE") -> Envelope:
        """A new call on that line."""
        sender, call = account or self.target.account, secrets.token_hex(8)
        return Envelope(sender, line.here, self.target.there, call, line.transport, method=method)

    async def say(self, elements: Mapping[str, str]) -> Asked:
        """Say it on a line of its own, as a device does."""
        async with self.line() as line:
            return await self.ask(line, elements)

    async def ask(self, line: Line, elements: Mapping[str, str], *, account: str = "") -> Asked:
        """Say it until there is an answer that ends it: held, it waits; not treated, it tries its next receiver once.

        Silence on a connection is asked again in a new transaction, as by a device that has lost its line.
        """
        told: list[int] = []
        silent = False
        data = bodies.request(elements)
        ref = elements.get("ref", "")
        for _ in range(ATTEMPTS):
            asked = await self.transaction(line, self.envelope(line, account), data, ref)
            if asked.snu is not None:
                told.append(asked.snu)
            if asked.snu == HOLD:
                await self.clock.sleep(HOLD_FOR)
            elif asked.unheard and not (silent or line.transport == "UDP" or line.closed):
                silent = True
            elif asked.snu == bodies.NOT_TREATED and not account and told.count(bodies.NOT_TREATED) == 1:
                continue
            else:
                break
        return replace(asked, told=tuple(told))

    async def transaction(self, line: Line, envelope: Envelope, body: bytes, ref: str) -> Asked:
        """One request, and once more with the password where that is asked for (RFC 3261 §22.2)."""
        asked = await self.send(line, envelope, envelope.around(body), ref)
        if asked.status != 401 or asked.response is None:
            return asked
        if not self.target.password:
            raise NotTried("the receiver asks for a password: give --password")
        header = self.shown(asked.response.message, envelope, envelope.sender)
        again = replace(envelope, sequence=envelope.sequence + 1, more=(header,))
        return await self.send(line, again, again.around(body), ref)

    async def prepared(self, line: Line, elements: Mapping[str, str]) -> tuple[Envelope, bytes]:
        """A request that is ready to be sent in an unusual way: with its password, where one is given and asked for."""
        envelope, body = self.envelope(line), bodies.request(elements)
        if self.target.password:
            asked = await self.send(line, envelope, envelope.around(body), elements["ref"])
            envelope = self.envelope(line)
            if asked.response is not None and asked.status == 401:
                header = self.shown(asked.response.message, envelope, envelope.sender)
                envelope = replace(asked.envelope, sequence=2, more=(header,))
        return envelope, envelope.around(body)

    def shown(self, response: Message, envelope: Envelope, user: str, password: str = "", algorithm: str = "") -> str:
        """The `Authorization` for the first challenge that we can meet."""
        for challenge in digest.challenges(response):
            if challenge.algorithm in digest.HASHES and algorithm in {"", challenge.algorithm}:
                secret = digest.Secret(user, password or self.target.password, secrets.token_hex(8))
                return digest.authorization(challenge, secret, envelope.method, envelope.uri)
        raise NotTried(f"no challenge of 401 can be met{f' with {algorithm}' if algorithm else ''}")

    async def send(self, line: Line, envelope: Envelope, data: bytes, ref: str) -> Asked:
        """Send one transaction, over UDP again by the timers of RFC 3261 §17.1.2, until it is answered."""
        since = len(line.heard)
        ends = self.clock.monotonic() + self.target.patience / (1 if line.transport == "UDP" else 2)
        pause = T1
        line.send(data)
        while (left := ends - self.clock.monotonic()) > 0:
            wait = min(pause, left) if line.transport == "UDP" else left
            if await line.wait(lambda heard: _final(heard, envelope) or _tells(heard, ref), wait, since):
                break
            if line.closed:
                break
            if line.transport == "UDP":
                line.send(data)
                pause = min(2 * pause, T2)
        come = any(_final(heard, envelope) or _tells(heard, ref) for heard in line.heard[since:])
        return await self.awaited(line, envelope, data, ref, since, self.target.patience if come else 0)

    async def awaited(
        self, line: Line, envelope: Envelope, data: bytes, ref: str, since: int, patience: float
    ) -> Asked:
        """What came since, or comes within that time, of a request that was sent."""
        response = await line.wait(lambda heard: _final(heard, envelope), patience, since)
        refused = response is not None and response.message.status != 200
        wait = patience if ref and not refused and envelope.method == "MESSAGE" else 0
        answer = await line.wait(lambda heard: _tells(heard, ref), wait, since)
        asked = Asked(ref, envelope, data, response, answer)
        if asked.snu == STORED:
            self.raised[ref] = None
        return asked


def _final(heard: Heard, envelope: Envelope) -> bool:
    return (heard.message.status or 0) >= 200 and heard.message.branch == envelope.branch


def _tells(heard: Heard, ref: str) -> bool:
    if heard.message.method != "MESSAGE" or not ref:
        return False
    return bodies.read(heard.message.body, "mrs", bodies.ANSWER).ref == ref
