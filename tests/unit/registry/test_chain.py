"""The chain of the access log: whatever is changed in it is found, and named once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain import COLUMNS, START, Break, Fault, Head, Walk, encode, seal, sealing_keys
from registry.tables import access_log

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
KEYS = sealing_keys(["a key of thirty-two letters or more"])
OTHER = {
    "id": "access-0",
    "at": AT + timedelta(microseconds=1),
    "principal": "granne",
    "person": "operator-2",
    "role": "supervisor",
    "unit": None,
    "act": "door_code.read",
    "resident": "resident-2",
    "subject": "",
    "purpose": "case:2",
    "allowed": False,
    "detail": {"basis": "grant"},
}


def a_row(number):
    return {
        "id": f"access-{number}",
        "at": AT + timedelta(seconds=number),
        "principal": "kommun",
        "person": "operator-1",
        "role": "operator",
        "unit": "central",
        "act": "resident.read",
        "resident": "resident-1",
        "subject": None,
        "purpose": "case:1",
        "allowed": True,
        "detail": {"basis": "open_case", "n": number},
    }


def a_chain(length, key=KEYS[0], before=START, first=1):
    rows = []
    for number in range(first, first + length):
        row = {**a_row(number), "sealed_no": number}
        before = seal(key, before, row)
        rows.append({**row, "seal": before})
    return rows


def walk(rows, head=None, keys=KEYS, waiting=None):
    one = Walk("kommun", keys)
    for row in rows:
        one.step(row)
    last = rows[-1] if rows else {"sealed_no": 0, "seal": START}
    return one.end(head or Head(last["sealed_no"], last["seal"]), waiting, AT)


def test_every_column_of_the_log_is_sealed():
    assert set(COLUMNS) | {"seal"} == set(access_log.c.keys())
    assert set(OTHER) | {"sealed_no"} == set(COLUMNS)


def test_an_untouched_chain_is_whole():
    report = walk(a_chain(5))
    assert (report.whole, report.rows, report.breaks) == (True, 5, ())
    assert walk([]).whole


@pytest.mark.parametrize("column", OTHER)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_changed_column_is_found_at_its_row(column, number):
    rows = a_chain(5)
    rows[number - 1] = {**rows[number - 1], column: OTHER[column]}
    report = walk(rows)
    assert report.breaks == (Break(Fault.ALTERED, number, rows[number - 1]["id"]),)


def test_a_changed_seal_is_found():
    rows = a_chain(5)
    for wrong in (None, b"", START):
        changed = [*rows[:2], {**rows[2], "seal": wrong}, *rows[3:]]
        assert walk(changed).breaks[0] == Break(Fault.ALTERED, 3, "access-3")


def test_a_missing_row_is_found():
    rows = a_chain(5)
    assert walk([*rows[:2], *rows[3:]]).breaks == (Break(Fault.MISSING, 3),)
    assert walk(rows[1:]).breaks == (Break(Fault.MISSING, 1),)


def test_a_row_taken_out_with_the_rest_renumbered_is_found():
    rows = a_chain(5)
    shifted = [*rows[:2], *({**row, "sealed_no": row["sealed_no"] - 1} for row in rows[3:])]
    assert not walk(shifted).whole


def test_two_rows_that_changed_places_are_found():
    rows = a_chain(5)
    second, third = {**rows[2], "sealed_no": 2}, {**rows[1], "sealed_no": 3}
    assert {found.number for found in walk([rows[0], second, third, *rows[3:]]).breaks} >= {2, 3}


def test_a_true_row_from_another_course_of_events_is_found():
    rows = a_chain(5)
    second = {**rows[1], "person": "operator-2"}
    second["seal"] = seal(KEYS[0], rows[0]["seal"], second)
    third = {**rows[2], "seal": seal(KEYS[0], second["seal"], rows[2])}
    assert walk([rows[0], second, third]).whole
    assert walk([*rows[:2], third]).breaks == (Break(Fault.ALTERED, 3, "access-3"),)


def test_an_end_cut_off_is_found():
    rows = a_chain(5)
    assert walk(rows[:3], Head(5, rows[4]["seal"])).breaks == (Break(Fault.CUT_OFF, 4),)


def test_a_head_that_is_not_the_last_rows_is_found():
    rows = a_chain(5)
    assert walk(rows, Head(5, rows[3]["seal"])).breaks == (Break(Fault.FORGED_HEAD, 5),)
    assert walk(rows, Head(3, rows[2]["seal"])).breaks == (Break(Fault.FORGED_HEAD, 3),)


def test_rows_without_a_head_are_found():
    one = Walk("kommun", KEYS)
    for row in a_chain(2):
        one.step(row)
    assert one.end(None, None, AT).breaks == (Break(Fault.NO_HEAD, 2),)


def test_rows_that_wait_too_long_for_their_seal_are_found():
    rows = a_chain(2)
    assert walk(rows, waiting=AT - timedelta(seconds=10)).whole
    assert walk(rows, waiting=AT - timedelta(seconds=11)).breaks == (Break(Fault.UNSEALED, 3),)


def test_who_has_no_key_cannot_make_a_row():
    forged = a_chain(5, key=b"x" * 32)
    report = walk(forged)
    assert report.broken == 5


def test_keys_can_be_changed_without_a_break():
    new = sealing_keys(["a newer key of thirty-two letters or more"])[0]
    old = a_chain(3)
    rows = [*old, *a_chain(3, key=new, before=old[-1]["seal"], first=4)]
    assert walk(rows, keys=[new, *KEYS]).whole
    assert walk(rows, keys=[new]).broken == 3


def test_a_thoroughly_broken_chain_is_counted_but_named_briefly():
    report = walk(a_chain(100, key=b"x" * 32))
    assert (report.broken, len(report.breaks)) == (100, 20)


def test_seals_and_tokens_have_different_keys():
    assert KEYS[0] not in (b"a key of thirty-two letters or more", START)
    assert len(KEYS[0]) == 32


texts = st.none() | st.text(max_size=5)
rows = st.fixed_dictionaries(
    {
        **{name: texts for name in COLUMNS if name not in {"at", "allowed", "detail", "sealed_no"}},
        "at": st.datetimes(timezones=st.just(UTC)),
        "allowed": st.booleans(),
        "detail": st.dictionaries(st.text(max_size=3), st.none() | st.booleans() | st.integers() | st.text(max_size=3)),
        "sealed_no": st.integers(1, 2**63 - 1),
    }
)


@given(rows, rows)
def test_two_different_rows_never_read_the_same(one, other):
    same = all(one[name] == other[name] and type(one[name]) is type(other[name]) for name in COLUMNS)
    if repr(one["detail"]) == repr(other["detail"]) or one["detail"] != other["detail"]:
        assert (encode(one) == encode(other)) == same


def test_text_never_flows_from_one_column_into_the_next():
    one, other = a_row(1) | {"sealed_no": 1}, a_row(1) | {"sealed_no": 1}
    one |= {"resident": "as", "subject": "b"}  # "s" is also the letter that announces a text
    other |= {"resident": "a", "subject": "sb"}
    assert encode(one) != encode(other)
    assert encode(one | {"subject": None}) != encode(one | {"subject": ""})


def test_a_moment_is_the_same_in_any_zone():
    from zoneinfo import ZoneInfo

    row = a_row(1) | {"sealed_no": 1}
    assert encode(row) == encode(row | {"at": row["at"].astimezone(ZoneInfo("Europe/Stockholm"))})
