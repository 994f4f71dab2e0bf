"""Whatever is posted at the HTTP door: no crash, errors as problems, and what is accepted stands there exactly once."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from alarms.receivers.http.listen import LONGEST, MOST
from deploy.front import LONGEST as LONGEST_REQUEST
from deploy.platform import Platform
from kit.clock import FakeClock, SystemClock
from kit.settings import Settings
from registry.sessions import issue_device_token
from tests.fuzz.http_input import HEARTBEAT, SPLINTERS, TYPES, VALID, bodies, events
from tests.fuzz.scaip_input import EXAMPLES, fuzzed, patient

pytestmark = patient

KEY = "k" * 40
# Through the whole application and a database: test_http_parse.py has the hundred thousands.
through_everything = settings(fuzzed, max_examples=min(EXAMPLES, 2_000))
DEVICE = "demo-app-1"
ALARMS = {"nattljus.alarm.pressed", "nattljus.alarm.fall"}


def readable(text_of_json):
    """Whether it is JSON that can be read at all, wherever on the stack one stands."""
    try:
        json.loads(text_of_json)
    except (ValueError, RecursionError):
        return False
    return text_of_json.count("[") < 500


class Door:
    """The platform's own application, called without sockets between."""

    def __init__(self, platform, clock, client):
        self.platform, self.clock, self.client = platform, clock, client
        self.known = set()

    async def post(self, body):
        return await self.client.post("/api/v1/device/events", content=body)

    async def post_and_wait_a_second(self, body):
        """For heartbeats, which are answered when the second's have been written."""
        waiting, real = [True], SystemClock()

        async def post():
            try:
                return await self.post(body)
            finally:
                waiting.clear()

        async def pass_time():
            while waiting:
                await real.sleep(0.005)
                await self.clock.advance(0.25)

        answer, _ = await asyncio.gather(post(), pass_time())
        return answer

    async def rows(self):
        """How many signals were ever stored."""
        async with self.platform.store.read() as connection:
            return await connection.scalar(text("SELECT coalesce(max(rowid), 0) FROM signal"))

    async def check(self, body):
        """Post what may be anything; whether it was accepted."""
        before = await self.rows()
        heartbeat = HEARTBEAT.encode() in body
        answer = await (self.post_and_wait_a_second(body) if heartbeat else self.post(body))
        added = await self.rows() - before
        refused = {}
        if answer.status_code != 202:
            is_problem(answer)
            if answer.json()["code"] != "events_refused":
                assert added == 0
                return False
            refused = {error["index"]: error["code"] for error in answer.json()["errors"]}
            assert refused
        said = json.loads(body)
        said = said if isinstance(said, list) else [said]
        taken = [one for index, one in enumerate(said) if index not in refused]
        fresh = {(one["source"], one["id"], one["type"]) for one in taken if one["type"] != HEARTBEAT} - self.known
        self.known |= fresh
        assert added == len(fresh)
        assert answer.json()["accepted"] == len(taken) == len(said) - len(refused)
        if any(one["type"] in ALARMS for one in taken):
            assert answer.json()["cases"]
        return not refused


def is_problem(answer):
    assert answer.status_code in {401, 403, 413, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["code"]
    assert "Traceback" not in answer.text
    assert len(answer.content) < 5_000  # nothing of what was sent comes back


@asynccontextmanager
async def opened(folder):
    clock = FakeClock()
    settings = Settings(data=folder, sip_listen="udp:127.0.0.1:0", _env_file=None)
    platform = Platform(settings, [KEY], demo=True, clock=clock)
    await platform.start(migrate=True)
    transport = httpx.ASGITransport(platform.app, raise_app_exceptions=True)
    token = issue_device_token(platform.signer, DEVICE, 0, clock.now())
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    async with httpx.AsyncClient(transport=transport, base_url="http://door", headers=headers) as client:
        try:
            yield Door(platform, clock, client)
        finally:
            await platform.close()


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs a coroutine function with the door, all on one loop, so that the platform is started once."""
    with asyncio.Runner() as runner:
        context = opened(tmp_path_factory.mktemp("door"))
        door = runner.run(context.__aenter__())
        yield lambda work: runner.run(work(door))
        runner.run(context.__aexit__(None, None, None))


@settings(through_everything, max_examples=min(EXAMPLES // 5, 500))
@given(said=st.lists(events(), min_size=1, max_size=6))
def test_damaged_events_are_stored_once_or_refused(run, said):
    async def work(door):
        if not await door.check(f"[{','.join(said)}]".encode()):
            for one in said:
                await door.check(one.encode())

    run(work)


@through_everything
@given(body=bodies())
@example(b"")
@example(b"\xef\xbb\xbf{}")
@example(b"\xff\xfe\x00")
def test_damaged_bodies_are_stored_once_or_refused(run, body):
    run(lambda door: door.check(body))


@pytest.mark.parametrize("splinter", [splinter for splinter in SPLINTERS if readable(splinter)])
@pytest.mark.parametrize("field", ["time", "data"])
def test_an_alarm_with_a_defect_in_what_is_optional_is_raised_all_the_same(run, field, splinter):
    said = {name: json.dumps(value) for name, value in VALID.items()}
    said["id"] = json.dumps(f"{field} {splinter[:60]} {len(splinter)}")
    said[field] = splinter
    body = ("{" + ",".join(f'"{name}":{value}' for name, value in said.items()) + "}").encode()

    async def work(door):
        assert await door.check(body)

    run(work)


def test_an_alarm_that_cannot_say_when_names_the_defect(run):
    async def work(door):
        answer = await door.post(json.dumps({**VALID, "id": "defect", "time": "yesterday"}))
        async with door.platform.store.read() as connection:
            query = text("SELECT defects, \"case\" FROM signal WHERE reference = 'defect'")
            defects, case = (await connection.execute(query)).one()
        assert json.loads(defects) == ["time"]
        assert answer.json()["cases"] == [case]

    run(work)


def test_what_is_no_alarm_and_has_a_defect_is_refused(run):
    async def work(door):
        event = {**VALID, "id": "battery", "type": "nattljus.battery.low", "time": "yesterday"}
        answer = await door.post(json.dumps([VALID, event]))
        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {"index": 1, "code": "invalid", "detail": {"time": "datetime_from_date_parsing"}}
        ]
        assert answer.json()["accepted"] == 1
        alone = await door.post(json.dumps(event))
        assert (alone.status_code, alone.json()["detail"]) == (422, {"time": "datetime_from_date_parsing"})

    run(work)


def test_an_alarm_beside_a_malformed_neighbour_is_stored_and_the_neighbours_are_named(run):
    async def work(door):
        press = {**VALID, "id": "beside"}
        said = [7, press, {**VALID, "id": "strange", "type": "nattljus.strange"}, {**VALID, "id": None}, "x"]
        answer = await door.post(json.dumps(said))
        assert answer.status_code == 422
        is_problem(answer)
        told = answer.json()
        assert (told["code"], told["accepted"], len(told["cases"])) == ("events_refused", 1, 1)
        codes = [(error["index"], error["code"]) for error in told["errors"]]
        assert codes == [(0, "invalid"), (2, "type_unknown"), (3, "invalid"), (4, "invalid")]
        before = await door.rows()
        again = await door.post(json.dumps(said))
        assert again.json() == told
        mended = await door.post(json.dumps([press, {**VALID, "id": "mended"}]))
        assert (mended.status_code, mended.json()["accepted"]) == (202, 2)
        assert await door.rows() == before + 1

    run(work)


def test_nesting_at_the_edge_of_what_can_be_read_is_no_crash(run):
    async def work(door):
        taken = set()
        for depth in range(800, 1000):
            said = json.dumps({**VALID, "id": f"deep {depth}"})[:-1] + f', "deep": {"[" * depth}{"]" * depth}}}'
            taken.add(await door.check(said.encode()))
        assert taken == {True, False}

    run(work)


@pytest.mark.parametrize("size", [LONGEST + 1, LONGEST_REQUEST + 1, 10 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused(run, size):
    async def work(door):
        answer = await door.post(b" " * size + json.dumps(VALID).encode())
        assert answer.status_code == 413
        is_problem(answer)

    run(work)


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 202), (MOST, 202), (MOST + 1, 413)])
def test_one_to_a_hundred_events_are_taken(run, count, status):
    async def work(door):
        before = await door.rows()
        many = [{**VALID, "id": f"{count}-{number}"} for number in range(count)]
        answer = await door.post(json.dumps(many))
        assert answer.status_code == status
        assert await door.rows() - before == (count if status == 202 else 0)

    run(work)


def test_a_press_under_a_used_id_is_not_taken_for_the_other_event(run):
    async def work(door):
        assert await door.check(json.dumps({**VALID, "id": "reused", "type": "nattljus.battery.low"}).encode())
        assert await door.check(json.dumps({**VALID, "id": "reused"}).encode())

    run(work)


def test_every_type_in_one_request_twice_is_stored_once(run):
    async def work(door):
        said = [{**VALID, "id": f"all {name}", "type": name} for name in [*TYPES, HEARTBEAT, "nattljus.alarm.new"]]
        body = json.dumps(said).encode()
        before = await door.rows()
        assert await door.check(body)
        assert await door.check(body)
        assert await door.rows() - before == len(said) - 1

    run(work)
