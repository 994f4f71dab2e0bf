"""A taken case sent on by hand to another central, on both databases. Numbers are domain.md's."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from registry.tables import agreement, assignment, grant
from tests.integration.alarms.routed import EAST, act, listed, open_another_central, route, timeline
from tests.integration.alarms.test_handling import code, detail
from tests.integration.running import Running

WEST = "demo-larmcentral"


@pytest.fixture
async def platform(either_platform: Running) -> Running:
    """With two centrals that serve the municipality, and its cases at the western one."""
    await open_another_central(either_platform)
    await route(either_platform, WEST)
    return either_platform


async def at_east_too(platform: Running) -> None:
    """The supervisor sits at the other central, too."""
    moved = assignment.update().where(assignment.c.id == "demo-supervisor").values(central=EAST)
    async with platform.platform.store.write() as connection:
        await connection.execute(moved)


async def held(platform: Running) -> str:
    """A case that Karin, in the west, has; its path."""
    [case] = (await platform.press(6, "1"))["cases"]
    async with await platform.client("demo-operator-1") as karin:
        assert await code(karin, f"/api/v1/cases/{case}/take") == "done"
    return f"/api/v1/cases/{case}"


async def test_a_case_sent_on_is_ours_until_the_other_central_accepts_it_and_then_theirs_with_the_rights(
    platform: Running,
) -> None:
    """[5]"""
    path = await held(platform)
    case = path.rpartition("/")[2]
    door = f"/api/v1/residents/demo-resident-6/door-code?case={case}"
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        assert await listed(platform, "demo-operator-2") == []
        assert (await jonas.get(path)).status_code == 404
        there = (await karin.get(f"{path}/desks")).json()["items"]
        assert there == [{"id": EAST, "name": "Larmcentralen Öst", "on": 0}]
        assert await code(karin, f"{path}/send-on", desk=EAST) == "done"
        seen = await detail(jonas, path)
        assert (seen["handler"], seen["desk"], seen["offered_desk_name"]) == (
            "demo-operator-1",
            WEST,
            "Larmcentralen Öst",
        )
        assert await listed(platform, "demo-operator-2") == [case]
        assert await code(jonas, f"{path}/take") == "taken"
        assert (await jonas.get(door)).status_code == 403
        assert (await karin.get(door)).status_code == 200
        assert await code(jonas, f"{path}/offer/accept", seen=seen["version"]) == "done"
        assert (await jonas.get(door)).status_code == 200
        assert (await detail(jonas, path))["desk"] == EAST
        assert await listed(platform, "demo-operator-1") == []
        assert (await karin.get(path)).status_code == 404
    sent, accepted = (await timeline(platform, case))[-2:]
    assert (sent["kind"], sent["data"]["name"]) == ("offered", "Larmcentralen Öst")
    assert (accepted["kind"], accepted["by"], accepted["data"]["name"]) == (
        "handed_over",
        "demo-operator-2",
        "Larmcentralen Öst",
    )
    async with platform.platform.store.read() as connection:
        rows = (await connection.execute(select(grant).where(grant.c.purpose == case))).mappings().all()
    assert {row["holder"]: row["ends_at"] is None for row in rows} == {
        "demo-operator-1": False,
        "demo-operator-2": True,
    }


async def test_two_at_the_other_central_accept_at_once_and_one_has_it(platform: Running) -> None:
    """[5]"""
    await at_east_too(platform)
    path = await held(platform)
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-operator-2") as jonas,
        await platform.client("demo-supervisor") as maria,
    ):
        assert await code(karin, f"{path}/send-on", desk=EAST) == "done"
        said = await asyncio.gather(
            code(jonas, f"{path}/offer/accept"),
            code(maria, f"{path}/offer/accept"),
            code(karin, f"{path}/offer/end"),
        )
        handler = (await detail(karin, path) if said[2] == "done" else await detail(jonas, path))["handler"]
    who = ["demo-operator-2", "demo-supervisor", "demo-operator-1"]
    assert [person for person, answer in zip(who, said, strict=True) if answer == "done"] == [handler]
    # Who no longer has it in reach learns no more than that.
    assert set(said) <= {"done", "not_offered", "not_found"}


async def test_a_sending_that_nobody_answers_comes_to_an_end_once_and_its_handler_is_reminded(
    platform: Running,
) -> None:
    """[6]"""
    path = await held(platform)
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        assert await code(karin, f"{path}/send-on", desk=EAST) == "done"
        assert (await detail(karin, path))["next_step"] == "offer_ends"
        await act(platform, 181)
        after = await detail(karin, path)
        assert (after["handler"], after["offered_desk"], after["next_step"]) == (
            "demo-operator-1",
            None,
            "remind_handler",
        )
        ended = [line["data"] for line in after["timeline"] if line["kind"] == "offer_ended"]
        assert ended == [{"to": None, "how": "lapsed", "desk": EAST, "name": "Larmcentralen Öst"}]
        assert (await jonas.get(path)).status_code == 404
        assert await code(jonas, f"{path}/offer/accept") == "not_found"
        await act(platform, 300)
        assert (await detail(karin, path))["escalation"] == 2


async def test_a_case_goes_only_to_a_desk_that_serves_its_municipality(platform: Running) -> None:
    """[19]"""
    path = await held(platform)
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        assert await code(karin, f"{path}/send-on", desk="demo-granne") == "no_agreement"
        assert await code(karin, f"{path}/send-on", desk=WEST) == "own_desk"
        assert await code(jonas, f"{path}/send-on", desk=EAST) == "not_found"
        assert await code(karin, f"{path}/send-on", desk=EAST) == "done"
        ended = platform.platform.clock.now() - timedelta(seconds=1)
        async with platform.platform.store.write() as connection:
            await connection.execute(agreement.update().where(agreement.c.id == EAST).values(ends_at=ended))
        assert await code(jonas, f"{path}/offer/accept") == "not_found"
        assert (await karin.get(f"{path}/desks")).json()["items"] == []
        assert await code(karin, f"{path}/offer/end") == "done"
        assert (await detail(karin, path))["handler"] == "demo-operator-1"


async def test_the_other_centrals_page_is_told_and_told_again_when_it_is_over(platform: Running) -> None:
    path = await held(platform)
    case = path.rpartition("/")[2]
    async with await platform.client("demo-operator-1") as karin, platform.socket("demo-operator-2") as desk:
        await desk.say(type="hello")
        snapshot = await desk.hear("snapshot")
        assert (snapshot["cases"], snapshot["me"]["desk"]) == ([], EAST)
        assert await code(karin, f"{path}/send-on", desk=EAST) == "done"
        shown = (await desk.hear("change"))["cases"]
        assert [(view["id"], view["offered_desk"]) for view in shown] == [(case, EAST)]
        assert await code(karin, f"{path}/offer/end") == "done"
        assert (await desk.hear("change"))["gone"] == [case]
