"""What a round saw, and which troubles that is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alarms.core.rounds import Answer, Before, DeskHeard, Journal, Observed, Probed, judge
from kit.wire.watch import FindingCode

CALM = Journal(0, timedelta(0), 0, None, head=8, clock_ahead=timedelta(0), hub_ahead=timedelta(0))
READY = {"database": True, "bus": True, "relay": True, "scaip": True}
WELL = Observed((Probed("http", Answer.STORED),), CALM, DeskHeard.MARK, READY, 0.0)
BEFORE = Before(head=7, parts=frozenset(READY))


def found(seen: Observed, before: Before = BEFORE) -> list[tuple[FindingCode, str]]:
    return [trouble.key for trouble in judge(seen, before)[0].troubles]


def unknown(seen: Observed) -> frozenset[FindingCode]:
    return judge(seen, BEFORE)[0].unknown


def test_a_good_round_finds_nothing_and_knows_everything() -> None:
    seen, before = judge(WELL, Before())
    assert (seen.troubles, seen.unknown) == ((), frozenset())
    assert before == Before(8, frozenset(READY))


@pytest.mark.parametrize(
    ("journal", "code"),
    [
        (replace(CALM, overdue=2, latest=timedelta(seconds=31)), FindingCode.ESCALATION_LATE),
        (replace(CALM, stepless=1, stepless_case="case-1"), FindingCode.CASE_WITHOUT_STEP),
        (replace(CALM, head=7), FindingCode.JOURNAL_STILL),
        (replace(CALM, head=3), FindingCode.JOURNAL_STILL),
        (replace(CALM, clock_ahead=timedelta(seconds=-6)), FindingCode.DATABASE_CLOCK),
        (replace(CALM, hub_ahead=timedelta(seconds=6)), FindingCode.HUB_CLOCK),
    ],
)
def test_what_the_journal_shows(journal: Journal, code: FindingCode) -> None:
    assert found(replace(WELL, journal=journal)) == [(code, "")]


def test_a_step_that_is_due_just_now_is_no_finding() -> None:
    assert found(replace(WELL, journal=replace(CALM, overdue=1, latest=timedelta(seconds=30)))) == []


def test_without_the_database_nothing_is_said_of_what_it_alone_knows() -> None:
    blind = replace(WELL, journal=None, probes=(Probed("http", Answer.UNPROVEN),))
    assert (FindingCode.DATABASE_AWAY, "") in found(blind)
    assert {FindingCode.ESCALATION_LATE, FindingCode.CASE_WITHOUT_STEP} <= unknown(blind)


def test_a_check_of_ours_that_breaks_is_a_finding_and_no_outage_of_the_database() -> None:
    assert found(replace(WELL, journal=None, broken=("journal",))) == [(FindingCode.CHECK_BROKEN, "journal")]


def test_a_receiver_that_is_silent_and_one_that_acknowledges_what_it_has_not_stored() -> None:
    probes = (Probed("http", Answer.SILENT, 503), Probed("mqtt", Answer.LOST), Probed("scaip:udp", Answer.STORED))
    assert found(replace(WELL, probes=probes)) == [
        (FindingCode.RECEIVER_SILENT, "http"),
        (FindingCode.SIGNAL_NOT_STORED, "mqtt"),
    ]


def test_a_desk_is_blamed_only_for_what_there_was_to_hear() -> None:
    silent = (Probed("http", Answer.SILENT),)
    assert found(replace(WELL, desk=DeskHeard.NOTHING)) == [(FindingCode.DESK_SILENT, "")]
    assert found(replace(WELL, desk=DeskHeard.BEAT)) == [(FindingCode.DESK_SILENT, "feed")]
    assert found(replace(WELL, desk=DeskHeard.BEAT, probes=silent)) == [(FindingCode.RECEIVER_SILENT, "http")]
    assert unknown(replace(WELL, desk=DeskHeard.BEAT, probes=silent)) == {FindingCode.DESK_SILENT}
    assert found(replace(WELL, desk=DeskHeard.OPENED)) == []
    assert unknown(replace(WELL, desk=DeskHeard.OPENED)) == {FindingCode.DESK_SILENT}


def test_a_part_is_missed_when_alarms_need_it_or_when_it_has_been_there() -> None:
    without = replace(WELL, ready={**READY, "relay": False, "scaip": False})
    assert found(without) == [(FindingCode.NOT_READY, "relay"), (FindingCode.NOT_READY, "scaip")]
    assert found(without, Before(head=7)) == [(FindingCode.NOT_READY, "scaip")]
    assert found(replace(WELL, ready=None)) == [(FindingCode.WEB_SILENT, "")]


def test_a_set_clock_is_found() -> None:
    assert found(replace(WELL, clock_off=-3599.6)) == [(FindingCode.CLOCK_STEPPED, "")]
