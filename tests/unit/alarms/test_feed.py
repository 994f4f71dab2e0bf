"""What pages are handed of a batch of changes: the same words to all who want the same."""

from datetime import UTC, datetime
from types import SimpleNamespace

from alarms.feed import FeedBatch, Parts, Subscription

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def batch(*principals):
    return FeedBatch(7, NOON, [SimpleNamespace(principal=name) for name in principals])


def of(*principals):
    return Subscription(lambda case: case.principal in principals)


async def test_pages_that_want_the_same_of_a_batch_share_one_part():
    parts: Parts = {}
    one, other = of("a", "b"), of("a", "b", "c")
    told = batch("a", "x", "b")
    one.put(told, parts)
    other.put(told, parts)
    [mine], [theirs] = await one.take(1), await other.take(1)
    assert mine is theirs
    assert [case.principal for case in mine.cases] == ["a", "b"]
    assert mine.position == 7


async def test_a_page_that_wants_other_cases_has_a_part_of_its_own():
    parts: Parts = {}
    one, other, nothing = of("a"), of("b"), of("c")
    for each in (one, other, nothing):
        each.put(batch("a", "b"), parts)
    [mine], [theirs] = await one.take(1), await other.take(1)
    assert [case.principal for case in mine.cases] == ["a"]
    assert [case.principal for case in theirs.cases] == ["b"]
    assert await nothing.take(0) == []
