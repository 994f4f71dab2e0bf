"""Where an alarm goes whose account nobody knows. Numbers in brackets are domain.md's semantics."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.unknown import CASES_AT_MOST, account_in, belongs_unknown, rest_key, unknown_key
from kit.wire.words import CaseKind, SignalKind
from tests.unit.alarms.core.test_opening import signal

PRESS = signal(SignalKind.ALARM)


def test_an_unknown_account_has_a_case_of_its_own() -> None:
    place = belongs_unknown(PRESS, set())
    assert place is not None
    assert (place.open_key, place.kind, place.opens, place.counts) == (
        "unknown:scaip:26317",
        CaseKind.PERSON,
        True,
        False,
    )


@pytest.mark.parametrize("kind", [kind for kind in SignalKind if kind is not SignalKind.ALARM])
def test_only_an_alarm_of_an_unknown_account_opens_a_case(kind: SignalKind) -> None:
    """[1]"""
    place = belongs_unknown(signal(kind), set())
    assert place is None or not place.opens


@given(st.lists(st.text(min_size=1, max_size=4), max_size=40))
def test_however_many_accounts_are_invented_there_are_few_cases_and_each_alarm_is_on_one(accounts: list[str]) -> None:
    """[12]"""
    standing: set[str] = set()
    for account in accounts:
        place = belongs_unknown(replace(PRESS, account=account), standing)
        assert place is not None
        assert place.opens
        standing.add(place.open_key)
    assert len(standing) <= CASES_AT_MOST + 1


def test_one_protocols_flood_takes_no_place_from_another() -> None:
    full = {unknown_key("dc09", str(n)) for n in range(CASES_AT_MOST)}
    place = belongs_unknown(PRESS, full)
    assert place is not None
    assert not place.counts


def test_the_key_says_which_account_and_the_rest_names_none() -> None:
    assert account_in(unknown_key("scaip", "a:b")) == "a:b"
    assert account_in(rest_key("scaip")) == ""
    assert account_in("person:resident-1") is None
    assert account_in(None) is None
