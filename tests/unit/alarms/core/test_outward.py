"""Each event at least once, in order within its case, whatever a receiver answers, and one fault stops no other."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alarms.core.outward import (
    FAILED_ALIKE,
    GIVEN_UP_AFTER,
    LONGEST_PAUSE,
    NOTICE_AFTER,
    PROBES,
    TRIES,
    Heard,
    Item,
    Receiver,
    heard,
    notice_due,
    pause,
    plan_round,
    settle,
)

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
TAKEN, GONE, REFUSED, UNWELL = Heard.TAKEN, Heard.GONE, Heard.REFUSED, Heard.UNWELL


@dataclass
class Line:
    """A subscription with its events, in memory, as the shell keeps it in the database."""

    cases: list[str]  # of the events at places 1, 2, …
    at: datetime = AT
    cursor: int = 0
    receiver: Receiver = field(default_factory=Receiver)
    waiting: dict[int, Item] = field(default_factory=dict)
    dead: set[int] = field(default_factory=set)
    taken: list[int] = field(default_factory=list)
    window: int = 5

    def round(self, answer, *, dies=False):
        """One round, in which `answer(place)` is what the receiver says; none is no time left for it."""
        if self.receiver.resume_at is not None:
            self.at = max(self.at, self.receiver.resume_at)
        places = range(self.cursor + 1, len(self.cases) + 1)[: self.window]
        fresh = [Item(place, self.cases[place - 1]) for place in places if place not in self.waiting]
        last = places[-1] if places else self.cursor
        planned = plan_round(self.waiting.values(), fresh, last, self.receiver, self.at)
        answers = {}
        for lane in planned.lanes:
            for item in lane:
                said = answer(item.position)
                if said is None:
                    break
                answers[item.position] = said
                if said is TAKEN:
                    self.taken.append(item.position)
                else:
                    break
        if dies:
            return
        settled = settle(planned, self.cursor, self.receiver, answers, self.at, 0.5)
        self.cursor, self.receiver = settled.cursor, settled.receiver
        for place in settled.done:
            self.waiting.pop(place, None)
        for item in settled.dead:
            self.waiting.pop(item.position, None)
            self.dead.add(item.position)
        self.waiting.update({item.position: item for item in settled.waiting})

    def first_taken(self):
        return list(dict.fromkeys(self.taken))


def always(said):
    return lambda place: said


def test_one_broken_event_stops_neither_other_cases_nor_is_overtaken_in_its_own():
    line = Line(["a", "b", "a", "c"])
    line.round(lambda place: UNWELL if place == 1 else TAKEN)
    assert line.taken == [2, 4]
    assert set(line.waiting) == {1, 3}
    assert line.cursor == 4
    line.round(always(TAKEN))
    assert line.taken == [2, 4]  # it is not due yet
    line.at += timedelta(seconds=5)
    line.round(always(TAKEN))
    assert line.taken == [2, 4, 1, 3]


def test_what_comes_to_a_case_that_waits_waits_behind():
    line = Line(["a", "b"])
    line.round(lambda place: UNWELL if place == 1 else TAKEN)
    line.cases += ["a", "b"]
    line.round(always(TAKEN))
    assert line.taken == [2, 4]
    assert line.cursor == 4
    assert set(line.waiting) == {1, 3}


def test_a_receiver_that_is_down_costs_no_event_a_try_and_nothing_moves():
    line = Line([f"case-{n}" for n in range(40)])
    for _ in range(200):
        line.round(always(UNWELL))
    assert line.at - AT > timedelta(days=5)
    assert (line.cursor, line.waiting, line.dead) == (0, {}, set())
    assert line.receiver.down_since == AT
    line.round(always(TAKEN))
    while line.cursor < 40 or line.waiting:
        line.at += timedelta(minutes=1)
        line.round(always(TAKEN))
    assert sorted(line.taken) == list(range(1, 41))
    assert not line.receiver.down


def test_while_it_is_down_other_lanes_are_tried_so_that_broken_events_do_not_look_like_a_broken_receiver():
    line = Line([f"case-{n}" for n in range(12)], window=50)
    line.round(lambda place: UNWELL if place == 1 else None)
    assert line.receiver.down
    rounds = 0
    while line.receiver.down:
        line.round(lambda place: TAKEN if place > 9 else UNWELL)
        rounds += 1
    assert rounds <= 12 / PROBES
    assert set(line.taken) & {10, 11, 12}


def test_a_gone_event_is_a_dead_letter_at_once_and_its_case_goes_on():
    line = Line(["a", "a", "b"])
    line.round(lambda place: GONE if place == 1 else TAKEN)
    assert line.dead == {1}
    line.round(always(TAKEN))
    assert line.taken == [3, 2]


def test_a_receiver_that_says_gone_to_everything_is_down_before_the_dead_letters_are_many():
    line = Line([f"case-{n}" for n in range(500)])
    for _ in range(300):
        line.round(always(GONE))
    assert len(line.dead) < FAILED_ALIKE
    assert line.receiver.down


@pytest.mark.parametrize("said", [REFUSED, UNWELL])
def test_after_so_many_tries_or_a_day_an_event_is_given_up_while_others_are_taken(said):
    line = Line(["a", "b"])
    line.round(lambda place: said if place == 1 else TAKEN)
    tries = 1
    while not line.dead:
        line.at = line.waiting[1].next_at
        line.cases.append("b")
        line.round(lambda place: said if place == 1 else TAKEN)
        tries += 1
    assert tries <= TRIES
    assert line.at - AT <= GIVEN_UP_AFTER + LONGEST_PAUSE * 1.25


def test_an_event_that_was_tried_once_before_a_days_outage_is_tried_on_after_it():
    line = Line(["a", "b"])
    line.round(lambda place: UNWELL if place == 1 else TAKEN)
    line.cases.append("b")
    while line.at - AT < 2 * GIVEN_UP_AFTER:
        line.round(always(UNWELL))
    line.round(lambda place: UNWELL if place == 1 else TAKEN)
    assert line.dead == set()
    line.at += LONGEST_PAUSE
    line.round(always(TAKEN))
    assert set(line.taken) == {1, 2, 3}


def test_pauses_grow_from_a_second_to_an_hour_and_are_spread():
    assert [pause(n, 0.5).total_seconds() for n in (1, 2, 3, 10)] == [1, 2, 4, 512]
    assert pause(13, 0.5) == pause(5000, 0.5) == LONGEST_PAUSE
    assert pause(1, 0.0) < pause(1, 0.5) < pause(1, 0.999)


def test_a_status_says_whether_it_is_the_events_fault():
    meant = {code: heard(code) for code in (200, 204, 302, 400, 401, 404, 410, 413, 422, 429, 500, 503)}
    assert {code for code, one in meant.items() if one is TAKEN} == {200, 204}
    assert {code for code, one in meant.items() if one is REFUSED} == {400, 413, 422}
    assert meant[410] is GONE
    assert heard(None) is UNWELL


def test_the_administrator_is_told_once_of_a_pause_that_lasts_and_once_of_its_end():
    down = Receiver(down_since=AT)
    assert notice_due(down, False, AT + timedelta(minutes=1)) is None
    assert notice_due(down, False, AT + NOTICE_AFTER) == "begun"
    assert notice_due(down, True, AT + timedelta(days=1)) is None
    assert notice_due(Receiver(), True, AT) == "over"
    assert notice_due(Receiver(), False, AT) is None


answers = st.sampled_from([TAKEN, TAKEN, GONE, REFUSED, UNWELL, None])


@settings(max_examples=150, deadline=None)
@given(
    cases=st.lists(st.sampled_from("abcd"), min_size=1, max_size=25),
    said=st.lists(answers, max_size=80),
    deaths=st.sets(st.integers(0, 30)),
    waits=st.lists(st.integers(0, 7200), min_size=1, max_size=10),
)
def test_each_event_is_delivered_at_least_once_in_order_per_case_whatever_the_receiver_answers(
    cases, said, deaths, waits
):
    line, script = Line(cases), iter(said)
    for n in range(30):
        line.round(lambda place: next(script, TAKEN), dies=n in deaths)
        line.at += timedelta(seconds=waits[n % len(waits)])
    for _ in range(200):
        if line.cursor == len(cases) and not line.waiting:
            break
        line.at += LONGEST_PAUSE * 2
        line.round(always(TAKEN))
    assert line.cursor == len(cases)
    assert line.waiting == {}
    assert set(line.taken) | line.dead == set(range(1, len(cases) + 1))
    for case in set(cases):
        mine = [place for place in line.first_taken() if cases[place - 1] == case and place not in line.dead]
        assert mine == sorted(mine)


def test_what_there_was_no_time_for_is_written_down_and_not_passed():
    line = Line(["a", "b", "c"])
    line.round(lambda place: TAKEN if place == 2 else None)
    assert line.cursor == 3
    assert {item.position: item.tries for item in line.waiting.values()} == {1: 0, 3: 0}
    assert replace(line.waiting[1], next_at=None) == Item(1, "a")
