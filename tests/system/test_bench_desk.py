"""`nattljus bench desk --json` says what interfaces.md promises; the figures themselves are for a quiet machine."""

import json
import subprocess
import sys

import pytest


@pytest.mark.timeout(600)
def test_the_desk_benchmark_prints_one_object_with_every_promised_figure():
    size = ["--desks", "5", "--seconds", "1", "--rounds", "1", "--devices", "400"]
    command = [sys.executable, "-m", "deploy.cli", "bench", "desk", "--json", *size]
    done = subprocess.run(command, capture_output=True, text=True, timeout=590, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert set(said) == {"figures", "machine", "remarks"}
    assert said["machine"]["desks"] == 5
    figures = said["figures"]
    assert {"press_to_desk_p99", "press_to_desk_tests_p99", "press_to_desk_storm_p99"} <= set(figures)
    for figure in figures.values():
        assert set(figure) == {"value", "unit", "peer", "peer_value", "ratio", "goal", "holds"}
        assert figure["value"] > 0
        assert (figure["goal"] is None) == (figure["holds"] is None)
    assert said["remarks"][0].startswith("Of 400 devices that reconnected in 0.6 s")
