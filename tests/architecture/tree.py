"""The committed tree, as the architecture tests see it."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kit", "registry", "signaling", "media", "alarms", "clients", "deploy")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is committed or about to be, and still there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = {ROOT / name for name in listed.stdout.decode().split("\0") if name}
    return tuple(sorted(file for file in found if file.is_file()))


def ending(*suffixes: str) -> list[Path]:
    """The files with these endings."""
    return [file for file in files() if file.suffix in suffixes]


def text(file: Path) -> str:
    """A file's text; empty for one that is none, such as a picture."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def name(file: Path) -> str:
    """A file's path as people write it."""
    return file.relative_to(ROOT).as_posix()


@cache
def parsed(file: Path) -> ast.Module:
    """A Python file as a tree."""
    return ast.parse(text(file), str(file))


def imports(file: Path) -> set[str]:
    """The modules that a Python file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
