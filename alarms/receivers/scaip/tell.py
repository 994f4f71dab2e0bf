"""Tell a device our answer: `mrs` in a MESSAGE of its own, sent again until the device answers or 32 s have passed.

Rule: whoever asks to have something told gets to know, once, how it ended.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from alarms.receivers.scaip import sip
from alarms.receivers.scaip.addresses import write_host
from alarms.receivers.scaip.flow import Flow, Way
from alarms.receivers.scaip.transaction import ClientState, ClientTransaction
from alarms.receivers.timers import Timer, Timers
from kit.clock import Clock
from kit.metrics import counter

CONTENT_TYPE = "application/scaip+xml"
_URI_LIMIT = 160  # characters of each URI a device makes us repeat: an answer fits a datagram of 1,300 bytes
_ROUTE_LIMIT = 240  # characters of all Route entries

told = counter("scaip_answers_told_total", "SCAIP answers sent to devices, by how it ended", ["outcome"])

OnEnd = Callable[[ClientState], None]
Name = tuple[str, str, str]


@dataclass(slots=True)
class _Telling:
    name: Name
    way: Way
    transaction: ClientTransaction
    on_end: OnEnd
    timer: Timer | None = None


class Teller:
    """The answers that devices have not confirmed yet."""

    def __init__(self, clock: Clock, timers: Timers, *, limit: int) -> None:
        self._clock = clock
        self._timers = timers
        self._limit = limit
        self._by_branch: dict[str, _Telling] = {}
        self._by_name: dict[Name, _Telling] = {}
        self._by_flow: dict[Flow, dict[str, _Telling]] = {}  # of connections, which can be cut

    def __len__(self) -> int:
        return len(self._by_branch)

    @property
    def full(self) -> bool:
        """Whether so many answers are unconfirmed that only a person's alarm is worth one more."""
        return len(self._by_branch) >= self._limit

    def tell(self, request: sip.Request, way: Way, name: Name, body: bytes, on_end: OnEnd) -> None:
        """Send `body` to the sender of `request`. `name` is whose answer to what: a newer one takes its place."""
        if older := self._by_name.get(name):
            self._forget(older)
        drawn = secrets.token_hex(30)  # at once: each draw is a call to the kernel
        branch = "z9hG4bK" + drawn[:24]
        data = message(request, way, body, branch=branch, tag=drawn[24:36], call_id=drawn[36:])
        reliable = way.flow.reliable
        transaction = ClientTransaction(data, branch, "MESSAGE", reliable=reliable, at=self._clock.monotonic())
        telling = _Telling(name, way, transaction, on_end)
        self._by_branch[branch] = self._by_name[name] = telling
        if reliable:
            self._by_flow.setdefault(way.flow, {})[branch] = telling
        if way.flow.closed:
            transaction.cut()
        else:
            way.send(data)
        self._go_on(telling)

    def once(self, request: sip.Request, way: Way, body: bytes) -> None:
        """Send `body` and forget it."""
        unique = {"branch": "z9hG4bK" + secrets.token_hex(12), "tag": secrets.token_hex(6)}
        way.send(message(request, way, body, **unique, call_id=secrets.token_hex(12)))

    def answered(self, response: sip.Response) -> None:
        """Take what a device answered; an answer to nothing is dropped."""
        telling = self._by_branch.get(response.branch)
        if telling and telling.transaction.answer(response.status, response.method) and telling.transaction.over:
            self._go_on(telling)

    def cut(self, flow: Flow) -> None:
        """The flow is gone, and with it every answer that was on its way there."""
        for telling in list(self._by_flow.get(flow, {}).values()):
            telling.transaction.cut()
            self._go_on(telling)

    def _due(self, telling: _Telling) -> None:
        data = telling.transaction.due(self._clock.monotonic())
        if data is not None:
            telling.way.send(data)
        self._go_on(telling)

    def _go_on(self, telling: _Telling) -> None:
        """Wait for what comes next, or end."""
        deadline = telling.transaction.deadline
        if deadline is not None:
            wait = deadline - self._clock.monotonic()
            telling.timer = self._timers.after(wait, lambda: self._due(telling))
            return
        self._forget(telling)
        told.labels(outcome=telling.transaction.state).inc()
        telling.on_end(telling.transaction.state)

    def _forget(self, telling: _Telling) -> None:
        if telling.timer:
            telling.timer.cancel()
        branch, flow = telling.transaction.branch, telling.way.flow
        self._by_branch.pop(branch, None)
        if (of_flow := self._by_flow.get(flow)) is not None:
            of_flow.pop(branch, None)
            if not of_flow:
                del self._by_flow[flow]
        if self._by_name.get(telling.name) is telling:
            del self._by_name[telling.name]


def message(request: sip.Request, way: Way, body: bytes, *, branch: str, tag: str, call_id: str) -> bytes:
    """A MESSAGE (RFC 3428) back to the sender of `request`, through the same elements it came by."""
    flow = way.flow
    device = _device_uri(request, way)
    here = _here(request, flow)
    sender = request.sender.uri if len(request.sender.uri) <= _URI_LIMIT else device
    to = request.to.uri if len(request.to.uri) <= _URI_LIMIT else f"sip:{here}"
    routes = request.head.all("record-route")
    if sum(map(len, routes)) > _ROUTE_LIMIT:
        routes = []
    headers = [
        ("via", f"SIP/2.0/{flow.transport} {here};rport;branch={branch}"),
        ("max-forwards", "70"),
        *(("route", route) for route in routes),
        ("from", f"<{to}>;tag={tag}"),
        ("to", f"<{sender}>"),
        ("call-id", call_id),
        ("cseq", "1 MESSAGE"),
        ("content-type", CONTENT_TYPE),
    ]
    return sip.write(f"MESSAGE {device} SIP/2.0", headers, body)


def _here(request: sip.Request, flow: Flow) -> str:
    """Host and port of this receiver; bound to every address, it is called what the device called it."""
    host, port = flow.local[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        named = re.fullmatch(r"sips?:(?:[^@]*@)?(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]{1,100})(?:[:;?].*)?", request.uri)
        return f"{named[1] if named else 'localhost'}:{port}"
    return f"{write_host(host)}:{port}"


def _device_uri(request: sip.Request, way: Way) -> str:
    """The device's own address: its Contact, else the first hop that its request left from."""
    transport = f";transport={way.flow.transport.lower()}" if way.flow.reliable else ""
    user = request.sender.user[:64]
    at = f"{user}@" if user else ""
    contact = request.head.first("contact")
    if contact:
        try:
            uri = sip.parse_address(contact).uri.partition("?")[0]
        except sip.SipError:
            uri = ""
        if uri.lower().startswith("sip:") and len(uri) <= _URI_LIMIT:
            return uri
    vias = request.head.all("via")
    if len(vias) > 1:
        try:
            origin = sip.parse_via(sip.Head("", (("via", vias[-1]),)))
        except sip.SipError:
            origin = None
        if origin and len(origin.host) <= 100:
            host = origin.parameters.get("received") or origin.host
            port = origin.parameters.get("rport") or str(origin.port or 5060)
            if re.fullmatch(r"[A-Za-z0-9.:\-]{1,100}", host) and re.fullmatch(r"[0-9]{1,5}", port):
                return f"sip:{at}{write_host(host)}:{port}"
    return f"sip:{at}{write_host(way.target[0])}:{way.target[1]}{transport}"
