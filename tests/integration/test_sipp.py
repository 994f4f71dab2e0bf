"""sipp, a stranger to this project, presses forty alarms and confirms what it is told. The recipe is in the README."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from alarms.receivers import scaip
from alarms.receivers.scaip.listen import ScaipReceiver, parse_listen
from kit.clock import SystemClock
from kit.metrics import REGISTRY
from kit.tasks import Tasks
from tests.unit.alarms.scaip.device import MemoryIntake

SAMPLES = Path(scaip.__file__).parent / "samples"
PRESSES = 40


def confirmed():
    return REGISTRY.get_sample_value("nattljus_scaip_answers_told_total", {"outcome": "answered"}) or 0


async def sipp(endpoint, mode, directory, *more):
    """Run sipp to its end; its exit code and what it says on the terminal."""
    process = await asyncio.create_subprocess_exec(
        "sipp",
        f"{endpoint.host}:{endpoint.port}",
        *("-sf", SAMPLES / "press.sipp.xml", "-oocsf", SAMPLES / "told.sipp.xml"),
        *("-inf", SAMPLES / "demo-accounts.csv", "-t", mode, "-i", "127.0.0.1", "-nostdin"),
        *("-m", str(PRESSES), "-r", "100", "-d", "500", "-timeout", "30", "-timeout_error", "-trace_logs"),
        *more,
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode(errors="replace")


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed (Debian: sip-tester)")
@pytest.mark.parametrize(("transport", "mode"), [("udp", "u1"), ("tcp", "t1")])
async def test_sipp_presses_and_confirms_every_answer(tmp_path, transport, mode):
    clock = SystemClock()
    tasks, intake = Tasks(clock), MemoryIntake()
    receiver = ScaipReceiver(
        intake, clock, tasks, listen=parse_listen(f"{transport}:127.0.0.1:0"), call_number="sip:larm@127.0.0.1"
    )
    await receiver.start()
    before = confirmed()
    try:
        code, output = await sipp(receiver.addresses[0], mode, tmp_path)
    finally:
        await receiver.close()
        await tasks.close()
    assert code == 0, output[-3000:]
    told = re.findall(r"told (\S+) snu (\d+)", "".join(path.read_text() for path in tmp_path.glob("*_logs.log")))
    assert {snu for _, snu in told} == {"0"}
    assert sorted(ref for ref, _ in told) == sorted(signal.reference for signal in intake.signals)
    assert len(told) == PRESSES
    assert {signal.account for signal in intake.signals} == {str(100001 + n) for n in range(20)}
    assert confirmed() - before == PRESSES
    assert intake.untold == []
