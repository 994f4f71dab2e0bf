"""How a device behaves when it is met with silence, held, and not treated; and what is said of it."""

import pytest

from clients.simulated.conformance.conduct import Conduct, Sent
from clients.simulated.conformance.report import Verdict


class Run:
    """Alarms that are sent at a time, and told at once."""

    def __init__(self, drop=1):
        self.conduct = Conduct(drop)

    def send(self, at, ref, branch, body=b"<mrq/>"):
        snu = self.conduct.meet("1", ref, Sent(at, branch, body, "udp:127.0.0.1:5060"))
        if snu is not None:
            self.conduct.tells("1", ref, at)
            self.conduct.told("1", ref, snu, at, confirmed=True)
        return snu

    def verdicts(self, at):
        return {finding.name: finding.verdict for finding in self.conduct.findings(at)}


REPEATS, SAME, CONFIRMS, CONTENT, WAITS, GOES_ON = Run().verdicts(0)


def test_the_first_is_met_with_silence_the_second_held_the_third_not_treated_and_the_rest_stored():
    run = Run()
    assert [run.send(n, str(n), f"b{n}") for n in range(5)] == [None, 4, 5, 0, 0]
    assert [run.send(10 + n, str(n), f"c{n}") for n in range(3)] == [0, 0, 0]


def test_nothing_is_done_until_every_step_has_been_answered_for():
    run = Run()
    run.send(0, "1", "a1")
    run.send(0.5, "1", "a1")
    run.send(1, "2", "b1")
    run.send(2, "3", "c1")
    assert not run.conduct.done(3)
    run.send(3, "3", "c2")
    assert not run.conduct.done(4)
    run.send(8, "2", "b2")
    assert run.conduct.done(8)
    assert set(run.verdicts(8).values()) == {Verdict.HELD}


@pytest.mark.parametrize(
    ("gap", "verdict"),
    [(0.2, Verdict.BROKEN), (5, Verdict.HELD), (20, Verdict.HELD), (25, Verdict.BROKEN)],
)
def test_a_held_device_asks_again_neither_sooner_than_5_s_nor_later_than_20_s(gap, verdict):
    run = Run(drop=0)
    run.send(0, "1", "a1")
    run.send(gap, "1", "a2")
    assert run.verdicts(gap)[WAITS] is verdict


def test_a_device_that_is_silent_after_silence_is_found_out_and_not_before_its_time():
    run = Run()
    run.send(0, "1", "a1")
    assert run.verdicts(10)[REPEATS] is Verdict.NOT_TRIED
    assert run.verdicts(30)[REPEATS] is Verdict.BROKEN


def test_a_device_that_changes_what_it_sends_again_is_found_out():
    run = Run()
    run.send(0, "1", "a1")
    run.send(0.5, "1", "a1", b"<mrq>other</mrq>")
    assert run.verdicts(1)[SAME] is Verdict.BROKEN


def test_a_device_that_does_not_rest_when_its_alarm_is_stored_is_found_out():
    run = Run(drop=0)
    for at, branch in enumerate(("a1", "a2", "a3")):
        run.send(6 * at, "1", branch)
    assert run.verdicts(20)[CONTENT] is Verdict.BROKEN


def test_an_answer_that_is_never_confirmed_is_found_out():
    run = Run(drop=0)
    run.conduct.told("1", "1", 0, 32, confirmed=False)
    assert run.verdicts(40)[CONFIRMS] is Verdict.BROKEN


def test_where_a_device_goes_that_was_not_treated_is_not_guessed():
    run = Run(drop=0)
    run.send(0, "1", "a1")
    run.send(1, "2", "b1")
    assert run.verdicts(100)[GOES_ON] is Verdict.NOT_TRIED
    assert run.conduct.done(100) is False
