"""What a principal's devices and their vendors reach the platform by: what to tell them, and whether it is heard."""

from typing import Literal

from kit.wire.model import At, Wire

InwardProtocol = Literal["scaip", "dc09", "mqtt", "http", "webhook"]


class Listening(Wire):
    """A receiver: whether it hears now, and where. None: it is not set up.

    An address is `udp:`, `tcp:` or `tls:HOST:PORT`, the broker's `mqtt:` or `mqtts:HOST:PORT`, or what comes after the
    platform's own address.
    """

    protocol: InwardProtocol
    up: bool
    addresses: list[str]


class InwardReceiver(Listening):
    """`devices` of the principal's speak it, `heard` of them in the last hour; when one last was."""

    devices: int
    heard: int
    last_heard_at: At | None


class InwardReceivers(Wire):
    """Every receiver. `public_url` is the platform's own address, empty where nobody has said it."""

    items: list[InwardReceiver]
    public_url: str
