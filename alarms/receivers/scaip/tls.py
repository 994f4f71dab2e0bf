"""TLS in front of the stream: certificates that can be renewed while it runs, and handshakes within bounds.

Rules: nothing older than TLS 1.2; a handshake has ten seconds; of those that are not done, the oldest makes room for
the next, so that half-open connections cost a bounded amount of memory and no device its place for long. A handshake
costs as much as several alarms, so one address is given so many a second: more wait their turn for two seconds, and
whoever would wait longer is sent away before it has cost anything.
"""

import asyncio
import hashlib
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alarms.receivers.pace import Pace
from alarms.receivers.sockets import origin
from kit.clock import Clock, yield_once
from kit.log import get_logger
from kit.metrics import counter, gauge
from kit.tasks import Tasks

log = get_logger(__name__)

HANDSHAKE_WITHIN = 10.0  # seconds
HALF_OPEN_LIMIT = 1_000  # handshakes at once
HANDSHAKES = 200.0  # a second, of one address
AT_ONCE = 0.1  # seconds' worth of them: what is computed in one go nobody else is heard beside
LOOK_EVERY = 60.0  # seconds between looks whether the files have been renewed
REST = 0.5  # seconds, when the machine has no more descriptors

half_open = gauge("scaip_tls_half_open", "TLS handshakes that are not done yet")
handshakes = counter("scaip_tls_handshakes_total", "TLS handshakes of devices, by how they ended", ["outcome"])


@dataclass(frozen=True, slots=True)
class Files:
    """Where certificate and key are, and who signs devices' certificates ('' asks for none)."""

    certificate: str
    key: str
    client_ca: str = ""


def read_context(files: Files) -> ssl.SSLContext:
    """What a handshake needs. Raises ValueError with a sentence for whoever wrote the settings.

    A device's own self-signed certificate may stand in the CA file: what is in it is trusted as it is.
    """
    if not files.certificate or not files.key:
        raise ValueError("A tls: address needs a certificate. Set NATTLJUS_TLS_CERT and NATTLJUS_TLS_KEY.")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    for name, file in (("CERT", files.certificate), ("KEY", files.key), ("CLIENT_CA", files.client_ca)):
        try:
            if file:
                Path(file).read_bytes()
        except OSError as error:
            raise ValueError(f"NATTLJUS_TLS_{name}: {file} cannot be read ({error.strerror}).") from None
    try:
        # With a password at hand OpenSSL asks nobody at the terminal; a key that needs one is refused.
        context.load_cert_chain(files.certificate, files.key, password="")
    except (ssl.SSLError, ValueError):
        raise ValueError(
            f"NATTLJUS_TLS_CERT and NATTLJUS_TLS_KEY: {files.certificate} and {files.key} are no certificate in PEM"
            " with the key that belongs to it, without a passphrase."
        ) from None
    if files.client_ca:
        try:
            context.load_verify_locations(files.client_ca)
        except ssl.SSLError:
            raise ValueError(f"NATTLJUS_TLS_CLIENT_CA: {files.client_ca} holds no certificate in PEM.") from None
        context.verify_mode = ssl.CERT_OPTIONAL
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return context


def fingerprint(certificate: bytes | None) -> str:
    """The SHA-256 of a certificate in DER, in hexadecimal digits; '' for none."""
    return hashlib.sha256(certificate).hexdigest() if certificate else ""


class Certificates:
    """The context in force, read anew when a file changes; files that cannot be used change nothing but the log."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.context = read_context(files)
        self._changed = self._stamps()

    async def look(self) -> None:
        """Take what has been renewed."""
        stamps = self._stamps()
        if stamps == self._changed:
            return
        self._changed = stamps
        try:
            self.context = read_context(self._files)
            log.info("scaip_certificate_renewed")
        except ValueError as error:
            log.error("scaip_certificate_unusable", why=str(error))

    def _stamps(self) -> list[float]:
        names = (self._files.certificate, self._files.key, self._files.client_ca)
        return [file.stat().st_mtime if (file := Path(name)).is_file() else 0.0 for name in names if name]


class TlsListener:
    """One listening socket: accepts, shakes hands, and then the connection is like any other.

    `made` makes the protocol of a connection whose handshake is done.
    """

    def __init__(
        self,
        listening: socket.socket,
        certificates: Certificates,
        made: Callable[[], asyncio.Protocol],
        clock: Clock,
        pace: Pace,
        *,
        limit: int = HALF_OPEN_LIMIT,
    ) -> None:
        self._pace = pace
        self._listening = listening
        self._certificates = certificates
        self._made = made
        self._clock = clock
        self._limit = limit
        self._tasks = Tasks(clock)
        self._shaking: OrderedDict[socket.socket, asyncio.Task[None]] = OrderedDict()

    def start(self) -> None:
        """Begin to accept."""
        self._tasks.forever("scaip_tls", self._accept)

    async def close(self) -> None:
        """Stop, with every handshake that is not done."""
        await self._tasks.close()
        self._listening.close()
        while self._shaking:
            self._shaking.popitem()[0].close()  # accepted, and the handshake had not begun

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                peer, source = await loop.sock_accept(self._listening)
            except OSError as error:
                log.warning("scaip_tls_cannot_accept", why=error.strerror)
                await self._clock.sleep(REST)
                continue
            wait = self._pace.wait(origin(source[0]), self._clock.monotonic())
            if wait is None:
                handshakes.labels(outcome="too_many").inc()
                peer.close()
                await yield_once()
                continue
            if len(self._shaking) >= self._limit:
                _, oldest = self._shaking.popitem(last=False)
                oldest.cancel()
            self._shaking[peer] = self._tasks.start("scaip_tls_handshake", self._shake(peer, wait))
            half_open.set(len(self._shaking))
            await yield_once()  # a crowd at the door keeps nobody else from the loop

    async def _turn(self, peer: socket.socket, wait: float) -> None:
        try:
            await self._clock.sleep(wait)
        except asyncio.CancelledError:
            peer.close()
            raise

    async def _shake(self, peer: socket.socket, wait: float) -> None:
        outcome = "given_up"
        try:
            await self._turn(peer, wait)
            await asyncio.get_running_loop().connect_accepted_socket(
                self._made,
                peer,
                ssl=self._certificates.context,
                ssl_handshake_timeout=HANDSHAKE_WITHIN,
                ssl_shutdown_timeout=1.0,
            )
            outcome = "done"
        except (OSError, TimeoutError):
            outcome = "failed"  # the peer's affair: no TLS, a certificate that nobody knows, silence, a cut line
        finally:
            handshakes.labels(outcome=outcome).inc()
            self._shaking.pop(peer, None)
            half_open.set(len(self._shaking))
