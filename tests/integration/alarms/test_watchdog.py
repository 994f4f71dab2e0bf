"""The watchdog against a real platform: what is broken is found, told to a real server, and told to be over."""

import hmac
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from alarms import tables
from alarms.core.watch import Acts
from alarms.watchdog import checks
from alarms.watchdog.notes import key_of
from alarms.watchdog.part import watching
from alarms.watchdog.tables import outage, outage_contact, outage_told
from alarms.watchdog.watch import Watchdog
from kit.clock import SystemClock
from kit.settings import Settings
from kit.wire.watch import FindingCode
from registry import synthetic
from tests.integration.pagers import Mailbox, Pager, mailbox, pager
from tests.integration.running import KEY, Running, running
from tests.patience import until
from tests.servers import Mosquitto, PostgreSQL

SECRET = "a-secret-that-both-know"
MINUTE = timedelta(minutes=1)


@dataclass
class Watched:
    """A platform with its watchdog and those it tells."""

    platform: Running
    watchdog: Watchdog
    pager: Pager
    mailbox: Mailbox
    at: datetime

    async def round(self, minutes: int = 1) -> Acts:
        """The round of so many minutes later."""
        self.at += minutes * MINUTE
        return await self.watchdog.round(self.at)

    async def well(self) -> Acts:
        """A round that finds nothing."""
        acts = await self.round()
        assert self.watchdog.watch.findings == ()
        assert acts.heartbeat
        return acts

    @property
    def amiss(self) -> set[tuple[FindingCode, str]]:
        """What is amiss now."""
        return {finding.trouble.key for finding in self.watchdog.watch.findings}

    async def ask(self, query: Any) -> list[Any]:
        """Rows of the database."""
        async with self.platform.platform.store.read() as connection:
            return list((await connection.execute(query)).all())


@asynccontextmanager
async def watched(store_url: str, data: Path, mqtt_url: str = "", contacts: bool = True) -> AsyncIterator[Watched]:
    async with running(store_url, data, mqtt_url=mqtt_url) as platform, pager() as paged, mailbox() as box:
        if contacts:
            async with platform.platform.store.write() as connection:
                row = {
                    "id": "contact-1",
                    "principal": "demo-kommun",
                    "name": "Larmansvarig",
                    "email": "larm@kommun.test",
                    "webhook": f"{paged.url}/kommun",
                }
                await connection.execute(outage_contact.insert().values(**row))
        settings = Settings(
            data=data,
            database_url=store_url,
            mqtt_url=mqtt_url,
            watchdog_url=platform.url,
            watchdog_sip=" ".join(map(str, platform.platform.scaip.addresses)),
            watchdog_heartbeat_url=f"{paged.url}/beat",
            watchdog_webhook_url=f"{paged.url}/page",
            watchdog_webhook_secret=SECRET,
            smtp_url=box.url,
        )
        clock = SystemClock()
        async with watching(settings, [KEY], clock, rounds=False) as watchdog:
            yield Watched(platform, watchdog, paged, box, clock.now())


@pytest.fixture
async def watch(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Watched]:
    async with watched(sqlite_url, tmp_path) as found:
        yield found


@contextmanager
def without_patience(*names: str, within: float = 0.5) -> Iterator[None]:
    """For rounds on what is known to be silent: nothing is waited for that cannot come."""
    with pytest.MonkeyPatch.context() as patch:
        for name in names or ("SEND_WITHIN", "JOURNAL_WITHIN", "DESK_WITHIN", "DESK_OPEN_WITHIN", "READY_PATIENCE"):
            patch.setattr(checks, name, within)
        yield


async def test_all_is_well_on_every_receiver_the_desk_and_both_databases(store_url: str, tmp_path: Path) -> None:
    async with watched(store_url, tmp_path) as watch:
        await watch.well()
        await watch.well()
        assert len(await watch.pager.has("/beat", 2)) == 2
        assert watch.pager.to("/page") == []
        stored = await watch.ask(select(tables.signal.c.protocol, tables.signal.c.kind).where(tables.synthetic))
        assert sorted(stored) == [*[("http", "test")] * 2, *[("scaip", "test")] * 4]
        assert await watch.ask(select(tables.case.c.id)) == []
        async with await watch.platform.client("demo-supervisor") as supervisor:
            [seen] = (await supervisor.get("/api/v1/watchdog")).json()["items"]
        assert (seen["state"], seen["findings"], seen["outage"]) == ("well", [], None)
        assert seen["heartbeat_at"] is not None


async def test_nothing_of_it_is_on_anybodys_page(watch: Watched) -> None:
    async with watch.platform.socket("demo-operator-1") as desk:
        await desk.say(type="hello")
        snapshot = await desk.hear("snapshot")
        await watch.well()
        beat = await desk.hear("beat", "change")
        assert beat["type"] == "beat"
        assert synthetic.PERSON not in {one["id"] for one in beat["operators"]}
        assert snapshot["cases"] == []
    for whom in ("demo-operator-1", "demo-administrator"):
        async with await watch.platform.client(whom) as client:
            devices = (await client.get("/api/v1/devices", params={"limit": 200})).json()["items"]
            assert devices
            assert synthetic.DEVICE not in {device["id"] for device in devices}


async def test_only_a_supervisor_reads_the_watchdog(watch: Watched) -> None:
    for whom, status in (("demo-supervisor", 200), ("demo-operator-1", 403), ("demo-resident-1", 403)):
        async with await watch.platform.client(whom) as client:
            assert (await client.get("/api/v1/watchdog")).status_code == status


async def test_an_alarm_of_the_synthetic_device_is_no_case(watch: Watched) -> None:
    await watch.well()
    token = synthetic_token(watch)
    async with await watch.platform.client("demo-resident-1") as client:
        event = {"specversion": "1.0", "id": "1", "source": "test", "type": "nattljus.alarm.pressed"}
        headers = {"Authorization": f"Bearer {token}"}
        answer = await client.post("/api/v1/device/events", json=event, headers=headers)
    assert (answer.status_code, answer.json()["cases"]) == (202, [])
    assert await watch.ask(select(tables.case.c.id)) == []


def synthetic_token(watch: Watched) -> str:
    from registry.sessions import issue_device_token

    return issue_device_token(watch.platform.platform.signer, synthetic.DEVICE, 0, SystemClock().now())


async def test_semantics_6_a_separate_watchdog_checks_each_minute_that_every_open_case_has_a_next_step(
    watch: Watched,
) -> None:
    case = (await watch.platform.press(1, "1"))["cases"][0]
    await watch.well()
    await set_case(watch, case, next_step=None, next_step_at=None)
    acts = await watch.round()
    assert not acts.heartbeat
    [paged] = await watch.pager.has("/page", 1)
    [finding] = paged.json["begun"]
    assert (finding["code"], finding["details"]) == ("case_without_step", {"cases": 1, "case": case})
    await set_case(watch, case, next_step="supervisor", next_step_at=SystemClock().now() + timedelta(hours=1))
    await watch.round()
    await watch.well()
    _, over = await watch.pager.has("/page", 2)
    assert [finding["code"] for finding in over.json["over"]] == ["case_without_step"]


async def test_semantics_6_an_escalation_that_does_not_run_is_found(watch: Watched) -> None:
    case = (await watch.platform.press(1, "1"))["cases"][0]
    await watch.platform.platform._escalation.close()
    await set_case(watch, case, next_step_at=SystemClock().now() - timedelta(seconds=40))
    await watch.round()
    assert watch.amiss == {(FindingCode.ESCALATION_LATE, "")}
    [paged] = await watch.pager.has("/page", 1)
    details = paged.json["begun"][0]["details"]
    assert details["cases"] == 1
    assert 38 <= details["seconds"] <= 70
    await watch.platform.platform._escalation.start()
    await until_acted(watch, case)
    await watch.round()
    await watch.well()


async def until_acted(watch: Watched, case: str) -> None:
    async def acted() -> bool:
        [row] = await watch.ask(select(tables.case.c.next_step_at).where(tables.case.c.id == case))
        return bool(row[0] > SystemClock().now())

    await until(acted, "the escalation does not act", every=0.05)


async def set_case(watch: Watched, case: str, **values: Any) -> None:
    async with watch.platform.platform.store.write() as connection:
        await connection.execute(update(tables.case).where(tables.case.c.id == case).values(**values))


async def test_a_dead_sip_socket_is_found_by_its_address_and_paged_with_a_signature(watch: Watched) -> None:
    await watch.well()
    listening = str(watch.platform.platform.scaip.addresses[0])
    for one in watch.platform.platform.scaip._datagrams:
        one.close()
    with without_patience("SEND_WITHIN", within=2.0):  # the other receivers answer, and may be slow to
        acts = await watch.round()
    assert watch.amiss == {(FindingCode.RECEIVER_SILENT, f"scaip:{listening}")}
    assert not acts.heartbeat
    assert len(watch.pager.to("/beat")) == 1
    await watch.pager.has("/page", 1)
    [paged] = watch.pager.to("/page")
    seconds, _, digest = paged.headers["nattljus-signature"].partition(",v1=")
    expected = hmac.new(SECRET.encode(), f"{seconds[2:]}.".encode() + paged.body, sha256).hexdigest()
    assert digest == expected


async def test_a_hub_that_hangs_is_found_on_every_receiver_and_told_to_the_municipality_within_five_minutes(
    watch: Watched,
) -> None:
    await watch.well()
    hub = watch.platform.platform.hub
    await hub._tasks.close()  # its workers are gone; what is received waits for ever
    with without_patience():
        first = await watch.round()
        later = await watch.round(minutes=2)
    assert {FindingCode.RECEIVER_SILENT} <= {code for code, _ in watch.amiss}
    assert (first.outage_begun, later.outage_begun is not None) == (None, True)
    [mail] = await watch.mailbox.has(1)
    [posted] = await watch.pager.has("/kommun", 1)
    assert watch.mailbox.recipients == ["larm@kommun.test"]
    text = mail.get_content()
    assert "Larm kan vara fördröjda" in text
    assert "receiver_silent" in text
    assert (posted.json["phase"], posted.json["until"]) == ("begun", None)
    digest = posted.headers["nattljus-signature"].partition(",v1=")[2]
    stamp = posted.headers["nattljus-signature"][2:].partition(",")[0]
    own_key = key_of(SECRET, "contact-1").encode()
    assert digest == hmac.new(own_key, f"{stamp}.".encode() + posted.body, sha256).hexdigest()

    await hub.start()
    await until_well(watch)
    await watch.mailbox.has(2)
    phases = [one.json["phase"] for one in await watch.pager.has("/kommun", 2)]
    assert phases == ["begun", "over"]
    await until(lambda: not watch.watchdog._memory.kept.waiting)
    await watch.well()
    on_record = await watch.ask(select(outage_told.c.phase, outage_told.c.means, outage_told.c.outcome))
    assert sorted(map(tuple, on_record)) == [
        (phase, means, "delivered") for phase in ("begun", "over") for means in ("email", "webhook")
    ]
    [(ended_at,)] = await watch.ask(select(outage.c.ended_at))
    assert ended_at is not None


async def until_well(watch: Watched) -> None:
    for _ in range(10):
        await watch.round()
        if not watch.watchdog.watch.findings:
            return
    pytest.fail(f"still amiss: {watch.amiss}")


async def test_with_the_database_away_it_still_knows_whom_to_tell(mortal_postgres: PostgreSQL, tmp_path: Path) -> None:
    url = mortal_postgres.create()
    async with watched(url, tmp_path) as watch:
        await watch.well()
        mortal_postgres.kill()
        with without_patience():
            await watch.round()
            await watch.round(minutes=2)
        assert (FindingCode.DATABASE_AWAY, "") in watch.amiss
        assert (FindingCode.NOT_READY, "database") in watch.amiss
        await watch.mailbox.has(1)
        assert watch.mailbox.recipients == ["larm@kommun.test"]
        assert len(watch.pager.to("/beat")) == 1
        mortal_postgres.start()
        await until_well(watch)
        await watch.mailbox.has(2)
        await until(lambda: not watch.watchdog._memory.kept.waiting)
        await watch.well()
        [(began_at, ended_at)] = await watch.ask(select(outage.c.began_at, outage.c.ended_at))
        assert ended_at > began_at


async def test_a_pager_that_is_away_is_told_when_it_is_back_once(watch: Watched, monkeypatch: Any) -> None:
    monkeypatch.setattr("alarms.watchdog.telling.PAUSES", (0.2,))
    watch.pager.status = 503
    case = (await watch.platform.press(1, "1"))["cases"][0]
    await set_case(watch, case, next_step=None, next_step_at=None)
    await watch.round()
    await SystemClock().sleep(1.0)
    assert watch.pager.asked == []
    watch.pager.status = 204
    [paged] = await watch.pager.has("/page", 1)
    assert "case_without_step" in {begun["code"] for begun in paged.json["begun"]}
    await until(lambda: not watch.watchdog._memory.kept.waiting)
    assert len(watch.pager.to("/page")) == 1


async def test_mqtt_is_tested_through_the_broker(sqlite_url: str, tmp_path: Path, mosquitto: Mosquitto) -> None:
    async with watched(sqlite_url, tmp_path, mosquitto.url) as watch:
        await until(lambda: watch.platform.platform.mqtt is not None and watch.platform.platform.mqtt.healthy)
        await watch.well()
        counted = select(func.count()).where(tables.synthetic, tables.signal.c.protocol == "mqtt")
        assert await watch.ask(counted) == [(1,)]
        mosquitto.kill()
        with without_patience():
            await watch.round()
        assert (FindingCode.RECEIVER_SILENT, "mqtt") in watch.amiss
