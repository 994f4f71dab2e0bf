"""What a report says as a whole, and that what was not tried is never held."""

import pytest

from clients.simulated.conformance.report import SHOWN, Finding, Report, Tally, Verdict


def report(*verdicts):
    return Report("device", "udp:h:1", tuple(Finding("n", "f", verdict, "s") for verdict in verdicts))


@pytest.mark.parametrize(
    ("verdicts", "holds"),
    [
        ([], False),
        ([Verdict.NOT_TRIED], False),
        ([Verdict.HELD, Verdict.NOT_TRIED], True),
        ([Verdict.HELD, Verdict.BROKEN], False),
    ],
)
def test_it_holds_when_something_held_and_nothing_did_not(verdicts, holds):
    assert report(*verdicts).holds is holds
    assert report(*verdicts).as_json()["holds"] is holds


def test_its_sentence_counts_what_was_not_tried():
    counted = report(Verdict.HELD, Verdict.BROKEN, Verdict.NOT_TRIED, Verdict.NOT_TRIED).sum
    assert counted == "1 held, 1 did not hold, 2 not tried: not all that was tried held."


def test_a_tally_names_each_deviation_once_and_counts_them_all():
    tally = Tally("name", "fact")
    assert tally.finding("nothing came").verdict is Verdict.NOT_TRIED
    tally.take(None)
    assert tally.finding("").verdict is Verdict.HELD
    for _ in range(2):
        tally.take("no tag")
    assert tally.finding("") == Finding("name", "fact", Verdict.BROKEN, "2 of 3: no tag")
    for number in range(100):
        tally.take(str(number))
    assert tally.finding("").seen.count(";") == SHOWN
