"""A DC-09 device for tests: what it sends, what it makes of the answers, and a receiver without sockets around it."""

import re

from alarms.receivers.dc09.cipher import decipher, encipher
from alarms.receivers.dc09.frame import Framer, unwrap, wrap
from alarms.receivers.dc09.hear import Hearing
from alarms.receivers.dc09.keys import CLEAR
from kit.clock import FakeClock
from kit.errors import StorageDown
from kit.tasks import Tasks
from tests.unit.alarms.scaip.device import MemoryIntake

KEY = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
ACCOUNT = "1234"
PRESS = "#1234|Nri1/QA001"


def stamp(at):
    return f"{at:_%H:%M:%S,%m-%d-%Y}"


def message(data=PRESS, *, token="SIA-DCS", seq="0001", head="L0", account=ACCOUNT, extra="", at=None, key=None):
    who = f"#{account}" if account is not None else ""
    when = stamp(at) if at else ""
    if key is None:
        return f'"{token}"{seq}{head}{who}[{data}]{extra}{when}'.encode()
    return f'"*{token}"{seq}{head}{who}[{encipher(f"{data}]{extra}{when}", key)}'.encode()


def frame(*words, **more):
    return wrap(message(*words, **more))


def heartbeat(**more):
    return frame("", token="NULL", **{"seq": "0000", **more})


def said(answer, key=None):
    """The word, the number, who it is for, and the time in an answer; its frame must be right."""
    [event] = Framer().feed(answer)
    text = unwrap(event.data).decode()
    found = re.fullmatch(r'"(\*?)([A-Z]{3})"([0-9A-Fa-f]{4})(\S*?)\[(.*)', text)
    assert found, text
    star, word, seq, who, rest = found.groups()
    if star:
        padding, _, rest = decipher(rest, key).decode().partition("|")
        assert 1 <= len(padding) <= 16
    assert rest.startswith("]"), rest
    return star + word, seq, who, rest[1:]


class KeysInMemory:
    def __init__(self):
        self.agreed = {}
        self.down = False

    def start(self, tasks):
        """Nothing to begin."""

    async def of(self, account):
        if self.down:
            raise StorageDown
        return self.agreed.get(account, CLEAR)


class Station:
    """A receiver without sockets, on a clock that stands still."""

    def __init__(self, *, busy_at=100, beats_at=100, full_at=200):
        self.clock = FakeClock()
        self.tasks = Tasks(self.clock)
        self.intake = MemoryIntake()
        self.keys = KeysInMemory()
        limits = {"busy_at": busy_at, "beats_at": beats_at, "full_at": full_at}
        self.hearing = Hearing(self.intake, self.keys, self.clock, self.tasks, **limits)
        self.answers = []
        self.cut = False

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        await self.tasks.close()

    def reply(self, answer, *, known=False):
        self.answers.append(answer)
        return not self.cut

    async def hear(self, data):
        """One frame, with LF and CR; the answers it brought."""
        before = len(self.answers)
        self.hearing.hear(data[1:-1], self.reply)
        await self.clock.advance(0)
        return self.answers[before:]

    async def told(self, data, key=None):
        """The one answer to a frame, or none."""
        answers = await self.hear(data)
        assert len(answers) <= 1
        return said(answers[0], key) if answers else None
