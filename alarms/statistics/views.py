"""Figures as pages and API callers see them."""

from typing import Any

from alarms.core.statistics import Answers
from kit.wire.statistics import AnsweredWithin


def shown(figures: Answers) -> dict[str, Any]:
    """The fields of `kit.wire.statistics.Answered`, which several messages are."""
    p50, p90, p99 = figures.percentiles
    return {
        "cases": figures.cases,
        "answered": figures.answered,
        "unanswered": figures.unanswered,
        "undecided": figures.undecided,
        "within": [
            AnsweredWithin(
                seconds=one.seconds,
                decided=one.decided,
                in_time=one.in_time,
                permille=one.permille,
                goal=one.goal,
                verdict=one.verdict,
            )
            for one in figures.within
        ],
        "p50": p50,
        "p90": p90,
        "p99": p99,
    }
