"""A lock that keeps telling while the platform's process is killed outright: every event is there, each once."""

import http.client
import time

from sqlalchemy import text

from kit.clock import SystemClock
from tests.patience import until
from tests.servers import Mosquitto
from tests.system.platforms import platform_of

KILLS = 3
BETWEEN = 40  # events, told while the process lives and while it does not


async def test_a_killed_platform_loses_no_event_of_a_lock_and_has_none_twice(mosquitto: Mosquitto) -> None:
    sent: list[str] = []

    def tell(count: int) -> None:
        for _ in range(count):
            said = f"1,0,{len(sent)},0,0"
            mosquitto.publish("nuki/demo-lock-1/lockActionEvent", said)
            sent.append(said)

    with platform_of("run", "--demo", mqtt_url=mosquitto.url) as platform:
        platform.start()
        store = platform.store()
        try:

            async def stored() -> list[str]:
                async with store.read() as connection:
                    query = text("SELECT reference FROM signal WHERE protocol = 'nuki' ORDER BY id")
                    return list((await connection.execute(query)).scalars())

            async def heard() -> bool:
                return b'"mqtt":true' in ready(platform.port)

            await until(heard, patience=30)
            for _ in range(KILLS):
                tell(BETWEEN)
                platform.kill()  # as likely as not between a commit and its acknowledgement
                tell(BETWEEN // 4)
                began = time.monotonic()  # noqa: TID251 - a real process lives in real time
                platform.start()

                async def all_there() -> bool:
                    return len(await stored()) >= len(sent)

                await until(all_there, patience=30)
                took = time.monotonic() - began  # noqa: TID251
                print(f"killed, started, and everything stored after {took:.1f} s")
            await SystemClock().sleep(0.5)  # for one too many to come
            assert sorted(await stored()) == sorted(sent)
            assert platform.complaints() == []
        finally:
            await store.close()


def ready(port: int) -> bytes:
    """What `/readyz` says."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().read()
    finally:
        line.close()
