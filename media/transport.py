"""DTLS and SRTP for one leg: aiortc's DTLS over an ICE object that is ours, as server, AES-256-GCM first.

aiortc is given only what begins like DTLS; what it would do with pictures and sound is never reached. This module knows
its inner names (aiortc 1.16: `_recv`, `_send`, `_set_role`, `_setup_srtp`, `_tx_srtp`, `_rx_srtp`) and no other does.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import pylibsrtp
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    State,
)

WAITING = 32  # datagrams of DTLS that wait to be handled
REPLAY_WINDOW = 1024  # packets
_END = b""
"""Stands in the queue where nothing more is to be waited for."""


def _nowhere(datagram: bytes) -> None:
    """Where an ended association sends."""


class _Dtls(RTCDtlsTransport):
    """As aiortc's, but for what we send no number may be used twice (it allows that, for senders that resend)."""

    def _setup_srtp(self) -> None:
        super()._setup_srtp()
        if self._state is State.FAILED:
            return
        assert self._ssl is not None
        chosen = self._ssl.get_selected_srtp_profile()
        profile = next(known for known in self._srtp_profiles if known.openssl_profile == chosen)
        keys = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (profile.key_length + profile.salt_length))
        policy = pylibsrtp.Policy(
            key=profile.get_key_and_salt(keys, 1),  # the server's, RFC 5764 §4.2
            ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND,
            srtp_profile=profile.libsrtp_profile,
        )
        policy.allow_repeat_tx = False
        policy.window_size = REPLAY_WINDOW
        self._tx_srtp = pylibsrtp.Session(policy)


class Association:
    """One DTLS association. To aiortc it is the ICE transport beneath, to the leg what protects and opens packets.

    Await `handshake` once; then, if it said so, packets can be protected and opened. Await `close` at the end.
    """

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send_out = send
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue(WAITING)
        self._dtls = _Dtls(self, [RTCCertificate.generateCertificate()])  # type: ignore[arg-type]
        self._dtls._set_role("server")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of our certificate, as SDP writes it."""
        return next(one.value for one in self._dtls.getLocalParameters().fingerprints if one.algorithm == "sha-256")

    @property
    def profile(self) -> str:
        """The name of the negotiated SRTP profile."""
        ssl = self._dtls._ssl
        return ssl.get_selected_srtp_profile().decode() if ssl else ""

    def feed(self, datagram: bytes) -> bool:
        """Hand over a datagram that begins like DTLS. False when too many wait already."""
        if self._arrived.full():
            return False
        self._arrived.put_nowait(datagram)
        return True

    async def handshake(self, fingerprints: Sequence[tuple[str, str]], ended: Callable[[], None]) -> bool:
        """Shake hands with whoever holds a certificate of that fingerprint; whether it came to that.

        `ended` is called when the other side has ended the association.
        """
        peer = [RTCDtlsFingerprint(algorithm, value) for algorithm, value in fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=peer, role="client"))
        if self._dtls._state is not State.CONNECTED:
            return False

        def changed() -> None:
            if self._dtls._state is State.CLOSED:
                ended()

        self._dtls.on("statechange", changed)
        return True

    def open_rtp(self, packet: bytes) -> bytes | None:
        """The packet unprotected, or None when it is forged, came before, or is too long."""
        try:
            return self._dtls._rx_srtp.unprotect(packet)
        except (pylibsrtp.Error, ValueError):
            return None

    def open_rtcp(self, packet: bytes) -> bytes | None:
        """As `open_rtp`, for RTCP."""
        try:
            return self._dtls._rx_srtp.unprotect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return None

    def protect_rtp(self, packet: bytes) -> bytes | None:
        """The packet protected, or None when it is too long or its number was used before."""
        try:
            return self._dtls._tx_srtp.protect(packet)
        except (pylibsrtp.Error, ValueError):
            return None

    def protect_rtcp(self, packet: bytes) -> bytes | None:
        """As `protect_rtp`, for RTCP; each has a number of its own."""
        try:
            return self._dtls._tx_srtp.protect_rtcp(packet)
        except (pylibsrtp.Error, ValueError):
            return None

    async def close(self) -> None:
        """Tell the other side, and free everything."""
        self._dtls.remove_all_listeners()
        while not self._arrived.empty():
            self._arrived.get_nowait()
        self._arrived.put_nowait(_END)
        pump = self._dtls._task
        await self._dtls.stop()
        if pump is not None:
            with suppress(asyncio.CancelledError, ConnectionError):
                await asyncio.wait([pump])
        # Without these circles a leg's memory is free now, not at some later collection.
        self._send_out = _nowhere
        self._dtls._transport = None  # type: ignore[assignment]

    async def _recv(self) -> bytes:
        datagram = await self._arrived.get()
        if not datagram:
            raise ConnectionError
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._send_out(datagram)
