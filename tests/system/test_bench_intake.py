"""`nattljus bench intake --json` says what interfaces.md promises; the figures themselves are for a quiet machine."""

import json
import subprocess
import sys

import pytest


@pytest.mark.timeout(600)
def test_the_intake_benchmark_prints_one_object_with_every_promised_figure(tmp_path):
    command = [sys.executable, "-m", "deploy.cli", "bench", "intake", "--json", "--seconds", "1", "--rounds", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=590, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert set(said) == {"figures", "machine", "remarks"}
    assert said["machine"]["cores"] >= 1
    figures = said["figures"]
    promised = {"alarms_sqlite", "heartbeats", "cpu_per_alarm"}
    assert promised | ({"alarms_postgresql"} if "postgresql" in said["machine"] else set()) <= set(figures)
    for figure in figures.values():
        assert set(figure) == {"value", "unit", "peer", "peer_value", "ratio", "goal", "holds"}
        assert figure["value"] > 0
        assert (figure["peer"] is None) == (figure["ratio"] is None)
        assert (figure["goal"] is None) == (figure["holds"] is None)
