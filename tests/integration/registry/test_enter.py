"""Entering people, devices and tables: what is taken in works at once, what is refused changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from kit.errors import Refusal
from kit.wire.words import Role
from registry.access import Purpose, Right, Whom
from registry.demo import demo_people, demo_token, fill
from registry.enter import Counts, add_device, add_person, check_sheet, take_in
from registry.find import (
    HomeBrief,
    age_at,
    find_device,
    find_devices,
    helper_name,
    homes_brief,
    person_names,
    place_name,
    principal_names,
    residents_brief,
    whom_of_resident,
)
from registry.grants import end_grants, give_grant, grants_of
from registry.sessions import choose_assignment
from registry.sheet import read_sheet
from registry.tables import agreement, contact, device, home, person, resident
from tests.sessions import who_is

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
HEADER = "resident,name,home,unit,address,town,device,protocol,account,hearing\n"


async def counted(connection, table):
    return await connection.scalar(select(func.count()).select_from(table))


async def test_filling_in_again_changes_nothing_that_somebody_changed(store):
    async with store.write() as connection:
        await connection.execute(update(resident).where(resident.c.id == "demo-resident-1").values(name="Elsa Ny"))
        before = [await counted(connection, table) for table in (resident, home, device, contact, person)]
        await fill(connection)
        after = [await counted(connection, table) for table in (resident, home, device, contact, person)]
        assert before == after == [21, 20, 52, 15, 12]
        brief = (await residents_brief(connection, ["demo-resident-1"], NOON))["demo-resident-1"]
        assert brief.name == "Elsa Ny"


async def test_everybody_on_the_page_can_be_somebody(store, signer, at):
    async with store.read() as connection:
        for one in demo_people().items:
            token = await demo_token(connection, signer, one.id, at)
            assert token is not None
            who = await who_is(connection, signer, token, at)
            assert who is not None
            assert (who.role is None) == (one.page == "/home")
        assert await demo_token(connection, signer, "demo-nobody", at) is None


async def test_the_demonstrations_persons_are_old_and_live_in_the_county(store, at):
    async with store.read() as connection:
        ids = [f"demo-resident-{number}" for number in range(1, 21)]
        briefs = await residents_brief(connection, ids, at)
        assert {one.unit for one in briefs.values()} == {"demo-norr", "demo-soder"}
        assert all(71 <= one.age <= 97 for one in briefs.values())
        phones = await connection.scalars(select(resident.c.phone).union_all(select(contact.c.phone)))
        assert all(phone.startswith(("031-390 06 ", "070-174 06 ")) for phone in phones)


async def test_devices_are_found_by_account_with_who_lives_there(store):
    async with store.read() as connection:
        wanted = [
            ("scaip", "100003"),
            ("scaip", "100099"),
            ("scaip", "999"),
            ("http", "demo-app-3"),
            ("http", "100003"),
        ]
        found = await find_devices(connection, wanted)
        assert set(found) == {("scaip", "100003"), ("scaip", "100099"), ("http", "demo-app-3")}
        mine, shared = found["scaip", "100003"], found["scaip", "100099"]
        assert (mine.id, mine.resident, mine.residents, mine.unit) == (
            "demo-scaip-3", "demo-resident-3", ("demo-resident-3",), "demo-norr",
        )  # fmt: skip
        assert (shared.resident, shared.residents) == (None, ("demo-resident-11", "demo-resident-12"))
        assert shared.live
        assert await find_device(connection, "demo-scaip-3") == mine
        assert await find_device(connection, "demo-scaip-99") is None
        many = await find_devices(connection, [("scaip", str(number)) for number in range(99_000, 101_000)])
        assert len(many) == 21


async def test_homes_tell_their_town_unless_somebody_there_is_protected(store):
    async with store.read() as connection:
        assert await homes_brief(connection, ["demo-home-1", "demo-home-10", "demo-home-11", "nowhere"]) == {
            "demo-home-1": HomeBrief("Alingsås", 1),
            "demo-home-10": HomeBrief(None, 1),
            "demo-home-11": HomeBrief("Uddevalla", 2),
        }


async def test_names_are_found_for_many_at_once(store, signer, at):
    async with store.write() as connection:
        assert await person_names(connection, ["demo-worker-1", "x"]) == {"demo-worker-1": "Anna Holm"}
        assert await principal_names(connection, []) == {}
        places = []
        for one in ("demo-operator-1", "demo-worker-1", "demo-granne-operator"):
            who = await who_is(connection, signer, await demo_token(connection, signer, one, at), at)
            places.append(await place_name(connection, who))
        assert places == ["Larmcentralen Väst", "Hemtjänst Norr", "Granne kommun"]
        assert await helper_name(connection, "demo-granne", at) == "Larmcentralen Väst"
        await connection.execute(update(agreement).where(agreement.c.principal == "demo-granne").values(ends_at=at))
        assert await helper_name(connection, "demo-granne", at) == "Granne kommun"
        assert await whom_of_resident(connection, "demo-resident-12") == Whom(
            "demo-kommun", "demo-soder", "demo-resident-12", "demo-home-11"
        )


def test_one_grows_older_on_ones_birthday():
    born = NOON.date().replace(year=1940)
    assert [age_at(born, NOON.date() + timedelta(days=days)) for days in (-1, 0)] == [85, 86]
    assert age_at(None, born) is None


async def test_grants_are_given_and_ended_for_their_purpose(store, at):
    case, other = Purpose("case", "case-1", True), Purpose("case", "case-2", True)
    later = at + timedelta(minutes=5)
    async with store.write() as connection:
        for holder, purpose in (("demo-operator-1", case), ("demo-operator-2", case), ("demo-operator-1", other)):
            await give_grant(
                connection, holder=holder, principal="demo-kommun", purpose=purpose,
                rights=[Right.SEE, Right.OPEN], at=at, home="demo-home-11",
            )  # fmt: skip
        with pytest.raises(ValueError, match="a resident or a home"):
            await give_grant(
                connection, holder="demo-operator-1", principal="demo-kommun", purpose=case, rights=[], at=at
            )
        [first, second] = await grants_of(connection, "demo-operator-1", at)
        assert first.rights == second.rights == {Right.SEE, Right.OPEN}
        assert await grants_of(connection, "demo-operator-1", at - timedelta(seconds=1)) == []
        assert await end_grants(connection, case, later, holder="demo-operator-2") == 1
        assert await end_grants(connection, case, later) == 1
        assert await end_grants(connection, case, later) == 0
        assert [one.purpose for one in await grants_of(connection, "demo-operator-1", later)] == ["case-2"]


async def test_somebody_entered_can_work_at_once(store, at):
    async with store.write() as connection:
        await add_person(connection, "anna", "Anna", Role.WORKER, at, unit_id="demo-norr")
        await add_person(connection, "karin", "Karin", Role.OPERATOR, at, central_id="demo-larmcentral")
        assert (await choose_assignment(connection, "karin", at)).central == "demo-larmcentral"


@pytest.mark.parametrize(
    ("code", "person_id", "role", "place"),
    [
        ("exists", "demo-planner", Role.PLANNER, {"unit_id": "demo-norr"}),
        ("bad_id", "Anna Holm", Role.WORKER, {"unit_id": "demo-norr"}),
        ("no_such_place", "anna", Role.WORKER, {"unit_id": "demo-oster"}),
        ("one_place", "anna", Role.WORKER, {}),
        ("one_place", "anna", Role.PLANNER, {"unit_id": "demo-norr", "principal_id": "demo-kommun"}),
        ("not_in_a_unit", "anna", Role.OPERATOR, {"unit_id": "demo-norr"}),
        ("only_desk_roles", "anna", Role.REVIEWER, {"central_id": "demo-larmcentral"}),
    ],
)
async def test_somebody_who_does_not_fit_is_refused(store, at, code, person_id, role, place):
    with pytest.raises(Refusal, match=code):
        async with store.write() as connection:
            await add_person(connection, person_id, "Anna", role, at, **place)


async def test_a_device_entered_is_found_by_its_account(store):
    async with store.write() as connection:
        first = await add_device(connection, protocol="scaip", account="26317", resident_id="demo-resident-4")
        assert first == "scaip-26317"
        await add_device(connection, protocol="http", device_id="tablet-1", home_id="demo-home-11", model="Tablet")
        found = await find_devices(connection, [("scaip", "26317"), ("http", "tablet-1")])
        assert found["scaip", "26317"].resident == "demo-resident-4"
        assert found["http", "tablet-1"].residents == ("demo-resident-11", "demo-resident-12")


@pytest.mark.parametrize(
    ("code", "device_given"),
    [
        ("bad_protocol", {"protocol": "morse", "account": "1"}),
        ("bad_account", {"protocol": "scaip", "account": "26 317"}),
        ("bad_account", {"protocol": "scaip"}),
        ("bad_account", {"protocol": "dc09", "account": "12"}),
        ("bad_account", {"protocol": "http", "account": "a", "device_id": "b"}),
        ("bad_id", {"protocol": "scaip", "account": "1", "device_id": "a device"}),
        ("exists", {"protocol": "scaip", "account": "1", "device_id": "demo-scaip-1"}),
        ("account_taken", {"protocol": "scaip", "account": "100001"}),
        ("no_such_place", {"protocol": "scaip", "account": "1", "resident_id": "nobody"}),
        ("one_place", {"protocol": "scaip", "account": "1", "home_id": "demo-home-1"}),
    ],
)
async def test_a_device_that_does_not_fit_is_refused(store, code, device_given):
    with pytest.raises(Refusal, match=code):
        async with store.write() as connection:
            await add_device(connection, **{"resident_id": "demo-resident-1", **device_given})


async def test_a_table_is_taken_in_whole(store):
    lines = (
        "r1,Elsa,h1,demo-norr,Väg 1,Vara,d1,scaip,500001,hör dåligt\n"
        "r2,Nils,h1,demo-norr,,,,,,\n"
        "r3,Rut,h3,demo-granne-centrum,Väg 3,Vara,d3,http,d3,\n"
    )
    sheet = read_sheet((HEADER + lines).encode())
    async with store.write() as connection:
        assert await check_sheet(connection, sheet) == []
        assert await take_in(connection, sheet) == Counts(3, 2, 2)
        found = await find_devices(connection, [("scaip", "500001"), ("http", "d3")])
        assert found["scaip", "500001"].residents == ("r1", "r2")
        assert found["http", "d3"].principal == "demo-granne"
        hearing = await connection.execute(select(resident.c.hearing).where(resident.c.id.in_(["r1", "r2"])))
        assert sorted(hearing.scalars()) == ["", "hör dåligt"]


async def test_a_table_that_does_not_fit_says_each_line(store):
    lines = (
        "demo-resident-1,Elsa,demo-home-1,demo-norr,Väg 1,Vara,demo-scaip-1,scaip,500001,\n"
        "r2,Nils,h2,demo-oster,Väg 2,Vara,d2,scaip,100002,\n"
        "r3,Rut,h3,demo-norr,Väg 3,Vara,d3,scaip,500003,\n"
        "r4,Ulla,h4,demo-norr,Väg 4,Vara,d4,scaip,500003,\n"
        "r5,Stig\n"
    )
    sheet = read_sheet((HEADER + lines).encode())
    async with store.read() as connection:
        problems = await check_sheet(connection, sheet)
    assert [(one.line, one.text) for one in problems] == [
        (2, "There is a resident demo-resident-1 already."),
        (2, "There is a home demo-home-1 already."),
        (2, "There is a device demo-scaip-1 already."),
        (3, "There is no unit demo-oster."),
        (3, "The account of d2 belongs to demo-scaip-2 already."),
        (5, "The account of d4 is that of d3 too."),
        (6, "There are 2 cells, and the header has 10."),
    ]
