"""`python3 -m deploy.setup run | tests | lock | npm …`: each makes ready what its `make` target starts."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.setup import debian, lock, node, python
from deploy.setup.places import LOGS
from deploy.setup.progress import CannotSetUp, say


def main(words: list[str]) -> int:
    """Make one thing ready; 0 done, 1 not possible and said why, 2 not understood, 130 interrupted."""
    try:
        match words:
            case ["run"]:
                with _alone():
                    _run()
            case ["tests"]:
                with _alone():
                    _tests()
            case ["lock"]:
                with _alone():
                    lock.renew()
            case ["npm", *rest]:
                node.npm(rest)
            case _:
                say(__doc__ or "")
                return 2
    except CannotSetUp as reason:
        say(str(reason))
        return 1
    except KeyboardInterrupt:
        say("Stopped. The same command goes on from here.")
        return 130
    return 0


def _run() -> None:
    python.environment()
    python.libraries("run")
    node.pages()


def _tests() -> None:
    debian.need_for_tests()
    python.environment()
    python.libraries("test")
    python.libraries("strangers")
    node.pages()


@contextmanager
def _alone() -> Iterator[None]:
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "one-at-a-time").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is running here; waiting for it.")
            fcntl.flock(door, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
