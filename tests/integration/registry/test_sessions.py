"""A token says who; what it is worth is what the registry says now."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from kit.errors import Refusal
from kit.tokens import Signer
from kit.wire.words import Role
from registry.access import Act, Allowed, Whom, decide, reach
from registry.routes import session_view
from registry.sessions import choose_assignment, device_token, issue_device_token, issue_person_token
from registry.tables import agreement, assignment, device
from tests.sessions import who_is

HOUR = timedelta(hours=1)


async def session(store, signer, token, at):
    async with store.read() as connection:
        return await who_is(connection, signer, token, at)


async def test_an_operator_of_the_central_reaches_both_principals(store, signer, at):
    who = await session(store, signer, issue_person_token(signer, "demo-operator-1", "demo-operator-1", at), at)
    assert who is not None
    assert (who.name, who.role, who.central) == ("Karin Ekdahl", Role.OPERATOR, "demo-larmcentral")
    assert reach(who, at) == {"demo-kommun", "demo-granne"}


async def test_staff_in_a_unit_belong_to_its_principal(store, signer, at):
    who = await session(store, signer, issue_person_token(signer, "demo-worker-3", "demo-worker-3", at), at)
    assert who is not None
    assert (who.role, who.unit, who.principal) == (Role.WORKER, "demo-soder", "demo-kommun")


async def test_a_session_ends_when_its_token_does(store, signer, at):
    token = issue_person_token(signer, "demo-planner", "demo-planner", at, HOUR)
    who = await session(store, signer, token, at)
    assert who is not None
    assert who.span.ends_at == at + HOUR
    assert await session(store, signer, token, at + HOUR) is None


async def test_an_assignment_that_has_ended_is_worth_nothing(store, signer, at):
    token = issue_person_token(signer, "demo-operator-1", "demo-operator-1", at)
    async with store.write() as connection:
        await connection.execute(update(assignment).values(ends_at=at + HOUR))
    assert await session(store, signer, token, at) is not None
    assert await session(store, signer, token, at + HOUR) is None


async def test_an_agreement_that_has_run_out_no_longer_reaches(store, signer, at):
    token = issue_person_token(signer, "demo-operator-1", "demo-operator-1", at)
    async with store.write() as connection:
        await connection.execute(
            update(agreement).where(agreement.c.principal == "demo-granne").values(ends_at=at + HOUR)
        )
    who = await session(store, signer, token, at + HOUR)
    assert who is not None
    assert reach(who, at + HOUR) == {"demo-kommun"}


async def test_a_session_never_takes_another_persons_assignment(store, signer, at):
    assert await session(store, signer, issue_person_token(signer, "demo-worker-1", "demo-supervisor", at), at) is None


async def test_a_token_of_another_kind_or_key_is_nobody(store, signer, at):
    other = Signer(["another key of thirty-two letters or more"])
    for token in (
        issue_person_token(other, "demo-operator-1", "demo-operator-1", at),
        signer.issue("person", "demo-operator-1", at, HOUR),
        signer.issue("device", "demo-app-1", at, HOUR),
        signer.issue("device", "demo-app-1", at, HOUR, serial="0"),
        signer.issue("guest", "demo-app-1", at, HOUR, serial=0),
        "",
        "a.b.c",
    ):
        assert await session(store, signer, token, at) is None


async def test_a_device_is_itself_at_its_home(store, signer, at):
    async with store.read() as connection:
        token = await device_token(connection, signer, "demo-app-4", at)
    assert token is not None
    who = await session(store, signer, token, at)
    assert who is not None
    assert (who.device, who.role, who.principal, who.unit) == ("demo-app-4", None, "demo-kommun", "demo-norr")
    mine = Whom("demo-kommun", device="demo-app-4")
    assert isinstance(decide(who, Act.DEVICE_EVENT, mine, [], at), Allowed)


@pytest.mark.parametrize("later", [-timedelta(days=400), -HOUR, timedelta(days=366), timedelta(days=40 * 365)])
async def test_a_device_is_itself_whatever_the_clock_says(store, signer, at, later):
    token = issue_device_token(signer, "demo-app-4", 0, at)
    who = await session(store, signer, token, at + later)
    assert who is not None
    mine = Whom("demo-kommun", device="demo-app-4")
    assert isinstance(decide(who, Act.DEVICE_EVENT, mine, [], at + later), Allowed)
    assert session_view(who).expires_at > at + later


async def test_a_session_from_a_process_whose_clock_is_ahead_holds_at_once(store, signer, at):
    token = issue_person_token(signer, "demo-operator-1", "demo-operator-1", at + HOUR)
    who = await session(store, signer, token, at)
    assert who is not None
    assert isinstance(decide(who, Act.DESK_OPEN, Whom(), [], at), Allowed)


async def test_a_grown_serial_withdraws_older_device_tokens(store, signer, at):
    token = issue_device_token(signer, "demo-app-4", 0, at)
    async with store.write() as connection:
        await connection.execute(update(device).where(device.c.id == "demo-app-4").values(token_serial=1))
    assert await session(store, signer, token, at) is None
    assert await session(store, signer, issue_device_token(signer, "demo-app-4", 1, at), at) is not None


async def test_a_returned_device_is_heard_no_more(store, signer, at):
    token = issue_device_token(signer, "demo-app-4", 0, at)
    async with store.write() as connection:
        await connection.execute(update(device).where(device.c.id == "demo-app-4").values(state="returned"))
        assert await device_token(connection, signer, "demo-app-4", at) is None
    assert await session(store, signer, token, at) is None


async def test_who_has_several_roles_names_one(store, at):
    async with store.write() as connection:
        extra = {"id": "evening", "person": "demo-worker-1", "role": "planner", "unit": "demo-soder", "starts_at": at}
        await connection.execute(assignment.insert().values(**extra))
        with pytest.raises(Refusal, match="several_assignments") as refused:
            await choose_assignment(connection, "demo-worker-1", at)
        assert refused.value.detail == {"assignments": "demo-worker-1 evening"}
        assert (await choose_assignment(connection, "demo-worker-1", at, "evening")).role is Role.PLANNER
        assert (await choose_assignment(connection, "demo-worker-2", at)).unit == "demo-norr"
        for person, wanted in (("nobody", None), ("demo-worker-1", "demo-planner")):
            with pytest.raises(Refusal, match="no_assignment"):
                await choose_assignment(connection, person, at, wanted)
