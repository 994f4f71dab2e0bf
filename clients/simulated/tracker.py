"""The mobile alarm that a resident of the demonstration carries: tells where it is now and then, and when it is asked.

It walks around the block at home, never so far that a safe zone would say a word.
"""

import math
import secrets
from contextlib import suppress

import httpx

from clients.simulated.session import Refused, Session
from kit.clock import Clock
from kit.wire.position import LOCATE_COMMAND, DeviceCommands

TRACKER = "demo-phone-8"
HOME = (58.3866, 13.4391)  # degrees north and east
AROUND = 0.0015  # degrees: some 150 metres
ROUND = 1800.0  # seconds
POLL_EVERY = 5.0
TELL_EVERY = 240.0
ACCURACY = 15  # metres


class Tracker:
    """One device, until its task is cancelled."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def live(self) -> None:
        """Tell, and answer what is asked. A platform that is away is asked again."""
        told_at: float | None = None
        while True:
            with suppress(httpx.HTTPError, Refused):
                now = self._clock.monotonic()
                if told_at is None or now - told_at >= TELL_EVERY:
                    await self._tell()
                    told_at = now
                answer = await self._session.ask("GET", "/device/commands")
                for command in DeviceCommands.model_validate_json(answer.content).items:
                    if command.type == LOCATE_COMMAND:
                        await self._tell(command.data.command)
            await self._clock.sleep(POLL_EVERY)

    async def _tell(self, command: str | None = None) -> None:
        turned = 2 * math.pi * self._clock.monotonic() / ROUND
        data = {
            "latitude": HOME[0] + AROUND * math.sin(turned),
            "longitude": HOME[1] + 2 * AROUND * math.cos(turned),
            "accuracy": ACCURACY,
            **({} if command is None else {"command": command}),
        }
        event: dict[str, object] = {
            "specversion": "1.0",
            "id": secrets.token_hex(8),
            "source": TRACKER,
            "type": "nattljus.position",
            "time": self._clock.now().isoformat(),
            "data": data,
        }
        await self._session.ask("POST", "/device/events", event)
