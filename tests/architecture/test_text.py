"""What committed text may not say: work left undone, this or that machine, where packages came from."""

import json
import re
from pathlib import Path

import pytest

from deploy.setup.npm_lock import missing
from tests.architecture.tree import ROOT, files, name, text

# Each is put together from pieces, so that the rule does not find itself.
UNDONE = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
MACHINES = re.compile(
    "|".join(rf"(?<![\w.])/{place}/" for place in ["wo" + "rk", "ro" + "ot", "tm" + "p/w", "ho" + "me/[a-z]+"])
)
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "npm" + r"js\.(org|com)"])
)
LANGUAGE = re.compile(
    r"\b("
    + "|".join(["Cl" + "aude", "Anthr" + "opic", "Chat" + "GPT", "Open" + "AI", "Co" + "pilot", "L" + "LMs?"])
    + r")\b",
    re.IGNORECASE,
)
LOCKS = tuple(f"requirements/{lock}.txt" for lock in ("run", "test", "node", "lock", "strangers"))
PAGE_LOCK = ROOT / "clients" / "web" / "package-lock.json"


@pytest.mark.parametrize(
    "pattern",
    [UNDONE, MACHINES, REGISTRIES, LANGUAGE],
    ids=["work left undone", "paths of one machine", "registries", "how it was written"],
)
def test_no_committed_file_speaks_of(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name(file)}:{number}: {line.strip()[:80]}"
        for file in files()
        if file != PAGE_LOCK
        for number, line in enumerate(text(file).splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    assert UNDONE.search("# " + "TO" + "DO: later")
    assert MACHINES.search("see /" + "wo" + "rk/main")
    assert not MACHINES.search("see alarms/home/page and /api/v1/home")
    assert REGISTRIES.search("https://pypi" + ".org/simple")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_every_package_by_hash_and_says_nothing_of_where_it_came_from(lock: str) -> None:
    lines = text(ROOT / lock).splitlines()
    pins = [number for number, line in enumerate(lines) if re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+ .*\\$", line)]
    assert pins
    assert all("--hash=sha256:" in lines[number + 1] for number in pins)
    others = [line for line in lines if line and not line.startswith((" ", "#")) and "==" not in line]
    assert others == []
    assert not any("://" in line for line in lines)


def test_the_lock_of_the_pages_is_whole_and_says_nothing_of_where_packages_came_from() -> None:
    lock = json.loads(PAGE_LOCK.read_text())
    assert missing(lock) == {}, "run `make lock`"
    assert [path for path, package in lock["packages"].items() if "resolved" in package] == []


def test_every_decision_has_its_own_number_and_names_what_enforces_it() -> None:
    decisions = sorted(Path(ROOT / "deploy" / "decisions").glob("*.md"))
    numbers = [file.name[:4] for file in decisions]
    assert decisions
    assert len(set(numbers)) == len(numbers)
    assert [file.name for file in decisions if not re.search(r"tests/|pyproject\.toml", text(file))] == []


def test_every_test_that_a_readme_names_is_there() -> None:
    there = {
        found
        for file in files()
        if file.suffix == ".py" and name(file).startswith("tests/")
        for found in [file.name, *re.findall(r"def (test_\w+)", text(file))]
    }
    named = {
        (name(file), found)
        for file in files()
        if file.suffix == ".md"
        for found in re.findall(r"`(?:[\w/]*/)?(test_\w+(?:\.py)?)`", text(file))
    }
    assert len(named) > 30
    assert sorted(each for each in named if each[1] not in there) == []
