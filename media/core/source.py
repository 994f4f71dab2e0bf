"""One stream as it arrives from its publisher: how well (RFC 3550 §6.4.1, A.3, A.8), and what it was asked for.

`at` is seconds of a clock that only grows.
"""

from collections import OrderedDict
from collections.abc import Iterable

from media.core.medium import Medium
from media.core.rtcp import ReportBlock, SenderReport
from media.core.rtp import Header, unwrap

KEY_FRAME_PAUSE = 0.5  # seconds between two key frames asked for
ASK_AGAIN = 0.03  # seconds before the same packet is asked for anew, whoever misses it
ASKED_MOST = 1024  # packets remembered as asked for


class Source:
    """A publisher's stream. Its numbers are counted on past 16 bits; SRTP has already refused what came twice."""

    def __init__(self, medium: Medium, header: Header, at: float) -> None:
        self.medium = medium
        self.ssrc = header.ssrc
        self._first = self._highest = header.sequence
        self._received = 0
        self._expected_before = self._received_before = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._report: tuple[int, float] | None = None
        self._key_frame_at = at - KEY_FRAME_PAUSE
        self._key_frame_wanted = False
        self._asked: OrderedDict[int, float] = OrderedDict()

    def arrived(self, header: Header, at: float) -> int:
        """Note a packet of this stream; its number, counted on past 16 bits."""
        number = unwrap(header.sequence, self._highest)
        self._highest = max(self._highest, number)
        self._first = min(self._first, number)
        self._received += 1
        transit = at * self.medium.clock_rate - header.timestamp
        if self._transit is not None:
            late = abs(transit - self._transit)
            if late < 10 * self.medium.clock_rate:  # a wrapped or moved timestamp is not jitter
                self._jitter += (late - self._jitter) / 16
        self._transit = transit
        return number

    def reported(self, report: SenderReport, at: float) -> None:
        """Note the publisher's own report."""
        self._report = (report.ntp >> 16 & 0xFFFFFFFF, at)

    def block(self, at: float) -> ReportBlock:
        """How the stream has arrived; the fraction is since the last call."""
        expected = self._highest - self._first + 1
        lately, came = expected - self._expected_before, self._received - self._received_before
        self._expected_before, self._received_before = expected, self._received
        last, since = self._report or (0, at)
        return ReportBlock(
            ssrc=self.ssrc,
            fraction=min(255, max(0, 256 * (lately - came) // lately)) if lately > 0 else 0,
            lost=min(0x7FFFFF, max(-0x800000, expected - self._received)),
            highest=self._highest & 0xFFFFFFFF,
            jitter=int(self._jitter) & 0xFFFFFFFF,
            last_report=last,
            delay=min(0xFFFFFFFF, int((at - since) * 65536)),
        )

    def want_key_frame(self) -> None:
        """Somebody needs a whole picture; `ask_key_frame` says when to ask for it."""
        self._key_frame_wanted = True

    def ask_key_frame(self, at: float) -> bool:
        """Whether to ask the publisher now: one is wanted, and none was asked for in the last half second."""
        if not self._key_frame_wanted or at - self._key_frame_at < KEY_FRAME_PAUSE:
            return False
        self._key_frame_wanted, self._key_frame_at = False, at
        return True

    def ask_again(self, numbers: Iterable[int], at: float) -> list[int]:
        """Which of these sequence numbers to ask the publisher for: not what was asked for a moment ago."""
        asking = []
        for number in numbers:
            if at - self._asked.get(number, at - ASK_AGAIN) >= ASK_AGAIN:
                self._asked[number] = at
                self._asked.move_to_end(number)
                asking.append(number)
        while len(self._asked) > ASKED_MOST:
            self._asked.popitem(last=False)
        return asking
