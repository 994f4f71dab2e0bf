"""`nattljus contact` and what `nattljus doctor` says of the watchdog."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from alarms.watchdog.kept import Contact
from alarms.watchdog.notes import key_of
from alarms.watchdog.stored import Stored
from deploy import schema
from deploy.commands.contact import mount
from deploy.commands.doctor import examined
from kit.clock import SystemClock
from kit.settings import Settings
from kit.store import Store, open_store
from kit.wire.watch import FindingCode, FindingView, WatchdogView
from tests.integration.alarms.homes import fill


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NATTLJUS_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)

    async def prepare(store: Store) -> None:
        await schema.migrate(store)
        async with store.write() as connection:
            await fill(connection)

    in_store(tmp_path, prepare)
    return tmp_path


def in_store(data: Path, work: Callable[[Store], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        store = open_store(Settings(data=data).store_url())
        try:
            return await work(store)
        finally:
            await store.close()

    return asyncio.run(run())


def shell(data: Path, *words: str) -> Result:
    program = typer.Typer()
    mount(program)
    return CliRunner().invoke(program, ["contact", *words, "--data", str(data)])


HOOK = ("--principal", "kommun", "--name", "Larmansvarig", "--webhook", "https://kommun.test/hook")


def test_a_contact_is_entered_listed_known_to_the_watchdog_and_removed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NATTLJUS_WATCHDOG_WEBHOOK_SECRET", "secret")
    entered = shell(data, "add", "c1", *HOOK, "--email", "larm@kommun.test")
    assert (entered.exit_code, entered.stdout) == (0, f"Its webhooks are signed with {key_of('secret', 'c1')}\n")
    known = in_store(data, lambda store: Stored(store).contacts())
    assert known == (Contact("c1", "kommun", "Larmansvarig", "larm@kommun.test", "https://kommun.test/hook"),)
    assert shell(data, "list").stdout == "c1\tkommun\tLarmansvarig\tlarm@kommun.test\thttps://kommun.test/hook\n"
    assert shell(data, "remove", "c1").exit_code == 0
    assert shell(data, "remove", "c1").stderr == "There is no contact c1.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("c 1", *HOOK), "c 1 cannot be an id. Use letters a-z, digits, and . _ : - (at most 80).\n"),
        (("c1", "--principal", "kommun", "--name", "L"), "Say how with --email, --webhook, or both.\n"),
        (("c1", *HOOK, "--email", "larm\n@x"), "larm\n@x is no mail address.\n"),
        (("c1", *HOOK, "--webhook", "ftp://x"), "ftp://x is no web address.\n"),
        (("c1", *HOOK, "--principal", "nobody"), "There is no nobody in the registry. Look at how it is spelled.\n"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(data: Path, words: tuple[str, ...], sentence: str) -> None:
    refused = shell(data, "add", *words)
    assert (refused.exit_code, refused.stderr) == (1, sentence)


def test_doctor_says_what_the_watchdog_found(data: Path) -> None:
    def said() -> tuple[bool, str]:
        [finding] = [one for one in examined(Settings(data=data)) if "atchdog" in one.what]
        return finding.well, finding.what.partition(";")[0]

    assert said() == (True, "No watchdog has run here")
    at = SystemClock().now()
    see(data, WatchdogView(id="w", state="well", round_at=at, heartbeat_at=None, findings=[], outage=None))
    assert said() == (True, "The watchdog finds all well")
    finding = FindingView(code=FindingCode.RECEIVER_SILENT, subject="mqtt", since=at, told_at=at, details={})
    see(data, WatchdogView(id="w", state="amiss", round_at=at, heartbeat_at=None, findings=[finding], outage=None))
    assert said() == (False, "The watchdog found: receiver_silent mqtt")
    old = at - timedelta(minutes=4)
    see(data, WatchdogView(id="w", state="well", round_at=old, heartbeat_at=None, findings=[], outage=None))
    assert said() == (True, "No watchdog runs now")


def see(data: Path, view: WatchdogView) -> None:
    async def write(store: Store) -> None:
        await Stored(store).write(view, (), ())

    in_store(data, write)
