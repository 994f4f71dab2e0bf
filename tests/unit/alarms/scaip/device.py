"""A SCAIP device and a hub for tests: what a device sends, a way that keeps what it is sent, an intake in memory."""

import asyncio
import hashlib
import re

from alarms.core.signal import Outcome, Receipt, Signal
from alarms.receivers.scaip.door import Door
from alarms.receivers.scaip.exchange import Exchange
from alarms.receivers.scaip.hear import Hearing
from alarms.receivers.scaip.tell import Teller
from alarms.receivers.scaip.unproven import Unproven
from alarms.receivers.timers import Timers
from kit.clock import FakeClock
from kit.errors import StorageDown
from kit.tasks import Tasks

HERE = ("192.0.2.1", 5060)
DEVICE = ("192.0.2.7", 40123)


def mrq(ref="1", cid="26317", dty="3", **more):
    elements = {"ref": ref, "cid": cid, "dty": dty, **more}
    return ("<mrq>" + "".join(f"<{name}>{value}</{name}>" for name, value in elements.items()) + "</mrq>").encode()


def sip_message(
    body=b"",
    *,
    method="MESSAGE",
    branch="z9hG4bKa1",
    call_id="c1@192.0.2.7",
    cseq=1,
    more=(),
    via=None,
    transport="UDP",
):
    lines = [
        f"{method} sip:larm@192.0.2.1 SIP/2.0",
        via or f"Via: SIP/2.0/{transport} 192.0.2.7:40123;rport;branch={branch}",
        "Max-Forwards: 70",
        "From: <sip:26317@192.0.2.7>;tag=f1",
        "To: <sip:larm@192.0.2.1>",
        f"Call-ID: {call_id}",
        f"CSeq: {cseq} {method}",
        *more,
    ]
    if body:
        lines.append("Content-Type: application/scaip+xml")
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer_to(refusal, password, *, algorithm="MD5", user="26317", count=1, **more):
    """The Authorization header of a device that was challenged, worked out as RFC 7616 says it, apart from our code."""
    offers = [dict(re.findall(r'([a-z]+)="?([^",]*)"?', line)) for line in re.findall("WWW-Auth.*", refusal.decode())]
    said = next(offer for offer in offers if offer["algorithm"] == algorithm)
    made = {"uri": "sip:larm@192.0.2.1", "cnonce": "0a4f113b", "nc": f"{count:08x}", "nonce": said["nonce"], **more}
    kind = {"MD5": "md5", "SHA-256": "sha256"}[algorithm]

    def hashed(*parts):
        return hashlib.new(kind, ":".join(parts).encode()).hexdigest()

    of_user, of_request = hashed(user, said["realm"], password), hashed("MESSAGE", made["uri"])
    response = hashed(of_user, made["nonce"], made["nc"], made["cnonce"], "auth", of_request)
    return (
        f'Authorization: Digest username="{user}", realm="{said["realm"]}", nonce="{made["nonce"]}", '
        f'uri="{made["uri"]}", response="{response}", algorithm={algorithm}, cnonce="{made["cnonce"]}", '
        f'qop=auth, nc={made["nc"]}, opaque="{said["opaque"]}"'
    )


def ok_to(message, status="200 OK"):
    """A device's answer to a request of ours; it repeats headers byte for byte, and not all are UTF-8."""
    lines = message.decode("latin-1").split("\r\n")
    kept = [line for line in lines if re.match(r"(?:Via|From|To|Call-ID|CSeq):", line)]
    return "\r\n".join([f"SIP/2.0 {status}", *kept, "Content-Length: 0", "", ""]).encode("latin-1")


def snu_of(message):
    found = re.search(rb"<snu>(\d+)</snu>", message)
    return int(found[1]) if found else None


class MemoryIntake:
    """The hub's contract, kept in memory: can be slow, down, broken, or know nobody."""

    def __init__(self):
        self.stored = {}
        self.signals = []
        self.untold = []
        self.noted = asyncio.Event()
        self.down = False
        self.broken = False
        self.unknown = False
        self.gate = None

    def hold_up(self):
        """Let nothing be committed until the returned event is set."""
        self.gate = asyncio.Event()
        return self.gate

    async def receive(self, signal: Signal) -> Receipt:
        if self.gate:
            await self.gate.wait()
        if self.broken:
            raise RuntimeError("a bug")
        if self.down:
            raise StorageDown
        repeated = signal.key in self.stored
        if not repeated:
            self.stored[signal.key] = signal
            self.signals.append(signal)
        outcome = Outcome.REPEATED if repeated else Outcome.UNKNOWN_ACCOUNT if self.unknown else Outcome.STORED
        return Receipt(f"signal-{signal.key}", None if self.unknown else "case-1", outcome, not self.unknown)

    async def not_told(self, receipt: Receipt) -> None:
        self.untold.append(receipt)
        self.noted.set()


class Wire:
    """A flow that keeps what was sent on it."""

    def __init__(self, *, reliable=False):
        self.transport = "TCP" if reliable else "UDP"
        self.reliable = reliable
        self.local = HERE
        self.certificate = ""
        self.closed = False
        self.sent = []
        self.welcomed = False

    def welcome(self, source):
        self.welcomed = True

    def send(self, data, target):
        self.sent.append((target, data))

    def responses(self):
        return [data for _, data in self.sent if data.startswith(b"SIP/2.0")]

    def messages(self):
        return [data for _, data in self.sent if data.startswith(b"MESSAGE")]

    def statuses(self):
        return [int(data.split(b" ")[1]) for data in self.responses()]


class Station:
    """A receiver without sockets, on a clock that stands still."""

    def __init__(
        self,
        *,
        call_number="sip:larm@192.0.2.1",
        busy_at=1000,
        beats_at=1000,
        full_at=2000,
        untold=1000,
        known=None,
        keys=(),
    ):
        self.clock = FakeClock()
        self.tasks = Tasks(self.clock)
        self.intake = MemoryIntake()
        self.timers = Timers(self.clock)
        self.teller = Teller(self.clock, self.timers, limit=untold)
        hearing = Hearing(
            self.intake,
            self.clock,
            self.tasks,
            self.timers,
            self.teller,
            Door(self.clock, Unproven(self.intake, self.clock, self.tasks, self.timers), known=known, keys=keys),
            call_number=call_number,
            busy_at=busy_at,
            beats_at=beats_at,
            full_at=full_at,
        )
        self.exchange = Exchange(self.clock, hearing, self.teller)
        self.wire = Wire()

    async def __aenter__(self):
        self.tasks.forever("timers", self.timers.run)
        await self.settle()
        return self

    async def __aexit__(self, *exc):
        await self.tasks.close()

    async def settle(self):
        await self.clock.advance(0)

    async def take(self, data, wire=None, source=DEVICE):
        self.exchange.take(data, wire or self.wire, source)
        await self.settle()

    async def press(self, branch="z9hG4bKa1", wire=None, **elements):
        await self.take(sip_message(mrq(**elements), branch=branch), wire)
