"""dc09_spt, a stranger to this project, polls and presses. The recipe is in the receiver's README."""

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest

from alarms.receivers import dc09
from alarms.receivers.dc09.keys import Agreed
from alarms.receivers.dc09.listen import Dc09Receiver, parse_listen
from kit.clock import SystemClock
from kit.tasks import Tasks
from kit.wire.words import SignalKind
from tests.unit.alarms.dc09.panel import KEY, KeysInMemory
from tests.unit.alarms.scaip.device import MemoryIntake

SCRIPT = Path(dc09.__file__).parent / "samples" / "press_with_dc09_spt.py"
THERE = all(importlib.util.find_spec(name) is not None for name in ("dc09_spt", "Crypto"))


@pytest.mark.skipif(not THERE, reason="dc09_spt is not installed (requirements/strangers.txt)")
@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize("key", [None, KEY, bytes(32)], ids=["clear", "128 bits", "256 bits"])
async def test_a_stranger_polls_and_presses_and_is_acknowledged(transport, key):
    clock = SystemClock()
    tasks, intake, keys = Tasks(clock), MemoryIntake(), KeysInMemory()
    if key is not None:
        keys.agreed["1234"] = Agreed(True, key)
    receiver = Dc09Receiver(intake, keys, clock, tasks, listen=parse_listen(f"{transport}:127.0.0.1:0"))
    await receiver.start()
    [address] = receiver.addresses
    words = [address.host, str(address.port), transport, "1234", key.hex() if key else ""]
    try:
        async with asyncio.timeout(60):
            process = await asyncio.create_subprocess_exec(
                sys.executable, SCRIPT, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
            )
            output, _ = await process.communicate()
    finally:
        await receiver.close()
        await tasks.close()
    assert process.returncode == 0, output.decode(errors="replace")[-3000:]
    heard = [(signal.kind, signal.type, signal.details.get("number")) for signal in intake.signals]
    assert heard == [
        (SignalKind.HEARTBEAT, "NULL", None),
        (SignalKind.ALARM, "SIA-DCS/QA", "13"),
        (SignalKind.ALARM, "ADM-CID/1101", "007"),
    ]
    assert [signal.defects for signal in intake.signals] == [()] * 3
