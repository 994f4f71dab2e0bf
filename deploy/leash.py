"""`python -m deploy.leash PARENT PROGRAM …`: become a program of somebody else's that ends when its parent does.

Our own children watch a pipe from their parent; a program that knows nothing of it is ended by the kernel (prctl(2),
PR_SET_PDEATHSIG), with SIGTERM, so that it can still write down what it has.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become it; back only when the parent is gone already."""
    parent, program, *words = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == int(parent):
        os.execv(program, [program, *words])  # noqa: S606 - the path that our parent found, no shell


if __name__ == "__main__":
    main()
