"""Run pytest, and look once more at what fell where a machine that stands still can fell a test that holds.

`python -m tests.second_look [pytest's arguments]`. A browser, a broker or a disk may take seconds longer on a shared
machine than anybody should have to wait for. At most five such tests are run again, alone; what holds then is named
at the end as unsteady, for somebody to mend. What proves that nothing is lost, and what needs no machine to decide,
is never given a second try: there once is too often.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FALLEN = 1
"""pytest's exit code when tests fell."""
MOST = 5
"""More than this is no accident; one that fell may have left behind what fells the next few."""
NEVER_AGAIN = (
    "tests/architecture",
    "tests/contract",
    "tests/fuzz",
    "tests/unit",
    "tests/system/test_backlog.py",
    "tests/system/test_kill_protocols.py",
    "tests/system/test_kills.py",
    "tests/system/test_nothing_personal_in_logs.py",
    "tests/system/test_openapi.py",
    "tests/system/test_two_processes.py",
)


def may_be_looked_at_again(fallen: list[str]) -> bool:
    """Whether all that fell (pytest's node ids) may be run a second time."""
    return 0 < len(fallen) <= MOST and not any(one.startswith(NEVER_AGAIN) for one in fallen)


def run(arguments: list[str]) -> int:
    """Run pytest, perhaps twice; its exit code."""
    memory = Path(tempfile.mkdtemp(prefix="nattljus-second-look-"))
    pytest = [sys.executable, "-m", "pytest", "-o", f"cache_dir={memory}"]
    try:
        code = subprocess.call([*pytest, *arguments])
        fallen = _fallen(memory)
        if code != FALLEN or not may_be_looked_at_again(fallen):
            return code
        print("\nA second look at: " + " ".join(fallen), flush=True)
        code = subprocess.call([*pytest, *fallen])
        if code == 0:
            print("\nUnsteady, held only the second time:\n  " + "\n  ".join(fallen), flush=True)
        return code
    finally:
        shutil.rmtree(memory, ignore_errors=True)


def _fallen(memory: Path) -> list[str]:
    remembered = memory / "v" / "cache" / "lastfailed"
    return sorted(json.loads(remembered.read_text())) if remembered.exists() else []


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
