"""One check of a receiver, and what every check expects of an answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from clients.simulated.conformance.device import Asked, Device
from clients.simulated.conformance.report import Broken


@dataclass(frozen=True, slots=True)
class Check:
    """A name that says what should be, the fact it rests on, and how it is tried."""

    name: str
    fact: str
    run: Callable[[Device], Awaitable[str]]
    wrong: bool = False
    """Whether it does what a well-behaved device would not."""


def expect(asked: Asked, snu: int, what: str = "") -> Asked:
    """The same, when its answer says `snu`. Raises Broken."""
    if asked.snu != snu:
        raise Broken(f"{what}: {asked.seen}" if what else asked.seen)
    return asked
