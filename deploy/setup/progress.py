"""Shows each part of the set-up as one plain line; what the tools say goes to a log that is shown only on failure."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.setup.places import LOGS, ROOT
from kit.clock import SystemClock

TAIL = 25  # lines of the log that are shown
_clock = SystemClock()


class CannotSetUp(Exception):
    """The set-up cannot go on. The text is for the person at the terminal: what is wrong and what to do."""


class Part:
    """One part of the set-up: runs its commands into one log."""

    def __init__(self, log: Path, advice: str) -> None:
        self._log = log
        self._advice = advice

    def run(
        self, command: Sequence[str | Path], *, where: Path = ROOT, environment: Mapping[str, str] | None = None
    ) -> None:
        """Run a command to its end; raises CannotSetUp with the log's tail and advice when it fails."""
        with self._log.open("a") as log:
            log.write(f"$ {' '.join(map(str, command))}\n")
            log.flush()
            result = subprocess.run(
                command, cwd=where, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False
            )
        if result.returncode != 0:
            tail = self._log.read_text(errors="replace").splitlines()[-TAIL:]
            lines = "".join(f"    {line}\n" for line in tail)
            raise CannotSetUp(f"{lines}That failed. {self._advice} The whole log: {self._log.relative_to(ROOT)}")


@contextmanager
def part(title: str, log: str, advice: str) -> Iterator[Part]:
    """Show that a part begins and, when it is done, how long it took."""
    LOGS.mkdir(parents=True, exist_ok=True)
    file = LOGS / f"{log}.log"
    file.write_text("")
    began = _clock.monotonic()
    say(f"  {title} … ", end="")
    try:
        yield Part(file, advice)
    except BaseException:
        say("")
        raise
    say(f"{_clock.monotonic() - began:.0f} s")


def say(text: str, end: str = "\n") -> None:
    """Tell the person at the terminal, in order with what other programs print."""
    sys.stdout.write(text + end)
    sys.stdout.flush()


def is_root() -> bool:
    """Whether system packages may be installed."""
    return os.geteuid() == 0
