"""How soon cases are answered, and the supervisor's board: figures only, no resident."""

from datetime import date

from kit.wire.answer_words import Grouping, Verdict
from kit.wire.model import At, Wire
from kit.wire.words import CaseKind, Role


class AnsweredWithin(Wire):
    """Cases taken within `seconds` of being received, of those that are decided for that limit.

    `permille` is of a thousand, rounded down; none while nothing is decided. `goal` is what is wanted, likewise.
    """

    seconds: int
    decided: int
    in_time: int
    permille: int | None
    goal: int | None
    verdict: Verdict


class Answered(Wire):
    """How the cases received in a period were answered, counted from receipt.

    `unanswered`: nobody has taken it, and it is older than the longest limit or closed. `undecided`: not taken yet, and
    not older than that; in no share until it is. p50, p90, p99 are whole seconds, rounded up, with the unanswered as
    the longest; none where that one was never answered, or there is none.
    """

    cases: int
    answered: int
    unanswered: int
    undecided: int
    within: list[AnsweredWithin]
    p50: int | None
    p90: int | None
    p99: int | None


class AnsweredGroup(Answered):
    """One line. `key` is an hour by Stockholm's clock with its offset, a day, a principal's id, or a reason.

    `name` is the principal's; `starts_at` and `ends_at` are an hour's or a day's.
    """

    key: str
    name: str | None
    starts_at: At | None
    ends_at: At | None


class AnswerStatistics(Wire):
    """The answer times of whole Stockholm days, `last` included; every hour and day that has begun has its line.

    `principals` are those that the asker may choose from.
    """

    at: At
    first: date
    last: date
    by: Grouping
    kind: CaseKind
    principals: list["PrincipalNamed"]
    total: Answered
    items: list[AnsweredGroup]


class PrincipalNamed(Wire):
    """A principal that the asker may have figures of."""

    id: str
    name: str


class Waiting(Wire):
    """Cases that nobody has taken; `oldest_at` is when the oldest of them was received."""

    cases: int
    oldest_at: At | None


class WaitingAt(Waiting):
    """Those of one priority."""

    priority: int


class BoardLine(Wire):
    """How one principal stands now. Persons' cases, but for `technical`: those that wait there.

    `hour` and `day`: received since the hour began, and in the last 24 hours with it.
    """

    id: str
    name: str
    waiting: Waiting
    priorities: list[WaitingAt]
    taken: int
    on_hold: int
    technical: Waiting
    hour: Answered
    day: Answered


class BoardPerson(Wire):
    """Somebody who has a desk open or has a case. `role` is none for who has one without a desk: look after those."""

    id: str
    name: str
    role: Role | None
    taken: int
    on_hold: int


class BoardHour(Answered):
    """Persons' cases received in one hour."""

    starts_at: At


class Board(Wire):
    """The supervisor's board: all principals in reach together, then each. `hours` are 24, oldest first, the last one
    in progress.
    """

    at: At
    place: str
    waiting: Waiting
    priorities: list[WaitingAt]
    taken: int
    on_hold: int
    technical: Waiting
    hour: Answered
    day: Answered
    hours: list[BoardHour]
    principals: list[BoardLine]
    people: list[BoardPerson]
