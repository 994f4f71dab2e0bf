"""sipp, a stranger to this project, presses forty alarms and confirms what it is told. The recipe is in the README."""

import asyncio
import re
import shutil
from pathlib import Path

import pytest

from alarms.receivers import scaip
from alarms.receivers.scaip.door import sealed_password
from alarms.receivers.scaip.listen import ScaipReceiver, parse_listen
from alarms.receivers.scaip.models import Model
from alarms.receivers.scaip.policy import Asks, Policy
from kit.clock import SystemClock
from kit.metrics import REGISTRY
from kit.tasks import Tasks
from tests.unit.alarms.scaip.device import MemoryIntake
from tests.unit.alarms.scaip.test_door import Some

SAMPLES = Path(scaip.__file__).parent / "samples"
PRESSES = 40
KEYS, PASSWORD = ("k" * 32,), "bicycle"
ASKED = Policy(
    "device-1",
    Asks.DIGEST,
    sealed_password(KEYS, "device-1", "26317", PASSWORD),
    model=Model(md5_only=True),  # sipp reads the first challenge, and knows MD5
)


def confirmed():
    return REGISTRY.get_sample_value("nattljus_scaip_answers_told_total", {"outcome": "answered"}) or 0


async def sipp(endpoint, mode, directory, *more, scenario="press", accounts=SAMPLES / "demo-accounts.csv"):
    """Run sipp to its end; its exit code and what it says on the terminal."""
    process = await asyncio.create_subprocess_exec(
        "sipp",
        f"{endpoint.host}:{endpoint.port}",
        *("-sf", SAMPLES / f"{scenario}.sipp.xml", "-oocsf", SAMPLES / "told.sipp.xml"),
        *("-inf", accounts, "-t", mode, "-i", "127.0.0.1", "-nostdin"),
        *("-m", str(PRESSES), "-r", "100", "-d", "500", "-timeout", "30", "-timeout_error", "-trace_logs"),
        *more,
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode(errors="replace")


def what_sipp_was_told(directory):
    """The reference and `snu` of each answer, from sipp's log."""
    return re.findall(r"told (\S+) snu (\d+)", "".join(path.read_text() for path in directory.glob("*_logs.log")))


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
    told = what_sipp_was_told(tmp_path)
    assert {snu for _, snu in told} == {"0"}
    assert sorted(ref for ref, _ in told) == sorted(signal.reference for signal in intake.signals)
    assert len(told) == PRESSES
    assert {signal.account for signal in intake.signals} == {str(100001 + n) for n in range(20)}
    assert confirmed() - before == PRESSES
    assert intake.untold == []


@pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed (Debian: sip-tester)")
async def test_sipp_shows_a_password_when_it_is_asked_for_one(tmp_path):
    clock = SystemClock()
    tasks, intake = Tasks(clock), MemoryIntake()
    receiver = ScaipReceiver(
        intake, clock, tasks, listen=parse_listen("udp:127.0.0.1:0"), known=Some(a26317=ASKED), keys=KEYS
    )
    await receiver.start()
    codes = []
    try:
        for n, password in enumerate((PASSWORD, "motorcar")):
            accounts, folder = tmp_path / f"{n}.csv", tmp_path / str(n)
            folder.mkdir()
            shown = f"[authentication username=26317 password={password}]"
            accounts.write_text(f"SEQUENTIAL\n26317;3;10;ME;{shown}\n", encoding="utf-8")
            ran = await sipp(receiver.addresses[0], "u1", folder, "-m", "3", scenario="press-digest", accounts=accounts)
            codes.append((ran[0], [snu for _, snu in what_sipp_was_told(folder)]))
    finally:
        await receiver.close()
        await tasks.close()
    assert codes[0] == (0, ["0"] * 3), ran[1][-3000:]
    assert codes[1][0] != 0
    assert len({signal.key for signal in intake.signals if signal.reference}) == 3
