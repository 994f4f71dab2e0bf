"""Makes a fresh machine ready: Python libraries, Node, pages, and what the tests need. `make` calls it.

It runs before anything is installed, so it uses Python's own library and `kit.clock`, which does the same.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - nothing has made sure of it yet
    raise SystemExit("Nattljus needs Python 3.11 or newer; name one with `make PYTHON=python3.11 …`.")
