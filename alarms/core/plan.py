"""Escalation plans: ordered steps, as somebody wrote them, and frozen, as a case carries them to its end.

A plan that is stored passes `faults`: among others it ends in a repeat for ever, so that no case ever runs out of next
steps (domain.md, semantics 6). `freeze` rolls it out into a plain list with a place to go on from for ever: persons
become a step each, repeats that end are written out. What is frozen changes no more (semantics 7).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from kit.wire.routing_words import PlanAct
from kit.wire.words import CaseKind, Role, Step

LONGEST_WAIT = timedelta(days=7) // timedelta(seconds=1)
SHORTEST_ROUND = 60
"""Seconds that a round repeated for ever begins with, so that it can never spin."""
MOST_STEPS = 30
MOST_FROZEN = 100
URGENT = {CaseKind.PERSON: 1, CaseKind.TECHNICAL: 3}
"""From which priority on a step waits for its `urgent_wait`."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step. `wait` is seconds from when the step before acted; `urgent_wait` instead, for what is urgent.

    `persons` are ids with the seconds each is given before the next is asked. `desk` none, for `forward`: the route's
    next one. `again` is the id of the step that `repeat` goes on from; `times` none is for ever.
    """

    id: str
    act: PlanAct
    wait: int = 0
    urgent_wait: int | None = None
    role: Role | None = None
    unit: str | None = None
    rota: str | None = None
    persons: tuple[tuple[str, int], ...] = ()
    desk: str | None = None
    again: str | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan under its id and version, as it stands now."""

    id: str
    version: int
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True)
class FrozenStep:
    """A step as a case carries it. `to` is the unit, rota, person or desk, where the step has one."""

    id: str
    step: Step
    wait: int
    urgent_wait: int | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Frozen:
    """A plan within a case. After the last step it goes on from `steps[again]`, for ever.

    `desks` are where the route would have the case next, in order. `text` is all of it as it is stored.
    """

    id: str
    version: int
    steps: tuple[FrozenStep, ...]
    again: int
    desks: tuple[str, ...] = ()
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a plan cannot be stored: a stable code, and the step it is about."""

    code: str
    step: str | None = None


def faults(plan: Plan) -> list[Fault]:
    """What is wrong with a plan, in the order of its steps; empty when it may be stored."""
    if not plan.steps:
        return [Fault("plan_empty")]
    if len(plan.steps) > MOST_STEPS:
        return [Fault("plan_too_long")]
    found = [fault for number, step in enumerate(plan.steps) for fault in _faults_of(plan.steps[:number], step)]
    last = plan.steps[-1]
    found += [Fault("plan_unreached", step.id) for step in plan.steps[:-1] if _for_ever(step)]
    if not _for_ever(last):
        found.append(Fault("plan_ends", last.id))
    if found:
        return found
    frozen = freeze(plan)
    if len(frozen.steps) > MOST_FROZEN:
        return [Fault("plan_too_long")]
    first = frozen.steps[frozen.again]
    shortest = first.wait if first.urgent_wait is None else min(first.wait, first.urgent_wait)
    return [Fault("plan_spins", last.id)] if shortest < SHORTEST_ROUND else []


def _faults_of(before: Sequence[PlanStep], step: PlanStep) -> Iterator[Fault]:
    if any(step.id == other.id for other in before):
        yield Fault("step_twice", step.id)
    waits = (step.wait, step.urgent_wait or 0, *(given for _, given in step.persons))
    if any(not 0 <= wait <= LONGEST_WAIT for wait in waits):
        yield Fault("step_wait", step.id)
    match step.act:
        case PlanAct.NOTIFY_ROLE if (step.role, step.unit is None) not in _TOLD:
            yield Fault("step_role", step.id)
        case PlanAct.ON_CALL if step.rota is None:
            yield Fault("step_rota", step.id)
        case PlanAct.PERSONS if not step.persons:
            yield Fault("step_persons", step.id)
        case PlanAct.REPEAT:
            named = next((number for number, other in enumerate(before) if other.id == step.again), None)
            rounds = [] if named is None else [other for other in before[named:] if other.act is PlanAct.REPEAT]
            # Rounds within rounds grow beyond all measure; only the one that is for ever may hold others.
            spins = before[named] in rounds or (rounds and not _for_ever(step)) if named is not None else True
            if spins or (step.times is not None and not 1 <= step.times <= MOST_FROZEN):
                yield Fault("step_again", step.id)


def _for_ever(step: PlanStep) -> bool:
    return step.act is PlanAct.REPEAT and step.times is None


# Whom a role can be told in: the supervisor at the desk that has the case, the team of a unit.
_TOLD = {(Role.SUPERVISOR, True), (Role.WORKER, False)}


def freeze(plan: Plan, desks: tuple[str, ...] = ()) -> Frozen:
    """The plan as a case carries it. `plan` has passed `faults`."""
    flat: list[FrozenStep] = []
    begins: dict[str, int] = {}
    again = 0
    owed = 0  # what the last of several persons is given, before the next step
    for step in plan.steps:
        begins[step.id] = len(flat)
        if step.act is PlanAct.REPEAT:
            assert step.again is not None
            once = flat[begins[step.again] :]
            once[0] = _later(once[0], step.wait + owed)
            if step.times is None:
                again = len(flat)
            flat.extend(once * (step.times or 1))
            continue
        some = [_later(one, owed if number == 0 else 0) for number, one in enumerate(_frozen(step))]
        owed = step.persons[-1][1] if step.act is PlanAct.PERSONS else 0
        flat.extend(some)
    return written(Frozen(plan.id, plan.version, tuple(flat), again, desks))


def _later(step: FrozenStep, seconds: int) -> FrozenStep:
    urgent = None if step.urgent_wait is None else step.urgent_wait + seconds
    return replace(step, wait=step.wait + seconds, urgent_wait=urgent) if seconds else step


def _frozen(step: PlanStep) -> Iterator[FrozenStep]:
    match step.act:
        case PlanAct.PERSONS:
            wait, urgent = step.wait, step.urgent_wait
            for number, (person, given) in enumerate(step.persons, 1):
                yield FrozenStep(f"{step.id}.{number}", Step.PERSON, wait, urgent, person)
                wait, urgent = given, None
        case PlanAct.NOTIFY_ROLE:
            word = Step.SUPERVISOR if step.unit is None else Step.TEAM
            yield FrozenStep(step.id, word, step.wait, step.urgent_wait, step.unit)
        case _:
            yield FrozenStep(step.id, Step(step.act.value), step.wait, step.urgent_wait, step.rota or step.desk)


def written(frozen: Frozen) -> Frozen:
    """The same with its `text`."""
    steps = [[one.id, one.step.value, one.wait, one.urgent_wait, one.to] for one in frozen.steps]
    said = {"id": frozen.id, "version": frozen.version, "again": frozen.again, "desks": frozen.desks, "steps": steps}
    return replace(frozen, text=json.dumps(said, ensure_ascii=False, separators=(",", ":")))


class Unreadable(ValueError):
    """This text is no frozen plan that this process could follow for ever."""


def thaw(text: str) -> Frozen:
    """What `freeze` wrote. Raises Unreadable for what it cannot have written, as a newer version may have."""
    try:
        said = json.loads(text)
        steps = tuple(FrozenStep(one, Step(word), wait, urgent, to) for one, word, wait, urgent, to in said["steps"])
        frozen = Frozen(said["id"], said["version"], steps, said["again"], tuple(said["desks"]), text)
    except (LookupError, TypeError, ValueError) as error:
        raise Unreadable("no plan") from error
    if not 0 <= frozen.again < len(steps) or steps[frozen.again].wait < SHORTEST_ROUND:
        raise Unreadable("a plan that ends")
    return frozen


def wait_of(step: FrozenStep, kind: CaseKind, priority: int) -> timedelta:
    """How long this step waits in a case of that kind and priority."""
    urgent = step.urgent_wait is not None and priority <= URGENT[kind]
    return timedelta(seconds=step.urgent_wait if urgent and step.urgent_wait is not None else step.wait)


def following(frozen: Frozen, place: int) -> int:
    """The place after that one; after the last the round begins again."""
    return place + 1 if place + 1 < len(frozen.steps) else frozen.again


def _supervisor_again(wait: int, urgent_wait: int | None = None) -> PlanStep:
    return PlanStep("supervisor", PlanAct.NOTIFY_ROLE, wait, urgent_wait, role=Role.SUPERVISOR)


_PERSON = Plan(
    "default-person",
    1,
    (
        PlanStep("louder", PlanAct.LOUDER, 60),
        _supervisor_again(120),
        PlanStep("again", PlanAct.REPEAT, 60, again="supervisor"),
    ),
)
_TECHNICAL = Plan(
    "default-technical",
    1,
    (_supervisor_again(12 * 3600, 30 * 60), PlanStep("again", PlanAct.REPEAT, again="supervisor")),
)
DEFAULTS = {CaseKind.PERSON: _PERSON, CaseKind.TECHNICAL: _TECHNICAL}
"""The plans of whoever has stored none: louder after 60 s, the supervisor after 180 s and each 180 s; things wait."""
DEFAULTS_FROZEN = {kind: freeze(plan) for kind, plan in DEFAULTS.items()}
