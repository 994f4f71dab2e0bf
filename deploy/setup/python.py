"""The Python side: `.venv`, libraries by the lock files' hashes, and the `nattljus` command.

The project itself is not built: one line in a `.pth` file puts the tree on Python's path and a few lines start the
command. That needs no build tools, which a bare Debian lacks, and every change is there at once.
"""

import importlib.util
import platform
import shutil
import sys
from pathlib import Path

from deploy.setup import debian
from deploy.setup.places import LOCKS, ROOT, VENV
from deploy.setup.progress import part
from deploy.setup.stamps import digest, put, stands

NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"
PYTHON = VENV / "bin" / "python"
COMMAND = VENV / "bin" / "nattljus"
LAUNCHER = """\
#!{python}
import sys

from deploy.cli import main

sys.exit(main())
"""
NETWORK = "See that this machine reaches a Python package index, then run the same again; what is done stays done."


def environment() -> None:
    """Make `.venv` of this Python, again when it was made by another Python or has moved."""
    stamp, wanted = VENV / "made-for", f"{sys.base_prefix} {platform.python_version()} {ROOT}"
    if stands(stamp, wanted) and PYTHON.exists():
        return
    if importlib.util.find_spec("ensurepip") is None:
        debian.need_venv()
    with part("Python environment", "venv", "Delete .venv and run the same again.") as made:
        shutil.rmtree(VENV, ignore_errors=True)
        made.run([Path(sys.base_prefix) / "bin" / NAME, "-m", "venv", VENV])
        _put_project_on_path()
        put(stamp, wanted)


def libraries(lock: str) -> None:
    """Install what `requirements/<lock>.txt` pins, each file checked against its hash."""
    file, stamp = LOCKS / f"{lock}.txt", VENV / f"installed-{lock}"
    wanted = digest([file])
    if stands(stamp, wanted):
        return
    with part(f"Python libraries ({lock})", f"pip-{lock}", NETWORK) as installed:
        installed.run([*pip(PYTHON), "--only-binary", ":all:", "-r", file])
        put(stamp, wanted)


def pip(python: Path) -> list[str | Path]:
    """The command that installs exactly what a lock file says. The lock is whole, so nothing is resolved anew."""
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    return [python, "-m", "pip", "install", *quiet, "--require-hashes", "--no-deps"]


def site_packages() -> Path:
    """Where this environment's libraries lie."""
    return VENV / "lib" / NAME / "site-packages"


def _put_project_on_path() -> None:
    (site_packages() / "nattljus.pth").write_text(f"{ROOT}\n")
    COMMAND.write_text(LAUNCHER.format(python=PYTHON))
    COMMAND.chmod(0o755)
