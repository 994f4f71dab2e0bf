"""Answer times of a period, by hour, day, principal or reason; as a message, and as a table for a spreadsheet."""

import asyncio
import csv
import io
from collections.abc import Collection, Mapping
from datetime import date
from typing import Literal

from alarms.core.statistics import LIMITS
from alarms.statistics.counting import Asked, Heaps, count, lines
from alarms.statistics.views import shown
from kit.store import Store
from kit.wire.answer_words import Grouping
from kit.wire.statistics import Answered, AnsweredGroup, AnswerStatistics, PrincipalNamed
from registry.find import principal_names

Separator = Literal["comma", "semicolon"]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate instead of showing it."""


async def answer_statistics(
    store: Store, asked: Asked, reach: Collection[str], *, by: Grouping, first: date, last: date
) -> AnswerStatistics:
    """The report. `reach` is whose figures the asker may choose from, `asked.principals` are those chosen.

    It is put together in a thread: adding up ten thousands of heaps on the loop would keep presses waiting.
    """
    async with store.snapshot() as connection:
        heaps = await count(connection, asked, [Grouping.HOUR if by is Grouping.DAY else by])
        names = await principal_names(connection, reach)
    return await asyncio.to_thread(_report, heaps, asked, names, by, first, last)


def _report(
    heaps: Heaps, asked: Asked, names: Mapping[str, str], by: Grouping, first: date, last: date
) -> AnswerStatistics:
    groups = lines(heaps, asked, by)
    return AnswerStatistics(
        at=asked.at,
        first=first,
        last=last,
        by=by,
        kind=asked.kind,
        principals=[PrincipalNamed(id=one, name=name) for one, name in sorted(names.items(), key=lambda pair: pair[1])],
        total=Answered(**shown(heaps.of(*heaps))),
        items=[
            AnsweredGroup(
                **shown(group.answers),
                key=group.key,
                name=names.get(group.key) if by is Grouping.PRINCIPAL else None,
                starts_at=group.starts,
                ends_at=group.ends,
            )
            for group in groups
        ],
    )


def table(report: AnswerStatistics, separator: Separator) -> bytes:
    """The report as CSV (RFC 4180), one line a group, without the total: whoever sums has the parts.

    UTF-8 with a byte order mark, since Excel takes a file without one for Windows-1252 and garbles Härryda. Numbers are
    whole ones, shares of a thousand: a Swedish Excel takes 97.4 for a text and 1.5 for the first of May, others take
    97,4 for two columns. A comma is the standard; a Swedish Excel wants a semicolon when a file is opened by a click.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="," if separator == "comma" else ";", lineterminator="\r\n")
    each = [f"{word}_{seconds}" for seconds in LIMITS for word in ("decided", "in_time", "permille")]
    writer.writerow(
        [report.by.value, "name", "cases", "answered", "unanswered", "undecided", *each, "p50_s", "p90_s", "p99_s"]
    )
    for line in report.items:
        within = [cell for one in line.within for cell in (one.decided, one.in_time, one.permille)]
        counts = [line.cases, line.answered, line.unanswered, line.undecided]
        writer.writerow([_plain(line.key), _plain(line.name or ""), *counts, *within, line.p50, line.p90, line.p99])
    return text.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text
