"""What would happen to an alarm at a moment: the same rules that a night follows, asked beforehand."""

from dataclasses import dataclass, replace
from datetime import datetime

from alarms.core.plan import FrozenStep, wait_of
from alarms.core.reach import Duties, Scene, whom
from alarms.core.routing import Known, Routed, route
from alarms.core.shapes import Came
from alarms.core.waiting import CARRIED
from kit.wire.words import CaseKind, Reason, Step

PRIORITY = {CaseKind.PERSON: 2, CaseKind.TECHNICAL: 4}
"""What a preview takes a case's priority to be: an ordinary press, an ordinary fault."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A step as it would act: when, and what would come of it. `desk` is whose queue the case is in after it."""

    step: FrozenStep
    at: datetime
    came: Came
    desk: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Where the case would go, and its plan gone through until the round begins again for the first time."""

    routed: Routed
    steps: tuple[Foreseen, ...]
    again: int


def preview(known: Known, principal: str, kind: CaseKind, reason: Reason, at: datetime, duties: Duties) -> Preview:
    """What would happen to a case raised at that moment that nobody takes and nobody sent accepts."""
    return gone_through(known, principal, route(known, principal, kind, reason, at), kind, at, duties)


def gone_through(known: Known, principal: str, routed: Routed, kind: CaseKind, at: datetime, duties: Duties) -> Preview:
    """The same for a route that is given: a plan may be tried before any route leads to it."""
    frozen = routed.frozen
    scene = Scene(principal, routed.desk, frozen, known, duties)
    seen: list[Foreseen] = []
    due, straight_on = at, False
    for place, step in enumerate(frozen.steps):
        if not straight_on or place == frozen.again:
            due += wait_of(step, kind, PRIORITY[kind])
        came = whom(step, scene, due) if step.step in CARRIED else Came()
        straight_on = came.failed is not None
        if step.step is Step.FORWARD and came.failed is None:
            scene = replace(scene, desk=came.reached)
        seen.append(Foreseen(step, due, came, scene.desk))
    return Preview(routed, tuple(seen), frozen.again)


def persons_in(known: Known, principal: str, routed: Routed) -> set[str]:
    """Everybody whom the steps of this plan may reach, whoever is on: whose duty a preview must know."""
    found: set[str] = set()
    for step in routed.frozen.steps:
        rota = known.rota(principal, step.to or "") if step.step is Step.ON_CALL else None
        if rota is not None:
            found |= {person for layer in rota.layers for person in layer.persons}
            found |= {one.person for one in rota.overrides} | {each for swap in rota.swaps for each in swap.persons}
        elif step.step is Step.PERSON and step.to:
            found.add(step.to)
    return found
