"""What a lock that is not ours by birth has said, in our words, and the signal that is. Pure."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from alarms.core.door import MEANINGS, Door, Meaning
from alarms.core.signal import Signal
from alarms.locks.remark import Remark
from kit.text import printable
from kit.wire.words import LockOutcome, Reason, SignalKind


@dataclass(frozen=True, slots=True)
class LockSaid:
    """One message. `begun`: an action that has begun, not yet done."""

    door: Door | None = None
    begun: bool = False
    battery_low: bool | None = None
    reachable: bool | None = None
    outcome: LockOutcome | None = None

    def meaning(self) -> Meaning | None:
        """What it asks of us; none when it only tells how the lock stands."""
        if self.door is not None:
            return MEANINGS[self.door.event]
        if self.battery_low is not None:
            kind = SignalKind.TECHNICAL if self.battery_low else SignalKind.RESTORE
            return Meaning(kind, Reason.BATTERY_LOW, 4)
        return None

    def remark(self, protocol: str, account: str, *, remembered: bool) -> Remark:
        """The same as a remark of that lock."""
        return Remark(
            protocol,
            account,
            event=self.door.event if self.door else None,
            battery_low=self.battery_low,
            reachable=self.reachable,
            outcome=self.outcome,
            remembered=remembered,
        )

    def signal(
        self, meaning: Meaning, protocol: str, account: str, leaf: str, payload: bytes, *, occasion: str, at: datetime
    ) -> Signal:
        """The same as a signal of that lock, told on that leaf on that occasion."""
        told = sha256(f"{leaf}\0".encode() + payload).hexdigest()[:32]
        details = self.door.told() if self.door else {}
        if self.begun:
            details["begun"] = "yes"
        return Signal(
            protocol=protocol,
            account=account,
            device=None,
            key=f"{protocol}:{account}:{occasion}:{told}",
            kind=meaning.kind,
            reason=meaning.reason,
            priority=meaning.priority,
            type=leaf,
            reference=printable(payload.decode("utf-8", "replace"), 128),
            received_at=at,
            occurred_at=None,
            raw=payload,
            details=details,
        )
