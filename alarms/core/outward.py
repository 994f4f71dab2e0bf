"""The delivery promise: each event at least once, and in order within its case, whatever a receiver answers.

Events go out in rounds. A round takes what follows the subscription's cursor, and what is tried again, in one lane for
each case; a lane ends where one is not taken. `settle` then says what has become of everything:

- taken: done with;
- not taken, while the receiver takes others: it waits, and what follows it in its case waits behind it, so that the
  rest goes on; after TRIES or GIVEN_UP_AFTER, or at 410, it is a dead letter and its case goes on without it;
- nothing taken: the receiver is down. Nothing moves, nothing is counted against any event, and after a growing pause a
  few lanes are tried until one event is taken.

The cursor passes what was taken and what is written down as waiting or dead, nothing else: whoever dies between sending
and writing sends again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

TRIES = 30
GIVEN_UP_AFTER = timedelta(hours=24)
TRIES_WHEN_OLD = 10  # of the day the receiver may have been down for most
LONGEST_PAUSE = timedelta(hours=1)
FAILED_ALIKE = 10  # new events that one receiver refuses in a row, and takes none, before it is down
PROBES = 3  # lanes that are tried while the receiver is down: one broken event is no broken receiver
NOTICE_AFTER = timedelta(minutes=15)


class Heard(StrEnum):
    """What a receiver's answer means."""

    TAKEN = "taken"
    GONE = "gone"
    REFUSED = "refused"
    UNWELL = "unwell"


# Answers of 4xx that say nothing of the event: wrong address, key or load, and each may mend.
NOT_THE_EVENT = frozenset({401, 402, 403, 404, 405, 407, 408, 421, 423, 425, 426, 429})


def heard(status: int | None) -> Heard:
    """The meaning of an HTTP status, none for no answer."""
    if status is None:
        return Heard.UNWELL
    if 200 <= status < 300:
        return Heard.TAKEN
    if status == 410:
        return Heard.GONE
    return Heard.REFUSED if 400 <= status < 500 and status not in NOT_THE_EVENT else Heard.UNWELL


@dataclass(frozen=True, slots=True)
class Item:
    """An event to send, by its place. `next_at` none: it comes fresh from the cursor; else it waited until then."""

    position: int
    case: str
    tries: int = 0
    first_at: datetime | None = None
    next_at: datetime | None = None

    @property
    def fresh(self) -> bool:
        """Whether it has no row of its own yet."""
        return self.next_at is None


@dataclass(frozen=True, slots=True)
class Receiver:
    """How the other end does. `failures` in a row without anything taken; `pauses` since it is down."""

    failures: int = 0
    pauses: int = 0
    down_since: datetime | None = None
    resume_at: datetime | None = None

    @property
    def down(self) -> bool:
        """Whether it takes nothing."""
        return self.down_since is not None


@dataclass(frozen=True, slots=True)
class Round:
    """What to send, each lane in its order; `behind` are fresh ones whose case waits for an earlier event.

    `last` is where the cursor goes once everything up to there is taken or written down.
    """

    lanes: tuple[tuple[Item, ...], ...]
    behind: tuple[Item, ...]
    last: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a round has come to. `waiting` and `dead` have or get rows; the rows of `done` go."""

    receiver: Receiver
    cursor: int
    done: tuple[int, ...] = ()
    waiting: tuple[Item, ...] = ()
    dead: tuple[Item, ...] = ()


def pause(tries: int, jitter: float) -> timedelta:
    """How long to wait after so many tries: 1 s, 2 s, 4 s … 1 h, a quarter more or less by `jitter` of 0 to 1."""
    whole = min(timedelta(seconds=2 ** min(tries - 1, 20)), LONGEST_PAUSE)
    return whole * (0.75 + 0.5 * jitter)


def plan_round(waiting: Iterable[Item], fresh: Iterable[Item], last: int, receiver: Receiver, at: datetime) -> Round:
    """What to send now. `waiting` holds every waiting event of each case in it or in `fresh`.

    `fresh` is what is wanted of what follows the cursor up to `last`. While the receiver is down, the first event of a
    few lanes, other ones at each try.
    """
    cases: dict[str, list[Item]] = {}
    for item in [*waiting, *fresh]:
        cases.setdefault(item.case, []).append(item)
    lanes, behind = [], []
    for items in cases.values():
        items.sort(key=lambda item: item.position)
        first = items[0]
        if first.next_at is not None and first.next_at > at and not receiver.down:
            behind += [item for item in items if item.fresh]
        else:
            lanes.append(tuple(items))
    if receiver.down and lanes:
        turn = receiver.pauses * PROBES % len(lanes)
        lanes = [*lanes[turn:], *lanes[:turn]]
        probed, passed = lanes[:PROBES], lanes[PROBES:]
        behind += [item for lane in [*(lane[1:] for lane in probed), *passed] for item in lane if item.fresh]
        lanes = [lane[:1] for lane in probed]
    return Round(tuple(lanes), tuple(behind), last)


def settle(
    done_round: Round, cursor: int, receiver: Receiver, answers: Mapping[int, Heard], at: datetime, jitter: float
) -> Settled:
    """What the answers mean, by position; what has none was not sent."""
    lanes = done_round.lanes
    failed = [item for lane in lanes for item in lane if answers.get(item.position, Heard.TAKEN) is not Heard.TAKEN]
    if not lanes:
        return Settled(
            receiver, done_round.last, waiting=tuple(replace(item, next_at=at) for item in done_round.behind)
        )
    if not answers:
        return Settled(receiver, cursor)
    if Heard.TAKEN not in answers.values():
        untried = [item for item in failed if item.tries == 0]
        failures = receiver.failures + len(untried)
        unwell = any(answers[item.position] is Heard.UNWELL for item in untried)
        if receiver.down or unwell or failures >= FAILED_ALIKE:
            pauses = receiver.pauses + 1
            resume_at = at + pause(pauses, jitter)
            return Settled(Receiver(failures, pauses, receiver.down_since or at, resume_at), cursor)
        receiver = replace(receiver, failures=failures)
    else:
        receiver = Receiver()
    done: list[int] = []
    waiting: list[Item] = []
    dead: list[Item] = []
    for lane in lanes:
        _settle_lane(lane, answers, at, jitter, done, waiting, dead)
    blocked = {item.case: item.next_at for item in waiting}
    for item in done_round.behind:
        waiting.append(replace(item, next_at=blocked.get(item.case, at)))
    return Settled(receiver, done_round.last, tuple(done), tuple(waiting), tuple(dead))


def _settle_lane(
    lane: tuple[Item, ...],
    answers: Mapping[int, Heard],
    at: datetime,
    jitter: float,
    done: list[int],
    waiting: list[Item],
    dead: list[Item],
) -> None:
    held_until = at
    for item in lane:
        answer = answers.get(item.position)
        if answer is None:
            waiting.append(replace(item, next_at=held_until))
        elif answer is Heard.TAKEN:
            done.append(item.position)
        else:
            tried = replace(item, tries=item.tries + 1, first_at=item.first_at or at)
            if answer is Heard.GONE or _given_up(tried, at):
                dead.append(tried)
            else:
                held_until = at + pause(tried.tries, jitter)
                waiting.append(replace(tried, next_at=held_until))


def _given_up(item: Item, at: datetime) -> bool:
    old = item.first_at is not None and at - item.first_at >= GIVEN_UP_AFTER
    return item.tries >= TRIES or (old and item.tries >= TRIES_WHEN_OLD)


def notice_due(receiver: Receiver, told: bool, at: datetime) -> Literal["begun", "over"] | None:
    """What the administrator is to be told: that nothing is taken any more, or that it is again."""
    if receiver.down_since is not None and not told and at - receiver.down_since >= NOTICE_AFTER:
        return "begun"
    return "over" if told and not receiver.down else None
