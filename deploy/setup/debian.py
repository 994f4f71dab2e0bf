"""Debian packages: installed when we are root, asked for in one sentence when we are not.

A test server that apt would start is of no use, since the tests start their own: while packages are installed,
`policy-rc.d` says no to every service.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.setup.progress import CannotSetUp, Part, is_root, part

POLICY = Path("/usr/sbin/policy-rc.d")
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"  # where servers are, also for who is not root
ADVICE = "See that apt works (apt-get update), then run the same again."


@dataclass(frozen=True)
class Needed:
    """A package and how to see that what it brings is there, by whatever way it came."""

    package: str
    program: str
    purpose: str

    def there(self) -> bool:
        """Whether the program is on the path or where Debian puts it."""
        return shutil.which(self.program, path=PATH) is not None or any(Path("/").glob(f"usr/lib/{self.program}"))


FOR_TESTS = (
    Needed("postgresql", "postgresql/*/bin/postgres", "the tests start servers of their own with it"),
    Needed("redis-server", "redis-server", "the tests start servers of their own with it"),
    Needed("mosquitto", "mosquitto", "the tests start brokers of their own with it"),
    Needed("mosquitto-clients", "mosquitto_pub", "plays a lock of somebody else"),
    Needed("curl", "curl", "plays the HTTP device and the vendor of somebody else"),
    Needed("sip-tester", "sipp", "plays the alarm device of somebody else"),
    Needed("kamailio", "kamailio", "plays the SIP proxy of somebody else"),
    Needed("chromium", "chromium", "opens the pages"),
)


def need_venv() -> None:
    """Python's venv, which Debian packs by itself."""
    if not is_root():
        raise CannotSetUp("Python's venv is missing: run `sudo apt-get install python3-venv`, then the same again.")
    _install(["python3-venv"])


def need_for_tests() -> None:
    """Everything the tests start besides Python and Node; raises CannotSetUp with a list when we may not install."""
    missing = [needed for needed in FOR_TESTS if not needed.there()]
    if not missing:
        return
    if not is_root() or shutil.which("apt-get") is None:
        lines = "".join(f"  {needed.package}: {needed.purpose}\n" for needed in missing)
        names = " ".join(needed.package for needed in missing)
        raise CannotSetUp(f"The tests need what is not here:\n{lines}Run `sudo apt-get install {names}`.")
    _install([needed.package for needed in missing])


def _install(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with part(f"Debian packages: {' '.join(packages)}", "apt", ADVICE) as apt, _no_service_starts():
        _apt_get(apt, environment, "update")
        _apt_get(apt, environment, "install", "-y", "--no-install-recommends", *packages)


def _apt_get(apt: Part, environment: dict[str, str], *words: str) -> None:
    apt.run(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *words], environment=environment)


@contextmanager
def _no_service_starts() -> Iterator[None]:
    if POLICY.exists():  # somebody has decided already
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)
