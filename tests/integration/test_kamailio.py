"""Kamailio, a stranger to this project, in front of the receiver: a press comes through it, and so does its answer."""

import os
import shutil
import socket

import pytest

from alarms.receivers.scaip.addresses import Endpoint
from alarms.receivers.scaip.listen import ScaipReceiver, parse_listen
from kit.clock import SystemClock
from kit.tasks import Tasks
from tests.integration.test_sipp import ASKED, KEYS, PASSWORD, SAMPLES, confirmed, sipp, what_sipp_was_told
from tests.servers import Server, serving
from tests.unit.alarms.scaip.device import MemoryIntake, sip_message
from tests.unit.alarms.scaip.test_door import Some

PROGRAM = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(
    PROGRAM is None or shutil.which("sipp") is None,
    reason="kamailio or sipp is not installed (Debian: kamailio, sip-tester)",
)


class Kamailio(Server):
    """A proxy that hands on to one receiver."""

    def __init__(self, receiver):
        super().__init__()
        said = (SAMPLES / "kamailio.cfg").read_text()
        said = said.replace("RECEIVER", f"{receiver.host}:{receiver.port}").replace("HERE", f"127.0.0.1:{self.port}")
        (self.folder / "kamailio.cfg").write_text(said)

    @property
    def endpoint(self):
        return Endpoint("udp", "127.0.0.1", self.port)

    def command(self):
        folders = ["-w", str(self.folder), "-Y", str(self.folder), "-P", str(self.folder / "pid")]
        return [PROGRAM, "-f", str(self.folder / "kamailio.cfg"), *folders, "-DD", "-E"]

    def answers(self):
        with socket.socket(type=socket.SOCK_DGRAM) as asking:
            asking.settimeout(0.2)
            try:
                asking.connect(("127.0.0.1", self.port))
                address = f"127.0.0.1:{asking.getsockname()[1]}".encode()
                ping = sip_message(method="OPTIONS").replace(b"192.0.2.7:40123", address)
                asking.send(ping.replace(b"sip:larm@192.0.2.1", f"sip:127.0.0.1:{self.port}".encode()))
                return asking.recv(4096).startswith(b"SIP/2.0 200 ")
            except OSError:
                return False


@pytest.fixture
async def centre():
    clock = SystemClock()
    tasks, intake = Tasks(clock), MemoryIntake()
    receiver = ScaipReceiver(
        intake,
        clock,
        tasks,
        listen=parse_listen("udp:127.0.0.1:0"),
        call_number="sip:larm@127.0.0.1",
        known=Some(a26317=ASKED),
        keys=KEYS,
    )
    await receiver.start()
    yield receiver.addresses[0], intake
    await receiver.close()
    await tasks.close()


async def test_presses_through_a_proxy_are_stored_and_told_through_it(centre, tmp_path):
    receiver, intake = centre
    before = confirmed()
    with serving(Kamailio(receiver)) as proxy:
        for n, accounts in enumerate((None, f"26317;3;10;ME;[authentication username=26317 password={PASSWORD}]")):
            folder = tmp_path / str(n)
            folder.mkdir()
            more = {}
            if accounts:
                (tmp_path / "asked.csv").write_text(f"SEQUENTIAL\n{accounts}\n", encoding="utf-8")
                more = {"scenario": "press-digest", "accounts": tmp_path / "asked.csv"}
            code, output = await sipp(proxy.endpoint, "u1", folder, "-m", "2", "-trace_msg", **more)
            assert code == 0, output[-3000:] + proxy.log_tail()
            assert [snu for _, snu in what_sipp_was_told(folder)] == ["0", "0"], proxy.log_tail()
            heard = "".join(path.read_text(errors="replace") for path in folder.glob("*_messages.log"))
            told = heard[heard.index("<mrs>") - 1500 : heard.index("<mrs>")]
            assert f"Via: SIP/2.0/UDP 127.0.0.1:{proxy.port};" in told
            assert f"Via: SIP/2.0/UDP {receiver.host}:{receiver.port};" in told
    assert confirmed() - before == 4
    assert len(intake.signals) == 4
    assert intake.untold == []
