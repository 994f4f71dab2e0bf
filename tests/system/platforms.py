"""The real platform as a process of its own: started by its command, killed without warning, started again.

Around it a registry of invented residents, each with a SCAIP device and a tablet, and the tokens that these and an
operator would hold.
"""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

import registry.demo
from kit.clock import SystemClock
from kit.store import Store, open_store, refresh_statistics
from kit.tokens import Signer
from registry import tables
from registry.sessions import issue_device_token, issue_person_token
from tests.certificates import certify
from tests.servers import Server, free_port

KEY = "the-key-of-tests-that-kill-whole-platforms"
NATTLJUS = str(Path(sys.executable).with_name("nattljus"))
OPERATORS = ("demo-operator-1", "demo-operator-2")


@dataclass(frozen=True, slots=True)
class Person:
    """A resident with the devices at home."""

    resident: str
    account: str
    app: str


PEOPLE = tuple(Person(f"system-resident-{n}", f"{500_000 + n}", f"system-app-{n}") for n in range(1, 301))


class Platform(Server):
    """`nattljus …` on a port each for HTTP, SIP and DC-09 (UDP and TCP), which it keeps from start to start."""

    def __init__(
        self,
        *words: str,
        database_url: str = "",
        redis_url: str = "",
        call_number: str = "",
        mqtt_url: str = "",
        mqtt_broker: str = "off",
        demo_life: str = "off",  # a test has its cases to itself
        watchdog: str = "off",  # and its signals
        map_tiles: str = "",
        tls: bool = False,
    ) -> None:
        super().__init__()
        self.sip_port = free_port()
        self.tls_port = free_port() if tls else 0
        self.certified = certify(self.folder, "centre") if tls else None
        self.dc09_port = free_port()
        self.database_url = database_url
        self._words = words
        sip = f"127.0.0.1:{self.sip_port}"
        self._environment = {
            "NATTLJUS_DATA": str(self.folder),
            "NATTLJUS_DATABASE_URL": database_url,
            "NATTLJUS_REDIS_URL": redis_url,
            "NATTLJUS_MQTT_URL": mqtt_url,
            "NATTLJUS_MQTT_BROKER": mqtt_broker,
            "NATTLJUS_SIP_LISTEN": f"udp:{sip} tcp:{sip}",
            "NATTLJUS_DC09_LISTEN": f"udp:127.0.0.1:{self.dc09_port} tcp:127.0.0.1:{self.dc09_port}",
            **self._tls(),
            "NATTLJUS_SECRET_KEYS": KEY,
            "NATTLJUS_CALL_NUMBER": call_number,
            "NATTLJUS_DEMO_LIFE": demo_life,
            "NATTLJUS_WATCHDOG": watchdog,
            "NATTLJUS_MAP_TILES": map_tiles,
            "NATTLJUS_MAP_ATTRIBUTION": "© Testkartan" if map_tiles else "",
        }

    def _tls(self) -> dict[str, str]:
        if self.certified is None:
            return {}
        return {
            "NATTLJUS_SIP_LISTEN": f"udp:127.0.0.1:{self.sip_port} tcp:127.0.0.1:{self.sip_port}"
            f" tls:127.0.0.1:{self.tls_port}",
            "NATTLJUS_TLS_CERT": str(self.certified.certificate),
            "NATTLJUS_TLS_KEY": str(self.certified.key),
        }

    @property
    def url(self) -> str:
        """Its web address."""
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        settings = [f"{name}={value}" for name, value in self._environment.items()]
        return ["env", *settings, NATTLJUS, *self._words, "--port", str(self.port)]

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str) -> tuple[int, Mapping[str, str]]:
        """Status and headers of one address. Raises OSError when nobody listens."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}
        finally:
            line.close()

    def migrate(self) -> None:
        """`nattljus migrate`, on its database."""
        subprocess.run(
            [NATTLJUS, "migrate"], env={**os.environ, **self._environment}, cwd=self.folder, check=True, timeout=60,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def store(self) -> Store:
        """Its database, for looking at from beside."""
        url = self.database_url or f"sqlite+aiosqlite:///{self.folder / 'nattljus.db'}"
        return open_store(url, connections=4, command_timeout=60)

    def complaints(self) -> list[str]:
        """What it logged as an error: a bug of ours, whatever was killed around it."""
        lines = (self.folder / "server.log").read_text(errors="replace").splitlines()
        return [line[:2000] for line in lines if '"level": "error"' in line or "Traceback" in line]


@contextmanager
def platform_of(*words: str, **settings: Any) -> Iterator[Platform]:
    """A platform that has not been started yet; whatever became of it is ended after the block."""
    platform = Platform(*words, **settings)
    try:
        yield platform
    finally:
        platform.remove()


KOMMUN = {"principal": "demo-kommun", "unit": "demo-norr"}
GRANNE = {"principal": "demo-granne", "unit": "demo-granne-centrum"}


async def move_in(
    store: Store,
    people: Sequence[Person] = PEOPLE,
    place: Mapping[str, str] = KOMMUN,
    more: Mapping[str, Callable[[Person], str]] = MappingProxyType({}),
) -> None:
    """Put the demonstration and these people into the registry, once for each place.

    `more` are devices besides, by protocol: how somebody's account is called there.
    """
    async with store.write() as connection:
        if place is KOMMUN:
            await registry.demo.fill(connection)
        homes = [{"id": _home(one), "address": "Testgatan 1", "town": "Skara", **place} for one in people]
        await _add(connection, tables.home, homes)
        residents = [{"id": one.resident, "home": _home(one), "name": "Test Testsson", **place} for one in people]
        await _add(connection, tables.resident, residents)
        await _add(connection, tables.device, [row for one in people for row in _devices(one, place, more)])
        await refresh_statistics(connection, tables.home, tables.resident, tables.device)  # as an import does


def _home(one: Person) -> str:
    return f"home-of-{one.resident}"


def _devices(
    one: Person, place: Mapping[str, str], more: Mapping[str, Callable[[Person], str]]
) -> list[dict[str, Any]]:
    live = {"principal": place["principal"], "home": _home(one), "resident": one.resident, "state": "live"}
    return [
        {"id": f"scaip-{one.account}", "kind": "alarm", "protocol": "scaip", "account": one.account, **live},
        {"id": one.app, "kind": "tablet", "protocol": "http", "account": one.app, **live},
        *(
            {"id": f"{protocol}-{one.account}", "kind": "alarm", "protocol": protocol, "account": name(one), **live}
            for protocol, name in more.items()
        ),
    ]


async def _add(connection: AsyncConnection, table: Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 1000):
        await connection.execute(table.insert(), rows[start : start + 1000])


def device_bearer(app: str) -> str:
    """A device's token."""
    return issue_device_token(Signer([KEY]), app, 0, SystemClock().now())


def operator_bearer(person: str) -> str:
    """An operator's session."""
    return issue_person_token(Signer([KEY]), person, person, SystemClock().now())
