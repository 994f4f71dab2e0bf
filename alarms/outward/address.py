"""Where subscriptions may reach: https on the open network, and what the platform's operator has allowed besides.

Who enters a subscription is a municipality's administrator, not the platform's operator: a name is judged by what it
resolves to when something is sent, and that very address is connected to, so no name changes its mind in between.
"""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpx

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

RESOLVE_WITHIN = 5.0  # seconds


class Unreachable(Exception):
    """Nothing may or can be sent there. `word` says why."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class Place:
    """Where to connect: `url` names an address; `host` is what the receiver is called, `name` the same in TLS."""

    url: httpx.URL
    host: str
    name: str

    @property
    def extensions(self) -> dict[str, Any]:
        """For the request: whose certificate is asked for."""
        return {"sni_hostname": self.name} if self.url.scheme == "https" else {}


def read_networks(text: str) -> tuple[Network, ...]:
    """The networks of NATTLJUS_OUTWARD_NETWORKS. Raises ValueError with a sentence."""
    try:
        return tuple(ip_network(word) for word in text.split())
    except ValueError as error:
        raise ValueError(
            f"NATTLJUS_OUTWARD_NETWORKS is networks such as 10.20.0.0/16, with spaces ({error})."
        ) from None


def may_reach(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether something may be sent to that address."""
    inner = _within(address)
    return any(inner in network for network in allowed) or (inner.is_global and not inner.is_multicast)


def _within(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv6Address):
        teredo = address.teredo
        inner = address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
        if inner is None and address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFF_FFFF)
        return inner or address
    return address


_NAT64 = IPv6Network("64:ff9b::/96")


def url_fault(text: str, allowed: Sequence[Network]) -> bool:
    """Whether this cannot be an address to send to, as far as can be said without resolving it."""
    try:
        url = httpx.URL(text)
        port = url.port
    except (httpx.InvalidURL, ValueError):
        return True
    if not url.host or url.userinfo or url.fragment or port == 0 or not text.isascii() or not text.isprintable():
        return True
    literal = _literal(url.host)
    if url.scheme == "http":
        loopback = url.host == "localhost" or (literal is not None and literal.is_loopback)
        return not loopback or not any(network.is_loopback for network in allowed)
    if url.scheme != "https":
        return True
    if literal is not None:
        return not may_reach(literal, allowed)
    return not allowed and ("." not in url.host or url.host.endswith((".local", ".localhost", ".internal")))


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


async def find(text: str, allowed: Sequence[Network]) -> Place:
    """Where that address leads now. Raises Unreachable."""
    if url_fault(text, allowed):
        raise Unreachable("address_refused")
    url = httpx.URL(text)
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        async with asyncio.timeout(RESOLVE_WITHIN):
            found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError):
        raise Unreachable("name_unknown") from None
    for _, _, _, _, where in found:
        address = _literal(str(where[0]).partition("%")[0])
        if address is not None and may_reach(address, allowed):
            return Place(url.copy_with(host=str(address)), url.netloc.decode(), url.host)
    raise Unreachable("address_refused")
