"""Which steps stand on a case."""

import pytest

from alarms.core.action_steps import plan
from kit.wire.handling import StepCode, StepOrigin
from kit.wire.words import CaseKind, Reason


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("kind", CaseKind)
def test_there_is_something_to_do_for_every_reason(kind: CaseKind, reason: Reason) -> None:
    steps = plan(kind, reason, known=True, own=[], additions=[])
    assert steps
    assert len({step.code for step in steps}) == len(steps)
    assert all(step.origin is StepOrigin.DEFAULT for step in steps)


def test_a_principals_own_list_stands_instead_and_the_residents_additions_come_last() -> None:
    steps = plan(CaseKind.PERSON, Reason.FELL, known=True, own=["Ring patrullen."], additions=["Fråga om katten."])
    assert [(step.origin, step.text) for step in steps] == [
        (StepOrigin.PRINCIPAL, "Ring patrullen."),
        (StepOrigin.RESIDENT, "Fråga om katten."),
    ]


def test_where_nobody_knows_the_sender_finding_it_is_a_step() -> None:
    steps = plan(CaseKind.PERSON, Reason.PRESSED, known=False, own=[], additions=[])
    assert StepCode.FIND_SENDER in {step.code for step in steps}
