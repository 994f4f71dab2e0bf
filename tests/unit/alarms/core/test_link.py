"""An old will is never taken for a new death, and nobody dies twice of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alarms.core.link import TABLE, Link, LinkState, after, news
from kit.wire.words import SignalKind

ONLINE, OFFLINE, LOST = LinkState.ONLINE, LinkState.OFFLINE, LinkState.LOST


def test_every_state_is_in_the_table():
    assert set(TABLE) == set(LinkState)


@pytest.mark.parametrize("state", [OFFLINE, LOST])
def test_a_will_of_an_older_session_says_nothing(state):
    assert after(Link(12, ONLINE), Link(11, state)) is None


def test_a_device_that_counts_anew_is_online():
    assert after(Link(12, LOST), Link(0, ONLINE)) == Link(0, ONLINE)
    assert news(Link(12, LOST), Link(0, ONLINE)) is SignalKind.RESTORE


@pytest.mark.parametrize(
    ("stands", "said", "kind"),
    [
        (None, Link(1, LOST), SignalKind.TECHNICAL),
        (None, Link(1, ONLINE), None),
        (Link(1, ONLINE), Link(1, LOST), SignalKind.TECHNICAL),
        (Link(1, ONLINE), Link(2, LOST), SignalKind.TECHNICAL),
        (Link(1, LOST), Link(1, ONLINE), SignalKind.RESTORE),
        (Link(1, LOST), Link(2, ONLINE), SignalKind.RESTORE),
        (Link(1, ONLINE), Link(2, ONLINE), None),
        (Link(1, ONLINE), Link(1, OFFLINE), None),
    ],
)
def test_a_broken_link_is_technical_and_one_that_is_back_restores(stands, said, kind):
    assert after(stands, said) == said
    assert news(stands, said) is kind


@pytest.mark.parametrize("state", [OFFLINE, LOST])
def test_who_has_said_goodbye_or_died_does_not_die_of_the_same_session(state):
    assert after(Link(3, state), Link(3, LOST)) is None


@given(st.lists(st.builds(Link, st.integers(0, 4), st.sampled_from(LinkState)), max_size=12))
def test_whatever_comes_in_whatever_order_no_session_is_lost_twice_in_a_row(told):
    stands, lost = None, []
    for said in told:
        link = after(stands, said)
        if link is None:
            continue
        kind = news(stands, link)
        if kind is SignalKind.TECHNICAL:
            assert link.session not in lost
            lost.append(link.session)
        elif link.state is ONLINE:
            lost.clear()
        stands = link
