"""Previews and rotas as pages are shown them, with names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.core.calendar import moment
from alarms.core.plan import Plan
from alarms.core.preview import gone_through, persons_in
from alarms.core.rota import Rota, Turn, turns
from alarms.core.routing import Known, route
from alarms.routing.documents import rota_of
from alarms.routing.names import names_of
from kit.errors import Refusal
from kit.wire.routing import Named, PreviewStep, PreviewView, RotaBody, RotaGap
from kit.wire.words import CaseKind, Reason, Step
from registry.duty import duties_of
from registry.find import person_names

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of what may be asked about


def moment_asked(at: datetime, field: str) -> datetime:
    """A moment that somebody asks about; without a zone it is Swedish wall time. Raises Refusal for other centuries."""
    if not FIRST_YEAR <= at.year < LAST_YEAR:
        raise Refusal("invalid", 422, **{field: "out_of_range"})
    return moment(at) if at.tzinfo is None else at.astimezone(UTC)


async def foreseen(
    connection: AsyncConnection,
    known: Known,
    principal: str,
    kind: CaseKind,
    reason: Reason,
    at: datetime,
    plan: Plan | None = None,
) -> PreviewView:
    """What would happen to such a case raised at that moment; by `plan`, whatever the route says, when one is given."""
    routed = route(known, principal, kind, reason, at)
    if plan is not None:
        routed = replace(routed, plan=plan)
    duties = await duties_of(connection, persons_in(known, principal, routed), principal)
    seen = gone_through(known, principal, routed, kind, at, duties)
    asked = [one.step.step for one in seen.steps]
    reached = {one.came.reached for one in seen.steps if one.came.reached}
    names = await names_of(connection, {*routed.desks, *reached})
    return PreviewView(
        principal=principal,
        kind=kind,
        reason=reason,
        at=at,
        desks=[Named(id=desk, name=names.get(desk, desk)) for desk in routed.desks],
        rule=routed.rule,
        failed=list(routed.failed),
        plan=routed.plan.id,
        plan_version=routed.plan.version,
        steps=[
            PreviewStep(
                id=one.step.id,
                step=_word(asked, number),
                at=one.at,
                reached=Named(id=one.came.reached, name=names.get(one.came.reached, one.came.reached))
                if one.came.reached
                else None,
                failed=one.came.failed,
            )
            for number, one in enumerate(seen.steps)
        ],
        again=seen.again,
    )


def _word(steps: Sequence[Step], number: int) -> Step:
    """The step as a case would name it: a supervisor who was called before is called again."""
    if steps[number] is Step.SUPERVISOR and Step.SUPERVISOR in steps[:number]:
        return Step.SUPERVISOR_AGAIN
    return steps[number]


def stored_rota(row: Mapping[str, Any]) -> Rota:
    """A rota from its row."""
    return rota_of(RotaBody.model_validate(row["body"]), row["id"], row["version"])


async def rota_turns(
    connection: AsyncConnection, row: Mapping[str, Any], since: datetime, until: datetime
) -> tuple[str, list[Turn], dict[str, str]]:
    """A stored rota's name, its turns, and the names of who takes them."""
    rota = stored_rota(row)
    found = turns(rota, since, until)
    names = await person_names(connection, {turn.person for turn in found if turn.person})
    return rota.name, found, names


async def gaps_shown(
    connection: AsyncConnection, rota: Rota, principal: str, since: datetime, until: datetime
) -> list[RotaGap]:
    """When nobody is on, and when somebody is who holds no role there for all of the turn."""
    found = turns(rota, since, until)
    duties = await duties_of(connection, {turn.person for turn in found if turn.person}, principal)
    missing = []
    for turn in found:
        spans = duties.get(turn.person or "", ())
        if not any(
            span.holds(turn.starts_at) and (span.ends_at is None or span.ends_at >= turn.ends_at) for span in spans
        ):
            missing.append(RotaGap(starts_at=turn.starts_at, ends_at=turn.ends_at, person=turn.person))
    return missing
