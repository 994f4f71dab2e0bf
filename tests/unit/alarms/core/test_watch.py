"""What follows from a round: told once, told again, told over; nobody paged by what comes and goes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.watch import AGAIN_EVERY, CLEAR_ROUNDS, OUTAGE_AFTER, Acts, Round, Trouble, Watch, decide
from kit.wire.watch import FindingCode

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SILENT = Trouble(FindingCode.RECEIVER_SILENT, "scaip:udp:127.0.0.1:5060")
STEPLESS = Trouble(FindingCode.CASE_WITHOUT_STEP, "", {"cases": 1})
STEPPED = Trouble(FindingCode.CLOCK_STEPPED, "", {"seconds": 3600})
WELL = Round()


def rounds(*seen: Round, watch: Watch | None = None) -> tuple[Watch, list[Acts]]:
    watch, acts = watch or Watch(), []
    for number, one in enumerate(seen):
        watch, act = decide(watch, one, AT + number * MINUTE, f"outage-{number}")
        acts.append(act)
    return watch, acts


def found(*troubles: Trouble) -> Round:
    return Round(troubles)


def test_all_well_is_said_outside_and_pages_nobody() -> None:
    _, acts = rounds(WELL, WELL)
    assert [(act.heartbeat, act.page) for act in acts] == [(True, False)] * 2


def test_a_finding_is_told_when_it_begins_and_stops_the_heartbeat_until_it_is_over() -> None:
    _, acts = rounds(found(SILENT), found(SILENT), WELL, WELL, WELL)
    assert [len(act.begun) for act in acts] == [1, 0, 0, 0, 0]
    assert [len(act.over) for act in acts] == [0, 0, 0, 1, 0]
    assert [act.heartbeat for act in acts] == [False, False, False, True, True]


def test_a_finding_that_lasts_is_told_again_each_quarter_of_an_hour() -> None:
    _, acts = rounds(*[found(STEPLESS)] * 46)
    told = [number for number, act in enumerate(acts) if act.lasting]
    assert told == [AGAIN_EVERY // MINUTE * times for times in (1, 2, 3)]


def test_what_comes_and_goes_each_minute_is_one_finding() -> None:
    _, acts = rounds(*[found(SILENT), WELL] * 5, WELL)
    assert sum(len(act.begun) for act in acts) == 1
    assert sum(len(act.over) for act in acts) == 1
    assert acts[-1].over


def test_a_round_that_could_not_look_says_neither() -> None:
    blind = Round(unknown=frozenset({FindingCode.CASE_WITHOUT_STEP}))
    watch, acts = rounds(found(STEPLESS), blind, blind, blind)
    assert [finding.trouble for finding in watch.findings] == [STEPLESS]
    assert not any(act.over or act.heartbeat for act in acts)


def test_a_set_clock_is_paged_and_stops_no_heartbeat() -> None:
    _, acts = rounds(found(STEPPED), found(STEPPED))
    assert [len(act.begun) for act in acts] == [1, 0]
    assert all(act.heartbeat for act in acts)


def test_municipalities_hear_of_an_outage_within_five_minutes_once_and_of_its_end_once() -> None:
    _, acts = rounds(*[found(SILENT)] * 20, WELL, WELL, WELL)
    begun = [number for number, act in enumerate(acts) if act.outage_begun]
    over = [number for number, act in enumerate(acts) if act.outage_over]
    assert begun == [2]
    assert OUTAGE_AFTER <= begun[0] * MINUTE <= timedelta(minutes=5)
    assert over == [21]
    ended = acts[21].outage_over
    assert ended is not None
    assert ended.id == "outage-0"


def test_a_restart_of_a_minute_is_no_outage_and_ends_none() -> None:
    _, acts = rounds(found(SILENT), WELL, WELL, WELL)
    assert not any(act.outage_begun or act.outage_over for act in acts)


def test_a_case_without_a_step_is_somebodys_work_and_no_municipalitys() -> None:
    _, acts = rounds(*[found(STEPLESS)] * 20)
    assert not any(act.outage_begun for act in acts)


def test_an_outage_goes_on_while_one_cause_follows_another() -> None:
    _, acts = rounds(*[found(SILENT)] * 5, *[found(Trouble(FindingCode.DATABASE_AWAY))] * 5, WELL, WELL)
    assert sum(act.outage_begun is not None for act in acts) == 1
    ended = acts[-1].outage_over
    assert ended is not None
    assert ended.codes == {FindingCode.RECEIVER_SILENT, FindingCode.DATABASE_AWAY}


troubles = st.sampled_from(
    [SILENT, STEPLESS, STEPPED, Trouble(FindingCode.DATABASE_AWAY), Trouble(SILENT.code, "http")]
)
some_rounds = st.builds(
    lambda troubles, unknown: Round(tuple(troubles), frozenset(unknown) - {one.code for one in troubles}),
    st.sets(troubles.map(lambda one: one.key), max_size=4).map(lambda keys: [Trouble(*key) for key in sorted(keys)]),
    st.sets(st.sampled_from(FindingCode), max_size=2),
)


@given(st.lists(some_rounds, max_size=60))
def test_semantics_6_every_trouble_is_told_none_is_told_twice_and_all_well_is_never_said_of_one(
    story: Sequence[Round],
) -> None:
    _, acts = rounds(*story)
    told: dict[tuple[FindingCode, str], int] = {}
    last_seen: dict[tuple[FindingCode, str], int] = {}
    outage: str | None = None
    for number, (one, act) in enumerate(zip(story, acts, strict=True)):
        for finding in act.begun:
            assert finding.trouble.key not in told
            told[finding.trouble.key] = number
        for trouble in one.troubles:
            assert trouble.key in told  # in the round that saw it, at the latest
            last_seen[trouble.key] = number
        for finding in act.lasting:
            assert number - told[finding.trouble.key] >= AGAIN_EVERY // MINUTE
            told[finding.trouble.key] = number
        for finding in act.over:
            assert number - last_seen[finding.trouble.key] >= CLEAR_ROUNDS
            del told[finding.trouble.key]
        grave = [key for key in told if key[0] is not FindingCode.CLOCK_STEPPED]
        assert act.heartbeat == (not grave and not one.unknown)
        assert not (act.outage_begun and act.outage_over)
        if act.outage_begun:
            assert outage is None
            outage = act.outage_begun.id
        if act.outage_over:
            assert act.outage_over.id == outage
            outage = None


@given(st.lists(some_rounds, max_size=30))
def test_whatever_was_after_a_few_good_rounds_everything_is_over_and_all_is_well(story: Sequence[Round]) -> None:
    watch, acts = rounds(*story, *[WELL] * CLEAR_ROUNDS)
    assert (watch.findings, watch.outage) == ((), None)
    assert sum(act.outage_begun is not None for act in acts) == sum(act.outage_over is not None for act in acts)
    assert acts[-1].heartbeat
