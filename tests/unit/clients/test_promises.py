"""A promise is kept when what was seen says so, and broken by the least that speaks against it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.simulated.ledger import Ledger, Met, Opened, Side
from clients.simulated.promises import Promise, judged, share
from clients.simulated.schedule import Way
from kit.wire.case import CaseView
from kit.wire.words import CaseKind, CaseState, Reason, VisitOutcome, VisitState

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
PEOPLE = ("demo-operator-1",)


def case(resident: str = "demo-resident-1", **more: Any) -> CaseView:
    said: dict[str, Any] = {
        "id": f"case of {resident}", "version": 1, "kind": CaseKind.PERSON, "state": CaseState.QUEUED, "priority": 2,
        "principal": "demo-kommun", "principal_name": "Demo kommun", "resident": resident, "person": None,
        "home": None, "town": None, "household": 1, "device": None, "reason": Reason.PRESSED, "presses": 1,
        "unread": 1, "handler": None, "handler_name": None, "escalation": 0, "held_until": None, "next_step": None,
        "next_step_at": None, "raised_at": AT, "taken_at": None, "closed_at": None,
    }  # fmt: skip
    return CaseView(**{**said, **more})


def ended(**more: Any) -> CaseView:
    taken = {"taken_at": AT + timedelta(seconds=8), "closed_at": AT + timedelta(seconds=30)}
    return case(**{"state": CaseState.CLOSED, "handler": PEOPLE[0], **taken, **more})


def a_good_day() -> Ledger:
    ledger = Ledger()
    for number, way in enumerate(Way):
        resident = f"demo-resident-{number}"
        press = ledger.press(f"r{number}", resident, way, at=10.0)
        press.acknowledged_at, press.on_case = 10.05, True
        ledger.desk_shows(case(resident), at=10.1)
    for number in range(2):
        sides = [Side(pictures=30, different=20, sounds=90, loudest=9_000) for _ in range(2)]
        ledger.visits.append(
            Met(f"v{number}", "demo-resident-1", *sides, True, VisitState.ENDED, VisitOutcome.COMPLETED)
        )
    ledger.doors.append(Opened("demo-lock-1", 0.4, None))
    return ledger


def broken(ledger: Ledger, *cases: CaseView) -> list[str]:
    promises = judged(ledger, cases or (ended(), ended()), PEOPLE, visits=True, doors=True)
    assert all(isinstance(one, Promise) and one.goal and one.seen for one in promises)
    return [one.name for one in promises if not one.holds]


def test_a_good_day_keeps_every_promise() -> None:
    assert broken(a_good_day()) == []


def test_a_press_that_nobody_acknowledged_breaks_one() -> None:
    ledger = a_good_day()
    ledger.press("r9", "demo-resident-9", Way.SCAIP, at=11.0)
    assert broken(ledger) == ["Every press is acknowledged"]


def test_a_day_without_a_press_keeps_nothing() -> None:
    assert "Every press is acknowledged" in broken(Ledger())


@pytest.mark.parametrize("late", [None, 12.5])
def test_a_press_that_is_late_or_never_on_a_desk_breaks_one(late: float | None) -> None:
    ledger = a_good_day()
    ledger.presses[0].on_desk_at = late
    assert broken(ledger) == ["A press is on a desk"]


def test_an_acknowledged_press_that_is_on_no_case_breaks_one() -> None:
    ledger = a_good_day()
    ledger.presses[1].on_case = False
    assert broken(ledger) == ["No acknowledged press is missing from its case"]


def test_cases_taken_late_break_one() -> None:
    late = ended(taken_at=AT + timedelta(seconds=61))
    assert broken(a_good_day(), ended(), late) == ["Cases are taken in time"]
    assert broken(a_good_day(), *[ended()] * 9, late) == []


def test_a_case_left_open_breaks_one_unless_it_is_somebody_elses() -> None:
    taken = {"closed_at": None, "state": CaseState.TAKEN}
    assert broken(a_good_day(), ended(), ended(**taken)) == ["Every case is brought to an end"]
    assert broken(a_good_day(), ended(), ended(**taken, handler="demo-supervisor")) == []


@pytest.mark.parametrize("side", [Side(), Side(30, 1, 90, 9_000), Side(30, 20, 90, 0)])
def test_somebody_who_sees_nothing_or_a_still_or_hears_nothing_breaks_one(side: Side) -> None:
    ledger = a_good_day()
    ledger.visits[0].resident_side = side
    assert broken(ledger) == ["Both see and hear each other"]


def test_fewer_than_two_visits_show_nothing() -> None:
    ledger = a_good_day()
    ledger.visits.pop()
    assert broken(ledger) == ["Both see and hear each other"]


def test_a_visit_that_does_not_end_breaks_one() -> None:
    ledger = a_good_day()
    ledger.visits[0].state = VisitState.IN_PROGRESS
    assert broken(ledger) == ["Every visit ends with an outcome"]


@pytest.mark.parametrize("door", [Opened("demo-lock-1", 0.4, "lock_no_answer"), Opened("demo-lock-1", 10.5, None)])
def test_a_door_that_stays_shut_or_opens_late_breaks_one(door: Opened) -> None:
    ledger = a_good_day()
    ledger.doors.append(door)
    assert broken(ledger) == ["Doors open when told to"]


def test_a_fault_breaks_one_and_is_named() -> None:
    ledger = a_good_day()
    ledger.faults.append("demo-operator-1: TimeoutError")
    assert broken(ledger) == ["Nobody is cut off or refused"]


def test_a_second_press_is_on_the_desk_when_the_case_counts_it() -> None:
    ledger = Ledger()
    ledger.desk_shows(case(presses=1), at=1.0)
    press = ledger.press("r2", "demo-resident-1", Way.HTTP, at=2.0)
    ledger.desk_shows(case(presses=1, version=2), at=2.1)
    assert press.on_desk_at is None
    ledger.desk_shows(case(presses=2, version=3), at=2.2)
    assert press.on_desk_at == 2.2


def test_a_press_after_the_case_was_closed_is_seen_on_the_next_case() -> None:
    ledger = Ledger()
    ledger.desk_shows(ended(), at=1.0)
    assert not ledger.has_open("demo-resident-1")
    press = ledger.press("r2", "demo-resident-1", Way.HTTP, at=2.0)
    ledger.desk_shows(case(id="another"), at=2.3)
    assert press.on_desk_at == 2.3
    assert ledger.has_open("demo-resident-1")


def test_a_share_is_the_value_that_so_many_do_not_exceed() -> None:
    hundred = [float(n) for n in range(100, 0, -1)]
    assert (share(hundred, 0.95), share(hundred, 0.5), share([3.0], 0.95)) == (95.0, 50.0, 3.0)
    with pytest.raises(ValueError, match="no values"):
        share([], 0.95)
