"""The way between a device and this receiver: one UDP socket or one connection, TCP or TLS, as the rest sees it."""

from dataclasses import dataclass
from typing import Protocol

from alarms.receivers.scaip.sip import Request
from alarms.receivers.scaip.transaction import Source


class Flow(Protocol):
    """Something to send on. `local` is the address it is bound to.

    `certificate` is the SHA-256 fingerprint of the certificate that the device has proven to hold, '' for none.
    """

    transport: str
    local: Source
    certificate: str

    @property
    def reliable(self) -> bool:
        """Whether what is sent arrives or the flow breaks (TCP, TLS)."""
        ...

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        ...

    def welcome(self, source: Source) -> None:
        """A known device has been heard on it, from there."""
        ...

    def send(self, data: bytes, target: Source) -> None:
        """Send one message; `target` matters where one socket serves many. Never raises, never waits."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """Back to the device that sent a request."""

    flow: Flow
    target: Source

    def send(self, data: bytes) -> None:
        """Send to the device."""
        self.flow.send(data, self.target)


def way_back(flow: Flow, request: Request, source: Source) -> Way:
    """Where answers go (RFC 3261 §18.2.2, RFC 3581 §4).

    A device that asks for `rport`, or names another host than the one seen, is behind address translation: answer to
    where it came from. Otherwise the port it names is the one it listens on.
    """
    via = request.via
    if flow.reliable or "rport" in via.parameters or via.host != source[0]:
        return Way(flow, source)
    return Way(flow, (source[0], via.port or 5060))
