"""Notes pinned to a person and from one shift to the next, over HTTP: who sees, who may, and what is logged."""

import httpx
from sqlalchemy import select

from alarms.handling.notes import PINNED_AT_MOST
from alarms.handling.tables import person_note
from registry.tables import access_log
from tests.integration.running import Running

NOTES = "/api/v1/residents/demo-resident-1/notes"
SHIFT = "/api/v1/shift-note"


def texts(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [note["text"] for note in answer.json()["items"]]


async def test_a_note_pinned_in_one_case_is_seen_in_the_next_and_stays_on_record_when_taken_down(
    platform: Running,
) -> None:
    """[15]"""
    [case] = (await platform.press(1, "1"))["cases"]
    closing = {"cause": "mistake", "measure": "spoke"}
    async with await platform.client("demo-operator-1") as karin, await platform.client("demo-operator-2") as jonas:
        await karin.post(f"/api/v1/cases/{case}/take")
        assert texts(await karin.post(NOTES, json={"text": "Dottern bor kvar hela veckan.", "case": case})) != []
        await karin.post(f"/api/v1/cases/{case}/close", json=closing)
        assert (await karin.get(f"{NOTES}?case={case}")).status_code == 403  # the case is over, and with it the reason
        [later] = (await platform.press(1, "2"))["cases"]
        assert (await jonas.get(NOTES)).status_code == 403
        shown = await jonas.get(f"{NOTES}?case={later}")
        assert texts(shown) == ["Dottern bor kvar hela veckan."]
        [note] = shown.json()["items"]
        assert note["by_name"] == "Karin Ekdahl"
        assert texts(await jonas.delete(f"{NOTES}/{note['id']}?case={later}")) == []
        assert texts(await jonas.delete(f"{NOTES}/{note['id']}?case={later}")) == []
    async with platform.platform.store.read() as connection:
        [row] = (await connection.execute(select(person_note))).mappings()
        query = select(access_log.c.act, access_log.c.resident, access_log.c.allowed).where(
            access_log.c.person == "demo-operator-2", access_log.c.act.like("note.%")
        )
        logged = list(map(tuple, (await connection.execute(query.order_by(access_log.c.id))).all()))
    assert (row["by"], row["unpinned_by"]) == ("demo-operator-1", "demo-operator-2")
    assert logged[:3] == [
        ("note.read", "demo-resident-1", False),
        ("note.read", "demo-resident-1", True),
        ("note.write", "demo-resident-1", True),
    ]


async def test_home_care_of_the_unit_pins_too_and_another_unit_does_not(platform: Running) -> None:
    async with await platform.client("demo-worker-1") as anna, await platform.client("demo-worker-3") as petra:
        assert texts(await anna.post(NOTES, json={"text": "Ny kod till porten."})) == ["Ny kod till porten."]
        assert (await petra.get(NOTES)).status_code == 403
        assert (await petra.post(NOTES, json={"text": "x"})).status_code == 403
        nobody = await anna.post("/api/v1/residents/no-such-resident/notes", json={"text": "x"})
        assert nobody.status_code == 404


async def test_so_many_notes_that_nobody_reads_them_are_refused(platform: Running) -> None:
    async with await platform.client("demo-worker-1") as anna:
        for number in range(PINNED_AT_MOST):
            assert (await anna.post(NOTES, json={"text": f"Not {number}"})).status_code == 200
        refused = await anna.post(NOTES, json={"text": "En till"})
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_notes")
        for nothing in ("", " \n ", "\x00"):
            assert (await anna.post(NOTES, json={"text": nothing})).status_code == 422


async def test_a_note_keeps_its_lines_and_loses_what_no_database_takes(either_platform: Running) -> None:
    async with await either_platform.client("demo-worker-1") as anna:
        assert texts(await anna.post(NOTES, json={"text": "Ett\x00.\r\nTvå.\x07\n"})) == ["Ett.\nTvå."]
    async with await either_platform.client("demo-operator-1") as karin:
        surrogate = b'{"text": "\\ud800"}'
        headers = {"content-type": "application/json"}
        assert (await karin.post(SHIFT, content=surrogate, headers=headers)).status_code == 422


async def test_a_shift_leaves_a_note_that_the_next_acknowledges(platform: Running) -> None:
    async with (
        await platform.client("demo-operator-1") as karin,
        await platform.client("demo-operator-2") as jonas,
        await platform.client("demo-granne-operator") as neighbour,
        await platform.client("demo-worker-1") as worker,
    ):
        assert (await karin.get(SHIFT)).json() == {"open": None, "last": None}
        first = (await karin.post(SHIFT, json={"text": "Strömavbrott i Skara."})).json()["open"]
        assert (first["by_name"], first["version"]) == ("Karin Ekdahl", 1)
        assert (await jonas.post(SHIFT, json={"text": "Två på en gång."})).json()["code"] == "note_changed"
        wrong = await karin.post(f"{SHIFT}/{first['id']}/acknowledge")
        assert (wrong.status_code, wrong.json()["code"]) == (409, "note_own")
        second = {"text": "Strömavbrott i Skara, åter klockan 5.", "version": 1}
        assert (await karin.post(SHIFT, json=second)).json()["open"]["version"] == 2
        assert (await neighbour.get(SHIFT)).json()["open"] is None
        elsewhere = await neighbour.post(f"{SHIFT}/{first['id']}/acknowledge")
        assert elsewhere.json()["code"] == "note_gone"
        assert (await worker.get(SHIFT)).status_code == 403
        done = (await jonas.post(f"{SHIFT}/{first['id']}/acknowledge")).json()
        assert done["open"] is None
        assert (done["last"]["text"], done["last"]["acknowledged_by_name"]) == (second["text"], "Jonas Wiberg")
        assert (await jonas.post(f"{SHIFT}/{first['id']}/acknowledge")).json()["code"] == "note_gone"
        assert (await jonas.post(SHIFT, json={"text": "Lugnt."})).json()["open"]["by_name"] == "Jonas Wiberg"
