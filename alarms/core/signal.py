"""A signal: anything that a device sends, once its receiver has understood what it asks of us.

Receivers make signals, the hub stores them, and only what needs a human becomes a case (domain.md, semantics 1).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from kit.wire.words import Reason, SignalKind


@dataclass(frozen=True, slots=True)
class Signal:
    """What arrived. Nothing here has been decided yet.

    `account` is who the sender says it is in its protocol (SCAIP's `cid`), `device` the registry's id where the sender
    has proven it. The same `key` within `RECEIPT_WINDOW` is the same signal sent again. `priority` is 1–5, 1 first.
    `principal` is whose the sender says it is, where its protocol says so; a device of another's is then unknown.
    `raw` is what came over the wire, kept as it was. `defects` names what was wrong with an alarm raised all the same.
    `details` holds what the protocol said besides (location, texts, how speech can be had), for the desk to show.
    """

    protocol: str
    account: str
    device: str | None
    key: str
    kind: SignalKind
    reason: Reason | None
    priority: int
    type: str
    reference: str
    received_at: datetime
    occurred_at: datetime | None
    raw: bytes
    defects: tuple[str, ...] = ()
    details: dict[str, str] = field(default_factory=dict)
    principal: str | None = None


class Outcome(StrEnum):
    """What the hub did with a signal. In each case it is durably stored."""

    STORED = "stored"
    REPEATED = "repeated"
    UNKNOWN_ACCOUNT = "unknown_account"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a signal is committed: its id, the case it is on if any, and what was done."""

    signal: str
    case: str | None
    outcome: Outcome
    known: bool
    """Whether the account belongs to a live device, also for a repeated signal."""


class Intake(Protocol):
    """What a receiver needs of the hub."""

    async def receive(self, signal: Signal) -> Receipt:
        """Return once the signal is committed. Raises `kit.errors.StorageDown` when it could not be."""
        ...

    async def not_told(self, receipt: Receipt) -> None:
        """Note on the signal's case that the device never confirmed our answer. Raises nothing."""
        ...


def last_resort(signal: Signal) -> Signal:
    """The same signal stripped to what cannot fail, as an alarm that says it could not be understood."""
    return replace(
        signal,
        account="".join(letter for letter in signal.account if letter.isascii() and letter.isprintable())[:80],
        key="unreadable:" + sha256(signal.key.encode("utf-8", "replace")).hexdigest(),
        kind=SignalKind.ALARM,
        reason=Reason.UNREADABLE,
        priority=2,
        type="unreadable",
        reference="",
        occurred_at=None,
        defects=("unreadable",),
        details={},
    )
