"""From a frame to its answer: check, decrypt, have it stored, acknowledge.

Rules: `ACK` is said after the commit and never else; what cannot be stored is met with silence, so that the device
sends again and then goes to its next receiver; under overload things wait, never people.
"""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from alarms.core.signal import Intake, Outcome, Signal
from alarms.receivers.dc09.answer import ack, duh, nak
from alarms.receivers.dc09.cipher import decipher
from alarms.receivers.dc09.frame import unwrap
from alarms.receivers.dc09.keys import Agreed
from alarms.receivers.dc09.parse import Content, Envelope, in_time, read_content, read_decrypted, read_envelope
from alarms.receivers.dc09.signal import TOKENS, account_of, to_signal
from alarms.receivers.load import Load
from kit.clock import Clock
from kit.errors import PeerError, StorageDown
from kit.metrics import counter, gauge
from kit.tasks import Tasks
from kit.wire.words import SignalKind

ANSWER_WITHIN = 10.0  # seconds; later the device has sent again or gone elsewhere

frames = counter("dc09_frames_total", "DC-09 frames, by what was done with them", ["outcome"])
in_hand = gauge("dc09_frames_in_hand", "DC-09 frames on their way to storage")

NOT_ENCRYPTED = "not_encrypted"
"""The defect of an alarm that came in clear from a device that has a key."""


class Reply(Protocol):
    """The way back to a device."""

    def __call__(self, answer: bytes, *, known: bool = False) -> bool:
        """Send; whether there still was a way. `known`: this answers a known device."""
        ...


class AgreedKeys(Protocol):
    """Where the keys are."""

    def start(self, tasks: Tasks) -> None:
        """Begin to know them."""
        ...

    async def of(self, account: str) -> Agreed:
        """What was agreed with the device of that account. Raises StorageDown."""
        ...


class Hearing:
    """Frames on their way to the hub. Where `Load` finds them too many, technical ones are met with silence."""

    def __init__(
        self,
        intake: Intake,
        keys: AgreedKeys,
        clock: Clock,
        tasks: Tasks,
        *,
        busy_at: int,
        beats_at: int,
        full_at: int,
    ) -> None:
        self._intake = intake
        self._keys = keys
        self._clock = clock
        self._tasks = tasks
        self._load = Load(in_hand, busy_at=busy_at, beats_at=beats_at, full_at=full_at)

    def hear(self, data: bytes, reply: Reply) -> bool:
        """Take what stood between LF and CR; whether it was DC-09 at all. Answers by `reply`, now or later."""
        try:
            envelope = read_envelope(unwrap(data))
        except PeerError as error:
            frames.labels(outcome=error.code).inc()
            return False
        if envelope.token not in TOKENS:
            frames.labels(outcome="unknown_token").inc()
            reply(duh(envelope, None, self._clock.now()))
        elif self._load.full:
            frames.labels(outcome="full").inc()
        else:
            self._load.count(1)
            self._tasks.start("dc09_frame", self._answer(envelope, data, self._clock.now(), reply))
        return True

    async def _answer(self, envelope: Envelope, data: bytes, at: datetime, reply: Reply) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._receive(envelope, data, at, reply)
        except (StorageDown, TimeoutError):
            frames.labels(outcome="not_stored").inc()
        finally:
            self._load.count(-1)

    async def _receive(self, envelope: Envelope, data: bytes, at: datetime, reply: Reply) -> None:
        clear = None if envelope.encrypted else read_content(envelope.rest)
        agreed = await self._keys.of(account_of(envelope, clear))
        key = agreed.key if envelope.encrypted else None
        try:
            content = clear or _decrypted(envelope.rest, key)
        except PeerError as error:
            frames.labels(outcome=error.code).inc()
            reply(duh(envelope, None, self._clock.now()))
            return
        if not _said_now(envelope, content, at):
            frames.labels(outcome="not_in_time").inc()
            reply(nak(self._clock.now()))
            return
        signal = to_signal(envelope, content, b"\n" + data + b"\r", at)
        if agreed.encrypts and not envelope.encrypted:
            if signal.kind is not SignalKind.ALARM:
                frames.labels(outcome=NOT_ENCRYPTED).inc()
                reply(duh(envelope, None, self._clock.now()))
                return
            signal = replace(signal, defects=(*signal.defects, NOT_ENCRYPTED))
        if self._load.busy_for(signal.kind, counted=True):
            frames.labels(outcome="busy").inc()
            return
        beat = signal.kind is SignalKind.HEARTBEAT
        self._load.count_beats(beat)
        try:
            await self._store(signal, envelope, key, reply)
        finally:
            self._load.count_beats(-beat)

    async def _store(self, signal: Signal, envelope: Envelope, key: bytes | None, reply: Reply) -> None:
        receipt = await self._intake.receive(signal)
        frames.labels(outcome=receipt.outcome).inc()
        if receipt.outcome is Outcome.UNKNOWN_ACCOUNT or not receipt.known:
            reply(duh(envelope, key, self._clock.now()))
            return
        told = reply(ack(envelope, key, self._clock.now()), known=True)
        if not told and signal.kind is SignalKind.ALARM:
            await self._intake.not_told(receipt)  # the line was cut before the device could hear of it


def _decrypted(rest: str, key: bytes | None) -> Content:
    """What an encrypted message says. Raises PeerError where it cannot be opened."""
    if key is None:
        raise PeerError("no_key", "an encrypted message of a device whose key is not here")
    return read_decrypted(decipher(rest.strip("[]"), key))


def _said_now(envelope: Envelope, content: Content, at: datetime) -> bool:
    """In clear a timestamp may be missing or broken; where it is the only proof of the key, it may not."""
    return not envelope.encrypted if content.at is None else in_time(content.at, at)
