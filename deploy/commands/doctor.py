"""`nattljus settings`, `migrate` and `doctor`: what can be set, the database's shape, and what is amiss."""

import asyncio
import shutil
import socket
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from alarms.receivers.dc09.listen import parse_listen as parse_dc09
from alarms.receivers.scaip.listen import parse_listen
from alarms.receivers.scaip.tls import Files, read_context
from alarms.watchdog.stored import views
from deploy import schema
from kit.bus import open_bus
from kit.clock import SystemClock
from kit.errors import StorageDown
from kit.settings import Settings
from kit.store import open_store

SMALLEST_DISK = 1 << 30  # bytes free
RENEW_BEFORE = timedelta(days=14)
WATCHDOG_SILENT = 180.0  # seconds since a watchdog's last round


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do when it is not."""

    well: bool
    what: str
    to_do: str = ""


def setting_lines() -> list[tuple[str, str, str]]:
    """Every setting: its name, its default, its meaning with the unit."""
    lines = []
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        lines.append((f"NATTLJUS_{name.upper()}", str(default), field.description or ""))
    return lines


async def migrate(settings: Settings) -> str:
    """Bring the database up to date; answers the revision it is at. Raises StorageDown."""
    store = open_store(settings.store_url())
    try:
        await store.ping()
        await schema.migrate(store)
        return await schema.current(store) or ""
    finally:
        await store.close()


async def examine(settings: Settings) -> list[Finding]:
    """Look at this machine and the stores."""
    looks: list[Callable[[Settings], Awaitable[Finding]]] = [
        _python,
        _disk,
        _database,
        _bus,
        _addresses,
        _certificate,
        _watchdog,
    ]
    return [await look(settings) for look in looks]


async def _python(_: Settings) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(sys.version_info >= (3, 11), f"Python {version}", "Install Python 3.11 or newer.")


async def _disk(settings: Settings) -> Finding:
    folder = settings.data if settings.data.exists() else settings.data.absolute().parent
    free = shutil.disk_usage(folder if folder.exists() else "/").free
    return Finding(free > SMALLEST_DISK, f"{free >> 30} GiB free for {settings.data}", "Make room on the disk.")


async def _database(settings: Settings) -> Finding:
    store = open_store(settings.store_url())
    kind = "SQLite" if store.embedded else "PostgreSQL"
    try:
        if store.embedded and not (settings.data / "nattljus.db").exists():
            return Finding(False, "No database yet", "Run: nattljus migrate (or nattljus run --demo)")
        await store.ping()
        at, newest = await schema.current(store), schema.newest()
        if at != newest:
            return Finding(False, f"{kind} is at revision {at or 'none'}, not {newest}", "Run: nattljus migrate")
        return Finding(True, f"{kind} answers, revision {at}")
    except StorageDown:
        return Finding(False, f"{kind} does not answer", "Start it, or look at NATTLJUS_DATABASE_URL.")
    finally:
        await store.close()


async def _bus(settings: Settings) -> Finding:
    if not settings.redis_url:
        return Finding(True, "No Redis: one process serves all")
    bus = open_bus(settings.redis_url)
    await bus.start()
    try:
        clock = SystemClock()
        for _ in range(20):
            if await bus.healthy():
                return Finding(True, "Redis answers")
            await clock.sleep(0.1)
        return Finding(False, "Redis does not answer", "Start it, or look at NATTLJUS_REDIS_URL.")
    finally:
        await bus.close()


async def _addresses(settings: Settings) -> Finding:
    try:
        endpoints = parse_listen(settings.sip_listen)
    except ValueError as error:
        return Finding(False, f"NATTLJUS_SIP_LISTEN: {error}", "Write it as udp:127.0.0.1:5060 tcp:127.0.0.1:5060.")
    try:
        endpoints += parse_dc09(settings.dc09_listen)
    except ValueError as error:
        return Finding(False, f"NATTLJUS_DC09_LISTEN: {error}", "Write it as udp:127.0.0.1:12128 tcp:127.0.0.1:12128.")
    taken = [str(endpoint) for endpoint in endpoints if not _free(endpoint.transport, endpoint.host, endpoint.port)]
    if taken:
        return Finding(True, f"In use, by a running platform or something else: {' '.join(taken)}")
    return Finding(True, "The addresses of SIP and DC-09 are free")


async def _certificate(settings: Settings) -> Finding:
    """Whether devices on tls: addresses see a certificate, and for how long."""
    if "tls:" not in settings.sip_listen.lower():
        return Finding(True, "No device is heard over TLS")
    try:
        read_context(Files(settings.tls_cert, settings.tls_key, settings.tls_client_ca))
    except ValueError as error:
        return Finding(False, str(error), "Devices on tls: addresses cannot be heard until then.")
    ends = _ends(Path(settings.tls_cert))
    well = ends - SystemClock().now() > RENEW_BEFORE
    return Finding(well, f"The certificate for devices ends {ends:%Y-%m-%d}", "Renew it; it is taken within a minute.")


def _ends(certificate: Path) -> datetime:
    return load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


async def _watchdog(settings: Settings) -> Finding:
    """Whether a watchdog sees this database, and whether anybody hears it."""
    unheard = [
        name
        for name, value in (
            ("NATTLJUS_WATCHDOG_HEARTBEAT_URL", settings.watchdog_heartbeat_url),
            ("NATTLJUS_WATCHDOG_WEBHOOK_URL", settings.watchdog_webhook_url),
            ("NATTLJUS_WATCHDOG_WEBHOOK_SECRET", settings.watchdog_webhook_secret),
        )
        if not value.get_secret_value()
    ]
    hears = f"; not set: {' '.join(unheard)}" if unheard else ""
    if not settings.database_url and not (settings.data / "nattljus.db").exists():
        return Finding(True, f"No watchdog has run here{hears}")
    store = open_store(settings.store_url())
    try:
        async with store.read() as connection:
            found = await views(connection)
    except StorageDown:
        return Finding(True, f"The watchdog cannot be asked for without the database{hears}")
    except DBAPIError:
        return Finding(
            True, f"No watchdog has run here{hears}"
        )  # a database of another revision, which is said already
    finally:
        await store.close()
    now = SystemClock().now()
    silent = [one.id for one in found if (now - one.round_at).total_seconds() > WATCHDOG_SILENT]
    amiss = [f"{one.code} {one.subject}".strip() for watchdog in found for one in watchdog.findings]
    if found and len(silent) == len(found):
        return Finding(True, f"No watchdog runs now; the last was {' '.join(silent)}{hears}")
    if amiss:
        return Finding(False, f"The watchdog found: {', '.join(amiss)}", "Read GET /api/v1/watchdog and the log.")
    return Finding(True, f"The watchdog finds all well{hears}" if found else f"No watchdog has run here{hears}")


def _free(transport: str, host: str, port: int) -> bool:
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def examined(settings: Settings) -> list[Finding]:
    """`examine`, for code outside a loop."""
    return asyncio.run(examine(settings))
