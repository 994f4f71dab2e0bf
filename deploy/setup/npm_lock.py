"""Completes the pages' lock file with packages for machines unlike the one that wrote it.

npm leaves an optional package out of the lock when its registry does not have it, and `npm ci` then refuses the lock
as incomplete, on every machine. An entry with the version, system and processor is enough for npm to pass it over
where it does not fit; where it fits, npm fetches it, and the lock is to be renewed there to hold its hash as well.
"""

import json
import re
from pathlib import Path
from typing import Any

SYSTEM = re.compile(r"\b(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)\b")
LIBRARY = re.compile(r"\b(musl|gnu)\b")
PROCESSOR = re.compile(r"\b(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64|wasm32)\b")


def complete(file: Path) -> None:
    """Add what is missing to that package-lock.json."""
    lock = json.loads(file.read_text())
    packages = lock["packages"]
    for name, (version, needed_by) in missing(lock).items():
        packages[f"node_modules/{name}"] = _entry(name, version, packages[needed_by])
    ordered = {name: packages[name] for name in sorted(packages)}
    file.write_text(json.dumps(lock | {"packages": ordered}, indent=2, ensure_ascii=False) + "\n")


def missing(lock: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The optional packages that the lock names but does not hold: the version asked for, and the path of who asks."""
    packages: dict[str, Any] = lock["packages"]
    return {
        name: (version, path)
        for path, package in packages.items()
        for name, version in package.get("optionalDependencies", {}).items()
        if f"node_modules/{name}" not in packages and f"{path}/node_modules/{name}" not in packages
    }


def _entry(name: str, version: str, needed_by: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"version": version, "optional": True}
    if needed_by.get("dev"):
        entry["dev"] = True
    if system := SYSTEM.search(name):
        entry["os"] = [system[1]]
    if processor := PROCESSOR.search(name):
        entry["cpu"] = [processor[1]]
    if library := LIBRARY.search(name):
        entry["libc"] = ["glibc" if library[1] == "gnu" else "musl"]
    return entry
