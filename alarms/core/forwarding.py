"""One signal on its way to external alarm centres: which receiver is asked now, and what its answer means.

Receivers are asked in the principal's order. One that asks to hold is asked again for three minutes; one that says no,
or nothing, gives way to the next. When all were asked in vain it begins again, with growing pauses, for as long as the
case waits for somebody. What is out (`sent`) has a deadline too: whoever finds it passed sends again, so whatever dies
between sending and the answer, the signal is out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kit.wire.forwarding_words import ForwardOutcome, ForwardState

OK, HOLD = 0, 4  # `snu`
ANSWER_WITHIN = timedelta(seconds=20)
SENT_FOR = timedelta(seconds=25)
"""After this, what was sent is nobody's any more: longer than an answer can take."""
HELD_AT_MOST = timedelta(minutes=3)
HOLD_SHORTEST, HOLD_LONGEST = timedelta(seconds=5), timedelta(seconds=20)
PAUSE_FIRST, PAUSE_LONGEST = timedelta(seconds=10), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """How it stands. `receiver` is asked now or next, none is the first; `rounds` is how often all were asked."""

    state: ForwardState
    next_at: datetime | None
    receiver: str | None = None
    tries: int = 0
    rounds: int = 0
    held_since: datetime | None = None
    snu: int | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """It is time: it goes out."""


@dataclass(frozen=True, slots=True)
class Told:
    """A receiver has answered: `snu`, and what it said besides."""

    snu: int
    text: str = ""
    mre: str = ""
    tnu: str = ""


@dataclass(frozen=True, slots=True)
class Unheard:
    """No answer came, and why; `status` is SIP's where it has refused."""

    why: ForwardOutcome
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """Nobody outside is needed any more."""


Event = Send | Told | Unheard | Over


@dataclass(frozen=True, slots=True)
class Decided:
    """How it stands then, and what the timeline is to say, in order."""

    forwarding: Forwarding
    said: tuple[ForwardOutcome, ...] = ()


Receivers = Sequence[str]
"""The ids of those that are on, in order."""

Rule = Callable[[Forwarding, Event, Receivers, datetime, float], Decided]


def decide(
    forwarding: Forwarding, event: Event, receivers: Receivers, at: datetime, jitter: float = 0.5
) -> Decided | None:
    """What the event does; none where it means nothing now. `jitter` of 0 to 1 spreads what is tried again."""
    rule = TABLE[forwarding.state].get(type(event))
    return None if rule is None else rule(forwarding, event, receivers, at, jitter)


def pause(rounds: int, jitter: float) -> timedelta:
    """How long to wait once all were asked so often: 10 s, 20 s … 5 min, a quarter more or less."""
    whole: timedelta = min(PAUSE_FIRST * 2 ** min(rounds - 1, 10), PAUSE_LONGEST)
    return whole * (0.75 + 0.5 * jitter)


def _send(forwarding: Forwarding, event: Event, receivers: Receivers, at: datetime, jitter: float) -> Decided:
    if not receivers:
        return _again(forwarding, at, jitter)
    receiver = forwarding.receiver
    if receiver not in receivers:
        receiver, forwarding = receivers[0], replace(forwarding, held_since=None)
    return Decided(
        replace(
            forwarding,
            state=ForwardState.SENT,
            receiver=receiver,
            tries=forwarding.tries + 1,
            next_at=at + SENT_FOR,
        )
    )


def _told(forwarding: Forwarding, event: Event, receivers: Receivers, at: datetime, jitter: float) -> Decided:
    assert isinstance(event, Told)
    told = replace(forwarding, snu=event.snu)
    if event.snu == OK:
        return Decided(replace(told, state=ForwardState.DONE, next_at=None), (ForwardOutcome.TAKEN,))
    if event.snu != HOLD:
        return _next(told, ForwardOutcome.REFUSED, receivers, at, jitter)
    since = told.held_since or at
    if at - since >= HELD_AT_MOST:
        return _next(told, ForwardOutcome.HELD, receivers, at, jitter)
    wait = HOLD_SHORTEST + (HOLD_LONGEST - HOLD_SHORTEST) * jitter
    held = replace(told, state=ForwardState.HELD, held_since=since, next_at=at + wait)
    return Decided(held, (ForwardOutcome.HELD,) if told.held_since is None else ())


def _unheard(forwarding: Forwarding, event: Event, receivers: Receivers, at: datetime, jitter: float) -> Decided:
    assert isinstance(event, Unheard)
    return _next(replace(forwarding, snu=None), event.why, receivers, at, jitter)


def _next(forwarding: Forwarding, why: ForwardOutcome, receivers: Receivers, at: datetime, jitter: float) -> Decided:
    """The receiver after this one, at once; after the last, all of them again."""
    names = list(receivers)
    after = names.index(forwarding.receiver) + 1 if forwarding.receiver in names else len(names)
    if after < len(names):
        following = replace(forwarding, state=ForwardState.PENDING, receiver=names[after], held_since=None, next_at=at)
        return Decided(following, (why,))
    again = _again(forwarding, at, jitter)
    return replace(again, said=(why, *again.said))


def _again(forwarding: Forwarding, at: datetime, jitter: float) -> Decided:
    rounds = forwarding.rounds + 1
    again = replace(
        forwarding,
        state=ForwardState.PENDING,
        receiver=None,
        rounds=rounds,
        held_since=None,
        next_at=at + pause(rounds, jitter),
    )
    return Decided(again, (ForwardOutcome.ALL_TRIED,))


def _over(forwarding: Forwarding, event: Event, receivers: Receivers, at: datetime, jitter: float) -> Decided:
    return Decided(replace(forwarding, state=ForwardState.FAILED, next_at=None), (ForwardOutcome.ENDED,))


TABLE: Mapping[ForwardState, Mapping[type[Event], Rule]] = {
    ForwardState.PENDING: {Send: _send, Over: _over},
    ForwardState.HELD: {Send: _send, Over: _over},
    ForwardState.SENT: {Send: _send, Told: _told, Unheard: _unheard, Over: _over},
    ForwardState.DONE: {},
    ForwardState.FAILED: {},
}

FAILED_TESTS = 2
"""As many in a row, and a human is told that the way to a receiver is not there."""


def after_test(failures: int, heard: Told | Unheard) -> tuple[int, bool | None]:
    """How many tests have failed in a row after this one; and true when it becomes trouble, false when that is over."""
    if isinstance(heard, Told) and heard.snu == OK:
        return 0, False if failures >= FAILED_TESTS else None
    return failures + 1, True if failures + 1 == FAILED_TESTS else None


UNDER_WAY = tuple(state for state, rules in TABLE.items() if rules)
