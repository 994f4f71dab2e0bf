"""Programs that a benchmark starts: ended by their id, and by the kernel when the benchmark itself is killed."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

END_WITHIN = 10.0  # seconds


class CannotMeasure(Exception):
    """Why a benchmark cannot go on: a sentence for the one who typed the command."""


def start(
    command: Sequence[str | Path],
    *,
    folder: Path,
    output: IO[bytes] | int,
    errors: IO[bytes],
    env: Mapping[str, str] | None = None,
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in `folder`, as `user` when given."""
    setpriv = shutil.which("setpriv")
    leash = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    return subprocess.Popen(  # noqa: S603 - programs of ours and of Debian's, no shell
        [*leash, *command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )


def end(process: subprocess.Popen[bytes], signal: int) -> None:
    """Ask it to end, and end it when it does not."""
    if process.poll() is not None:
        return
    process.send_signal(signal)
    try:
        process.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
