"""How long a device is asked to hold while nothing can be stored: 10 seconds, then it is sent to its next receiver.

Rule: what cannot be stored is never kept waiting here; another receiver may be well (domain.md, semantics 2). What was
stored after its device had been put off is told at once when the device asks again: a store that is slow but works must
not hold everybody for ever.
"""

from collections import OrderedDict

from alarms.core.signal import Receipt
from alarms.receivers.scaip.answer import HOLD, NOT_TREATED

HOLD_FOR = 10.0  # seconds since the device first asked
FORGET_AFTER = 1800.0  # seconds; devices hold for 3–30 minutes, and their references wrap


class Patience:
    """Since when each (account, reference) has been asked to wait. At most `limit` of them, the oldest go first."""

    def __init__(self, *, limit: int = 20_000) -> None:
        self._limit = limit
        self._since: OrderedDict[tuple[str, str], float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._since)

    def verdict(self, account: str, reference: str, arrived: float, at: float) -> int:
        """The `snu` for a signal that arrived then and is not stored now: `HOLD`, later `NOT_TREATED`."""
        while self._since:
            oldest, since = next(iter(self._since.items()))
            if at - since < FORGET_AFTER and len(self._since) <= self._limit:
                break
            del self._since[oldest]
        since = self._since.setdefault((account, reference), arrived)
        return HOLD if at - since < HOLD_FOR else NOT_TREATED

    def stored(self, account: str, reference: str) -> None:
        """It is stored: its next trouble starts anew."""
        self._since.pop((account, reference), None)


class Late:
    """Receipts that came after their devices had been put off, by signal key. The oldest go first."""

    def __init__(self, *, limit: int = 20_000) -> None:
        self._limit = limit
        self._receipts: OrderedDict[str, tuple[float, Receipt]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._receipts)

    def keep(self, key: str, receipt: Receipt, at: float) -> None:
        """Stored, and nobody was told."""
        self._receipts[key] = (at, receipt)
        while len(self._receipts) > self._limit:
            self._receipts.popitem(last=False)

    def take(self, key: str, at: float) -> Receipt | None:
        """What to tell a device that asks again; once, and only while its reference cannot have wrapped."""
        kept_at, receipt = self._receipts.pop(key, (at, None))
        return receipt if at - kept_at < FORGET_AFTER else None
