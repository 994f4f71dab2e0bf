"""The pages' TypeScript types are made from `kit.wire`; this keeps them fresh."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "clients" / "web"


def test_the_pages_types_are_those_of_the_wire() -> None:
    node = shutil.which("node", path=os.pathsep.join([str(ROOT / ".venv" / "bin"), os.environ.get("PATH", "")]))
    if node is None or not (WEB / "node_modules").is_dir():
        pytest.skip("The pages' packages are not installed. Run `npm ci` in clients/web.")
    made = subprocess.run(
        [node, "scripts/wire.mjs", "--print"],
        cwd=WEB,
        env={**os.environ, "NATTLJUS_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    kept = (WEB / "src" / "wire" / "types.ts").read_text(encoding="utf-8")
    assert made.stdout == kept, "Run `npm run wire` in clients/web and commit the result."
