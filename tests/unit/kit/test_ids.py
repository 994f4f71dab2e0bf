"""Ids sort by when they were made."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from kit.ids import new_id

NIGHT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
MOMENTS = some.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=some.just(UTC),
)


def test_an_id_says_what_it_is_of_and_has_26_letters_that_cannot_be_mistaken() -> None:
    word, _, rest = new_id("case", NIGHT).partition("-")
    assert word == "case"
    assert len(rest) == 26
    assert not set(rest) & set("ilou")


@given(first=MOMENTS, later=some.timedeltas(timedelta(milliseconds=2), timedelta(days=3650)))
def test_an_id_made_later_sorts_later(first: datetime, later: timedelta) -> None:
    assert new_id("case", first) < new_id("case", first + later)


def test_ids_of_one_moment_differ_and_keep_their_order() -> None:
    made = [new_id("case", NIGHT) for _ in range(10_000)]
    assert len(set(made)) == 10_000
    assert made == sorted(made)


def test_an_id_of_another_moment_between_disturbs_no_order() -> None:
    later = NIGHT + timedelta(milliseconds=1)
    made = [new_id("case", NIGHT), *(new_id("case", later) for _ in range(3_000))]
    assert made == sorted(made)
