"""What comes long after it happened: when it is marked, and in which order it is taken."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.stale import CLOCK_WRONG, STALE_AFTER, oldest_first, stale_since
from tests.integration.alarms.hubs import signal

AT = signal("0", "now").received_at
MOMENTS = st.none() | st.timedeltas(-timedelta(hours=1), CLOCK_WRONG).map(lambda ago: AT - ago)


def came(reference, occurred_at):
    return signal("0", reference, received_at=AT, occurred_at=occurred_at)


def test_only_what_is_much_older_than_its_coming_is_stale():
    for ago, stale in [(STALE_AFTER, True), (STALE_AFTER - timedelta(seconds=1), False), (CLOCK_WRONG, True)]:
        assert (stale_since(AT - ago, AT) is not None) is stale
    assert stale_since(AT - CLOCK_WRONG - timedelta(seconds=1), AT) is None
    assert stale_since(None, AT) is None


@given(st.lists(MOMENTS, max_size=8))
def test_semantics_12_what_came_together_is_put_in_the_order_in_which_it_happened(moments):
    sorted_ = oldest_first([came(str(n), moment) for n, moment in enumerate(moments)])
    happened = [(one.occurred_at or AT, int(one.reference)) for one in sorted_]
    assert happened == sorted(happened)
    assert len(sorted_) == len(moments)


def test_a_clock_that_was_never_set_moves_nothing_from_its_place():
    unset = AT - timedelta(days=20_000)
    came_so = [came("1", unset + timedelta(seconds=9)), came("2", unset), came("3", None), came("0", AT - STALE_AFTER)]
    assert [one.reference for one in oldest_first(came_so)] == ["0", "1", "2", "3"]
