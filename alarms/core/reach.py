"""Whom a step of a plan reaches at a moment: pure, so that what a preview says and what a night does are the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alarms.core.plan import Frozen, FrozenStep
from alarms.core.rota import who_is_on
from alarms.core.routing import Known
from alarms.core.shapes import Came
from kit.wire.routing_words import StepFailed
from kit.wire.words import Step
from registry.asking import Span

Duties = Mapping[str, tuple[Span, ...]]
"""When each person holds a role in the principal that the case is of."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a step is carried out in: whose case, at which desk it is, what is known."""

    principal: str
    desk: str | None
    plan: Frozen
    known: Known
    duties: Duties = field(default_factory=dict)


def persons_of(step: FrozenStep, scene: Scene, at: datetime) -> set[str]:
    """Whose duty must be known before `whom` is asked."""
    if step.step is Step.PERSON and step.to:
        return {step.to}
    if step.step is Step.ON_CALL and step.to and (rota := scene.known.rota(scene.principal, step.to)):
        return {person} if (person := who_is_on(rota, at)) else set()
    return set()


def whom(step: FrozenStep, scene: Scene, at: datetime) -> Came:
    """Whom or which desk this step reaches then, or the code of why it reaches nobody."""
    match step.step:
        case Step.FORWARD:
            return _forwarded(step, scene, at)
        case Step.ON_CALL:
            rota = scene.known.rota(scene.principal, step.to or "")
            if rota is None:
                return Came(failed=StepFailed.ROTA_MISSING)
            person = who_is_on(rota, at)
            return Came(failed=StepFailed.ROTA_GAP) if person is None else _on_duty(person, scene, at)
        case Step.PERSON:
            return _on_duty(step.to or "", scene, at)
        case _:
            return Came(step.to)


def _on_duty(person: str, scene: Scene, at: datetime) -> Came:
    on = any(span.holds(at) for span in scene.duties.get(person, ()))
    return Came(person, None if on else StepFailed.OFF_DUTY)


def _forwarded(step: FrozenStep, scene: Scene, at: datetime) -> Came:
    if scene.desk is None:
        return Came(step.to, StepFailed.ALREADY_THERE)  # every desk has it: moving it would take it from them
    desks = scene.plan.desks
    ahead = desks[desks.index(scene.desk) + 1 :] if scene.desk in desks else desks
    to = step.to or next((desk for desk in ahead if scene.known.serves(desk, scene.principal, at)), None)
    if to is None:
        return Came(failed=StepFailed.NO_NEXT_DESK)
    if to == scene.desk:
        return Came(to, StepFailed.ALREADY_THERE)
    return Came(to, None if scene.known.serves(to, scene.principal, at) else StepFailed.NO_AGREEMENT)
