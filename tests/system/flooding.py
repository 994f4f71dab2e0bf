"""Floods, each from a process of its own, because whoever floods answers nobody in time."""

import asyncio
import hashlib
import re
import secrets
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from kit.clock import SystemClock
from tests.certificates import Certified, trusting

clock = SystemClock()
PIECE = b"x" * 65_536
FROM = "127.0.0.2"  # not where people press from
read_once = cache(trusting)  # to read a certificate costs as much as a handshake
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Target:
    """A port, what a peer begins to say there, and the centre's certificate where it speaks TLS."""

    port: int
    begin: bytes
    certified: Certified | None = None


def flood(name: str, targets: Sequence[Target], seconds: float) -> Counter[str]:
    """Do it to all of them at once for that long; what was done, counted."""

    async def to_all() -> Counter[str]:
        done: Counter[str] = Counter()
        many, one = FLOODS[name]
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for target in targets:
                    for _ in range(many):
                        group.create_task(over_and_over(one, target, done))
        await clock.sleep(0)
        return done

    return asyncio.run(to_all())


async def over_and_over(one: Callable[[Target, Counter[str]], Awaitable[None]], at: Target, done: Counter[str]) -> None:
    """One of the crowd, which comes again whenever it is sent away."""
    while True:
        try:
            await one(at, done)
        except (OSError, ssl.SSLError, EOFError):
            done["sent away"] += 1
            await clock.sleep(0.01)


async def connected(at: Target, done: Counter[str]) -> Line:
    """A connection, with its handshake done where it is TLS."""
    line = await asyncio.open_connection(
        "127.0.0.1", at.port, ssl=read_once(at.certified) if at.certified else None, local_addr=(FROM, 0)
    )
    done["connections"] += 1
    return line


async def send(line: Line, data: bytes) -> None:
    """Send it. Raises ConnectionResetError where nobody takes it any more."""
    reader, writer = line
    if writer.is_closing() or reader.at_eof() or reader.exception():
        raise ConnectionResetError
    writer.write(data)
    await writer.drain()
    await clock.sleep(0)  # what is broken is only seen when the loop turns


async def drip(at: Target, done: Counter[str]) -> None:
    """A slowloris: a message that is never finished, byte by byte."""
    line = await connected(at, done)
    try:
        for byte in at.begin * 1_000:
            await send(line, bytes([byte]))
            done["bytes"] += 1
            await clock.sleep(0.2)
    finally:
        line[1].transport.abort()


async def be_silent(at: Target, done: Counter[str]) -> None:
    """Hold a connection open and say nothing, not even a handshake."""
    reader, writer = await connected(Target(at.port, b""), done)
    try:
        while await reader.read(65_536):
            pass
    finally:
        writer.transport.abort()


async def never_end(at: Target, done: Counter[str]) -> None:
    """A message that begins as it should and has no end."""
    line = await connected(at, done)
    try:
        await send(line, at.begin)
        while True:
            await send(line, PIECE)
            done["64 KiB"] += 1
    finally:
        line[1].transport.abort()


async def shake_hands(at: Target, done: Counter[str]) -> None:
    """Whole TLS handshakes, one after the other, and nothing said."""
    _, writer = await connected(at, done)
    writer.transport.abort()


class Asker(asyncio.DatagramProtocol):
    """Hears challenges over UDP."""

    def __init__(self) -> None:
        self.nonces: list[str] = []
        self.answers: Counter[str] = Counter()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.answers[data[8:11].decode("latin-1")] += 1
        if found := re.search(rb'algorithm=MD5, nonce="([^"]+)"', data):
            self.nonces = [*self.nonces[-50:], found[1].decode()]

    def error_received(self, exc: Exception) -> None:
        """Nobody takes it: the machine's affair."""


async def ask_for_nonces(at: Target, done: Counter[str]) -> None:
    """Ask for challenges as fast as it goes: bare, with nonces made up, stolen ones, and the right password replayed.

    `begin` is the account and its password.
    """
    account, password = at.begin.decode().split(":")
    transport, asker = await asyncio.get_running_loop().create_datagram_endpoint(
        Asker, local_addr=(FROM, 0), remote_addr=("127.0.0.1", at.port)
    )
    try:
        while True:
            for number in range(50):
                stolen = asker.nonces[0] if asker.nonces and number % 5 else secrets.token_urlsafe(32)
                shown = [
                    "",
                    proof(account, password, secrets.token_urlsafe(32), number),
                    proof(account, password, stolen, 0),  # a count that is never fresh
                    proof(account, "wrong", stolen, number),
                ][number % 4]
                transport.sendto(heartbeat(account, shown))
                done["asked"] += 1
            await clock.sleep(0.01)
    finally:
        transport.abort()
        done.update({f"answered {status}": times for status, times in asker.answers.items()})


def proof(account: str, password: str, nonce: str, count: int) -> str:
    """The header of somebody who knows this password."""

    def hashed(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()

    name, uri = f"{count:08x}", "sip:larm@127.0.0.1"
    secret, request = hashed(account, "nattljus", password), hashed("MESSAGE", uri)
    response = hashed(secret, nonce, name, "c", "auth", request)
    return (
        f'Authorization: Digest username="{account}", realm="nattljus", nonce="{nonce}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, cnonce="c", qop=auth, nc={name}\r\n'
    )


def heartbeat(account: str, shown: str) -> bytes:
    """A heartbeat of that account, with a header that proves it or not."""
    name = secrets.token_hex(8)
    body = f"<mrq><mty>PI</mty><ref>{name}</ref><cid>{account}</cid><dty>3</dty></mrq>"
    return (
        "MESSAGE sip:larm@127.0.0.1 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{name}\r\n"
        f"From: <sip:{account}@127.0.0.1>;tag=a\r\nTo: <sip:larm@127.0.0.1>\r\n"
        f"Call-ID: {name}\r\nCSeq: 1 MESSAGE\r\n{shown}"
        f"Content-Type: application/scaip+xml\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


FLOODS: dict[str, tuple[int, Callable[[Target, Counter[str]], Awaitable[None]]]] = {
    "slowloris": (200, drip),
    "half-open connections": (600, be_silent),
    "endless messages": (4, never_end),
    "TLS handshakes": (300, shake_hands),
    "nonces": (2, ask_for_nonces),
}
"""How many at each target do what."""
