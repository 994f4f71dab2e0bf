"""The straight way of a device's events: what goes it, and that everything else is handed on untouched."""

import json
from datetime import UTC, datetime

import pytest
from starlette.exceptions import HTTPException

from alarms.core.signal import Outcome, Receipt
from alarms.receivers.http.listen import LONGEST, MOST, PATH
from alarms.receivers.http.straight import Straight
from kit.clock import FakeClock
from kit.errors import StorageDown
from kit.wire.words import Role
from registry.access import Span, Who

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
EVENT = {"specversion": "1.0", "id": "1", "source": "button", "type": "nattljus.alarm.pressed"}
EVER = Span(NOON, None)
BUTTON = Who("button-1", "", None, "norr", "kungsbacka", None, EVER, device="button-1")
SARA = Who("sara", "Sara", Role.WORKER, "norr", "kungsbacka", None, EVER)


class Sessions:
    async def holder(self, token, at):
        return {"a-button's": BUTTON, "a-person's": SARA}.get(token)


class Intake:
    def __init__(self, down=False):
        self.down, self.signals = down, []

    async def receive(self, signal):
        if self.down:
            raise StorageDown("gone")
        self.signals.append(signal)
        return Receipt(f"signal-{signal.reference}", "case-1", Outcome.STORED, known=True)


class Application:
    """What stands behind, and what it was handed."""

    def __init__(self):
        self.bodies = []

    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(body)


async def asked(*pieces, token="a-button's", path=PATH, method="POST", down=False, ends=None):
    """What was answered, what was stored, and what the application behind was handed."""
    application, intake, answer = Application(), Intake(down), []
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    if ends is None:
        messages[-1]["more_body"] = False
    else:
        messages.append(ends)

    async def receive():
        message = messages.pop(0)
        if isinstance(message, Exception):
            raise message
        return message

    async def send(message):
        answer.append(message)

    headers = [(b"authorization", f"Bearer {token}".encode())] if token else []
    scope = {"type": "http", "path": path, "method": method, "headers": headers}
    await Straight(application, intake, Sessions(), FakeClock(NOON))(scope, receive, send)
    assert not messages
    return answer, intake.signals, application.bodies


def said(answer):
    return answer[0]["status"], json.loads(answer[1]["body"])


async def test_an_event_in_pieces_is_stored_and_answered_and_nothing_is_handed_on():
    whole = json.dumps(EVENT).encode()
    answer, signals, handed = await asked(whole[:10], whole[10:40], whole[40:])
    assert said(answer) == (202, {"accepted": 1, "cases": ["case-1"]})
    assert dict(answer[0]["headers"])[b"content-length"] == str(len(answer[1]["body"])).encode()
    assert [signal.account for signal in signals] == ["button-1"]
    assert handed == []


async def test_an_array_is_stored_whole():
    several = [EVENT | {"id": str(number)} for number in range(MOST)]
    answer, signals, _ = await asked(json.dumps(several).encode())
    assert said(answer) == (202, {"accepted": MOST, "cases": ["case-1"]})
    assert [signal.reference for signal in signals] == [str(number) for number in range(MOST)]


@pytest.mark.parametrize(
    ("body", "more"),
    [
        (json.dumps(EVENT).encode(), {"token": ""}),
        (json.dumps(EVENT).encode(), {"token": "nobody's"}),
        (json.dumps(EVENT).encode(), {"token": "a-person's"}),
        (json.dumps(EVENT).encode(), {"path": PATH + "/"}),
        (json.dumps(EVENT).encode(), {"method": "PUT"}),
        (b"", {}),
        (b"[]", {}),
        (b"{", {}),
        (b"[" * 100_000, {}),
        (json.dumps(EVENT | {"type": "example.unheard-of"}).encode(), {}),
        (json.dumps([EVENT, EVENT | {"id": ""}]).encode(), {}),
        (json.dumps([EVENT] * (MOST + 1)).encode(), {}),
        (b" " * LONGEST + json.dumps(EVENT).encode(), {}),
    ],
)
async def test_what_is_not_as_it_should_be_is_handed_on_as_it_came_and_nothing_of_it_is_stored(body, more):
    answer, signals, handed = await asked(body[:7], body[7:], **more)
    assert (answer, signals, handed) == ([], [], [body])


async def test_who_hangs_up_midway_has_sent_nothing():
    answer, signals, handed = await asked(json.dumps(EVENT).encode(), ends={"type": "http.disconnect"})
    assert (answer, signals) == ([], [])
    assert handed == [json.dumps(EVENT).encode()]


async def test_what_refuses_an_endless_request_refuses_it_behind():
    with pytest.raises(HTTPException):
        await asked(b" " * 10, ends=HTTPException(413))


async def test_while_storage_is_away_the_device_is_told_so_at_once_and_once():
    answer, signals, handed = await asked(json.dumps(EVENT).encode(), down=True)
    status, problem = said(answer)
    assert (status, problem["code"]) == (503, "storage_down")
    assert dict(answer[0]["headers"])[b"retry-after"] == b"2"
    assert (signals, handed) == ([], [])
