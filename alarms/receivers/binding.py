"""Binding the addresses of receivers, whatever they speak."""

import asyncio
import socket
from collections.abc import Callable
from typing import TypeVar

from alarms.receivers.scaip.addresses import Endpoint

Listener = TypeVar("Listener", bound=asyncio.DatagramProtocol)

RECEIVE_BUFFER = 4 * 1024 * 1024  # bytes the kernel keeps for us when thousands of devices come back at once


async def bind_udp(endpoint: Endpoint, make: Callable[[], Listener]) -> list[Listener]:
    """A socket on each address that the endpoint's host has. Raises OSError; then none of them is bound."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_DGRAM, flags=socket.AI_PASSIVE)
    opened: list[tuple[asyncio.DatagramTransport, Listener]] = []
    for family, kind, protocol, _, address in dict.fromkeys(found):
        # Bound here, because not every loop closes a socket that it could not bind.
        bare = socket.socket(family, kind, protocol)
        try:
            bare.setblocking(False)
            if family == socket.AF_INET6:
                bare.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            bare.bind(address)
        except OSError:
            bare.close()
            for transport, _listener in opened:
                transport.abort()
            raise
        opened.append(await loop.create_datagram_endpoint(make, sock=bare))
    return [listener for _transport, listener in opened]


class CannotListen(OSError):
    """An address that cannot be had. `sentence` is for whoever wrote the `setting`."""

    def __init__(self, protocol: str, address: str, setting: str, error: OSError) -> None:
        super().__init__(error.errno, f"{address}: {error.strerror or error}")
        self.sentence = (
            f"{protocol} cannot be heard on {self.strerror}. "
            f"Stop what uses that address, or choose others with {setting}."
        )
