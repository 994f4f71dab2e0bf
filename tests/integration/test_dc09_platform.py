"""DC-09 as a part of the platform: set, ready, on the desk; and a sentence where its address is taken."""

import asyncio
import socket
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from deploy.commands.run import CannotStart, Start, _serve
from kit.settings import Settings
from registry.enter import add_device
from tests.integration.running import KEY, Running, running
from tests.patience import PATIENCE
from tests.unit.alarms.dc09.panel import frame, said


async def ask(platform: Running, data: bytes) -> str:
    """The word that a frame over TCP is answered with."""
    assert platform.platform.dc09 is not None
    [port] = [one.port for one in platform.platform.dc09.addresses if one.transport == "tcp"]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        return str(said(await asyncio.wait_for(reader.readuntil(b"\r"), PATIENCE))[0])
    finally:
        writer.transport.abort()


async def test_a_press_over_dc09_is_before_an_operator_with_its_position(sqlite_url: str, tmp_path: Path) -> None:
    async with (
        running(sqlite_url, tmp_path, dc09_listen="tcp:127.0.0.1:0 udp:127.0.0.1:0") as platform,
        await platform.client("demo-operator-1") as karin,
    ):
        assert (await karin.get("/readyz")).json()["dc09"] is True
        async with platform.platform.store.write() as connection:
            await add_device(connection, protocol="dc09", account="00AB", resident_id="demo-resident-3")
        now = platform.platform.clock.now()
        data, place = "#00AB|NMA1", "[X13.4410][Y58.3862]"
        assert await ask(platform, frame(data, account="00AB", extra=place, at=now)) == "ACK"
        [case] = (await karin.get("/api/v1/cases?state=open")).json()["items"]
        assert (case["resident"], case["reason"], case["device"]) == ("demo-resident-3", "pressed", "dc09-00AB")
        where = (await karin.get(f"/api/v1/cases/{case['id']}/position")).json()["position"]
        assert (where["latitude"], where["longitude"]) == (58.3862, 13.441)
        assert await ask(platform, frame("#4711|NQA1", account="4711")) == "DUH"
        cases = (await karin.get("/api/v1/cases?state=open")).json()["items"]
        assert [one["account"] for one in cases if one["id"] != case["id"]] == ["4711"]


async def test_without_the_setting_there_is_no_dc09(platform: Running) -> None:
    async with await platform.client("demo-operator-1") as karin:
        assert "dc09" not in (await karin.get("/readyz")).json()
    assert platform.platform.dc09 is None


async def test_an_address_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"tcp:127.0.0.1:{taken.getsockname()[1]}"
        settings = Settings(data=tmp_path, sip_listen="udp:127.0.0.1:0", dc09_listen=address, _env_file=None)
        start = Start("127.0.0.1", 0, demo=False, migrate=True, beside=False)
        with pytest.raises(CannotStart) as refused:
            await _serve(settings, [KEY], start, taken, Console(file=StringIO()), None)
    assert str(refused.value).startswith(f"DC-09 cannot be heard on {address}: ")
    assert str(refused.value).endswith("choose others with NATTLJUS_DC09_LISTEN.")
