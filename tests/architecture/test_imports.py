"""Imports point one way and go in no circle (deploy/decisions/0001)."""

import subprocess
import sys
from pathlib import Path

import grimp
import pytest

from tests.architecture.tree import PACKAGES, ROOT, ending, imports, name

IMPURE = {
    "aiosqlite", "asyncio", "asyncpg", "datetime.datetime.now", "fastapi", "httpx", "kit.bus", "kit.clock", "kit.log",
    "kit.metrics", "kit.settings", "kit.store", "kit.tasks", "kit.tokens", "logging", "os", "random", "redis",
    "secrets", "socket", "sqlalchemy", "sqlite3", "starlette", "structlog", "subprocess", "threading", "time",
    "uvicorn", "uuid",
}  # fmt: skip


def test_the_contracts_of_import_linter_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    following = {module: sorted(graph.find_modules_directly_imported_by(module)) for module in graph.modules}
    assert sum(map(len, following.values())) > 50
    assert knots(following) == []


def test_a_knot_is_found() -> None:
    assert knots({"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": []}) == [["a", "b", "c"]]


def cores() -> list[Path]:
    return [file for file in ending(".py") if "core" in file.relative_to(ROOT).parts[:-1] and "tests" not in file.parts]


def test_there_are_cores() -> None:
    assert len(cores()) > 2


@pytest.mark.parametrize("file", cores(), ids=name)
def test_a_core_decides_and_touches_nothing(file: Path) -> None:
    touched = {found for found in imports(file) if any(found == bad or found.startswith(f"{bad}.") for bad in IMPURE)}
    assert not touched


def knots(following: dict[str, list[str]]) -> list[list[str]]:
    """The sets of modules that reach each other (Tarjan's strongly connected components of more than one)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_ones: list[str] = []
    found: list[list[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        open_ones.append(module)
        for after in following[module]:
            if after not in number:
                visit(after)
                lowest[module] = min(lowest[module], lowest[after])
            elif after in open_ones:
                lowest[module] = min(lowest[module], number[after])
        if lowest[module] == number[module]:
            place = open_ones.index(module)
            knot, open_ones[place:] = open_ones[place:], []
            if len(knot) > 1:
                found.append(sorted(knot))

    for module in sorted(following):
        if module not in number:
            visit(module)
    return found


def test_setting_up_needs_no_library() -> None:
    """`make run` on a bare machine: what installs the libraries can use none of them."""
    bare = [sys.executable, "-S", "-c", "import deploy.setup.__main__"]
    done = subprocess.run(bare, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
