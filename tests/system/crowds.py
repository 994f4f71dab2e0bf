"""Crowds that press at a steady rate, whatever becomes of the platform, and do not rest until they are answered."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from random import Random

from kit.clock import SystemClock
from tests.system.platforms import Person, Platform
from tests.system.pressers import HttpDevice, Ledger, Sender, TcpDevice, UdpDevice

AGAIN = (1.0, 3.0)  # seconds until a press that was put off is sent again; real ones wait 5–20
MOST_WAITING = 800  # presses: more people than that do not press at once, however long nobody answers
TURN = 0.02  # seconds between two looks at how many presses are due
ALL_AT_ONCE = 0.05  # of the presses in a home
clock = SystemClock()


def buttons_and_tablets(platform: Platform, people: Sequence[Person], ledger: Ledger) -> list[Sequence[Sender]]:
    """A SCAIP device and a tablet in each home; three times of four it is the button."""
    homes: list[Sequence[Sender]] = []
    for number, one in enumerate(people):
        kind = UdpDevice if number % 5 < 3 else TcpDevice
        button = kind(one.account, platform.sip_port, ledger)
        homes.append((button, button, button, HttpDevice(one.app, platform.port, ledger)))
    return homes


class Crowd:
    """Homes in which somebody presses now and then, on what there is."""

    def __init__(self, homes: Sequence[Sequence[Sender]], ledger: Ledger, *, rate: float, seed: int = 1) -> None:
        self.ledger = ledger
        self._homes = homes
        self._rate = rate
        self._random = Random(seed)
        self._over = False

    def start(self, group: asyncio.TaskGroup) -> None:
        """Begin to press, in tasks of that group."""
        group.create_task(self._press_on(group))

    def stop(self) -> None:
        """Press no more; what is pressed already goes on until it is promised."""
        self._over = True

    async def answered(self, references: set[str], at_most: float = 90.0) -> None:
        """Wait until all of these are promised."""
        try:
            async with asyncio.timeout(at_most):
                while references - self.ledger.promised:
                    await clock.sleep(0.05)
        except TimeoutError:
            ledger = self.ledger
            left = [(one, ledger.pressed[one], ledger.tries.get(one)) for one in sorted(references - ledger.promised)]
            whose = Counter(account for _, account, _ in left).most_common(5)
            raise AssertionError(
                f"{len(left)} presses were never answered, of {whose}, such as {left[:5]}; heard {dict(ledger.heard)}"
            ) from None

    async def close(self) -> None:
        """Let the sockets go."""
        for home in self._homes:
            for device in home:
                await device.close()
        await clock.sleep(0)

    async def _press_on(self, group: asyncio.TaskGroup) -> None:
        began, due = clock.monotonic(), 0.0
        while True:
            await clock.sleep(TURN)
            if self._over:  # whoever told us to stop counts what is pressed now
                return
            due += self._rate * min(clock.monotonic() - began, 1.0)  # a test that was held up does not catch up
            began = clock.monotonic()
            if len(self.ledger.pressed) - len(self.ledger.promised) >= MOST_WAITING:
                due = 0
            while due >= 1:
                home = self._random.choice(self._homes)
                together = self._random.random() < ALL_AT_ONCE  # the button and the tablet in the same moment
                for device in dict.fromkeys(home) if together else (self._random.choice(home),):
                    group.create_task(self._press(device))
                    due -= 1

    async def _press(self, device: Sender) -> None:
        reference = self.ledger.press(device.account)
        while True:
            heard = await device.ask(reference)
            if reference in self.ledger.promised:
                self.ledger.tries.pop(reference, None)
                return
            self.ledger.tries.setdefault(reference, []).append(heard)
            await clock.sleep(self._random.uniform(*AGAIN))
