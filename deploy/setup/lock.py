"""Renews the lock files, for whoever changes a dependency: exact versions, every file's hash."""

import shutil
import sys

from deploy.setup import node, npm_lock
from deploy.setup.places import LOCKS, ROOT, WEB
from deploy.setup.progress import part
from deploy.setup.python import NETWORK, pip

TOOLS = ROOT / "build" / "lock"
ORDER = ("run", "test", "node", "lock")  # test leans on run
# Where a package came from is this machine's matter; what it must be is in the hash.
OPTIONS = ("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--strip-extras", "--allow-unsafe")


def renew() -> None:
    """Resolve every lock file anew, to the newest versions that the `.in` files and `package.json` allow."""
    with part("Lock files", "lock", NETWORK) as locked:
        shutil.rmtree(TOOLS, ignore_errors=True)
        python = TOOLS / "bin" / "python"
        locked.run([sys.executable, "-m", "venv", TOOLS])
        locked.run([*pip(python), "-r", LOCKS / "lock.txt"])
        for name in ORDER:
            source, result = f"requirements/{name}.in", f"requirements/{name}.txt"
            words = [*OPTIONS, "--no-header", "--upgrade", "--quiet", "--output-file", result, source]
            locked.run([python, "-m", "piptools", "compile", *words])
        locked.run(["npm", "install", "--package-lock-only"], where=WEB, environment=node.environment())
        npm_lock.complete(WEB / "package-lock.json")
