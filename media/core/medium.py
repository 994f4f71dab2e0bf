"""The two media a leg can carry, each in one codec (design.md: VP8 and Opus only)."""

from enum import StrEnum


class Medium(StrEnum):
    """Sound or picture, named as SDP names them."""

    AUDIO = "audio"
    VIDEO = "video"

    @property
    def clock_rate(self) -> int:
        """Ticks a second of its RTP timestamps."""
        return 48_000 if self is Medium.AUDIO else 90_000
