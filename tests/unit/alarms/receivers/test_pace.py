"""How many a second one source may, on times that are told."""

from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.pace import Pace


def test_a_second_s_worth_comes_at_once_and_more_waits_its_turn():
    pace = Pace(10)
    assert [pace.wait("a", 5.0) for _ in range(10)] == [0.0] * 10
    assert [round(pace.wait("a", 5.0) or 0, 3) for _ in range(3)] == [0.1, 0.2, 0.3]


def test_of_a_shorter_burst_less_comes_at_once_and_never_less_than_one():
    assert [Pace(10, burst=0.2).wait("a", 0.0) for _ in range(3)] == [0.0] * 3
    pace = Pace(10, burst=0.2)
    assert [round(pace.wait("a", 0.0) or 0, 3) for _ in range(4)] == [0.0, 0.0, 0.1, 0.2]
    assert Pace(1, burst=0.1).wait("a", 0.0) == 0.0


def test_who_would_wait_too_long_is_sent_away_and_costs_the_others_nothing():
    pace = Pace(10, patience=0.5)
    waits = [pace.wait("a", 0.0) for _ in range(1_000)]
    assert waits[15:] == [None] * 985
    assert pace.wait("a", 0.1) is not None  # the next tenth is for the next one, however many were sent away


def test_nobody_waits_for_another_address():
    pace = Pace(10)
    for _ in range(100):
        pace.wait("a", 0.0)
    assert pace.wait("b", 0.0) == 0.0


def test_a_rate_of_none_lets_everybody_in():
    assert {Pace(0).wait("a", 0.0) for _ in range(10_000)} == {0.0}


def test_of_a_hundred_thousand_sources_only_those_of_the_moment_are_kept():
    pace = Pace(10)
    for number in range(100_000):
        pace.wait(str(number), number / 1_000)
    assert len(pace) <= 2_000


@given(st.lists(st.floats(0, 0.3), max_size=80), st.sampled_from([1.0, 7.0, 50.0]))
def test_never_do_more_come_in_a_second_than_a_second_and_a_burst_allow(gaps, rate):
    pace, at, begun = Pace(rate), 0.0, []
    for gap in gaps:
        at += gap
        if (wait := pace.wait("a", at)) is not None:
            assert wait <= 2.0
            begun.append(at + wait)
    assert begun == sorted(begun)
    assert all(sum(one <= other < one + 1.0 for other in begun) <= 2 * rate + 1 for one in begun)
