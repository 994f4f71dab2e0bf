"""Who makes room when connections run out: strangers before whom we know, and the largest crowd before anybody."""

from dataclasses import dataclass, field

import pytest

from alarms.receivers.sockets import Connections, origin
from kit.metrics import gauge

OPEN = gauge("test_connections_open", "Of a test")


@dataclass(eq=False)
class Line:
    room: Connections
    source: tuple[str, int]
    dropped: list[str] = field(default_factory=list)

    def drop(self, cause):
        self.dropped.append(cause)
        self.room.closed(self)


@pytest.fixture
def room():
    return Connections(10, OPEN, strangers=4)


def opened(room, host, times=1, *, known=False):
    lines = [Line(room, (host, port)) for port in range(times)]
    for line in lines:
        room.opened(line)
        if known:
            room.known(line)
    return lines


def gone(lines):
    return [bool(line.dropped) for line in lines]


def test_an_address_with_too_many_strangers_loses_its_own_silent_ones(room):
    others = opened(room, "b", 2)
    crowd = opened(room, "a", 4)
    room.heard(crowd[0])
    opened(room, "a", 2)
    assert gone(crowd) == [False, True, True, False]
    assert crowd[1].dropped == ["too_many_strangers"]
    assert gone(others) == [False, False]


def test_thousands_of_known_devices_stand_behind_one_address():
    room = Connections(10_000, OPEN, strangers=4)
    devices = opened(room, "a", 5_000, known=True)
    opened(room, "a", 1_000)
    assert not any(gone(devices))
    assert len(room) == 5_004


def test_when_all_is_full_strangers_go_first_and_of_the_largest_crowd(room):
    devices = opened(room, "a", 5, known=True)
    lonely, crowd = opened(room, "b"), opened(room, "c", 4)
    opened(room, "d", 2)
    assert not any(gone(devices))
    assert gone(lonely) == [False]
    assert gone(crowd) == [True, True, False, False]


def test_where_all_are_known_the_one_that_was_silent_longest_goes(room):
    devices = opened(room, "a", 10, known=True)
    room.heard(devices[0])
    (new,) = opened(room, "b")
    assert gone(devices) == [False, True] + [False] * 8
    assert len(room) == 10
    room.closed(new)
    assert len(room) == 9


def test_what_is_heard_of_a_line_that_is_gone_changes_nothing(room):
    (line,) = opened(room, "a")
    room.closed(line)
    room.known(line)
    room.heard(line)
    assert len(room) == 0


def test_closing_closes_strangers_and_known_alike(room):
    lines = opened(room, "a", 3) + opened(room, "b", 3, known=True)
    room.close()
    assert all(gone(lines))
    assert len(room) == 0


@pytest.mark.parametrize(
    ("host", "whom"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_of_ipv6_a_whole_network_is_one_address(host, whom):
    assert origin(host) == whom
