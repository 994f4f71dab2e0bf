"""WHIP and WHEP as any client meets them: what is answered, what is refused, and how it is said."""

from datetime import timedelta
from typing import Any

import pytest

from kit.clock import SystemClock
from kit.legs import LegClaims, issue_leg
from kit.tokens import Signer
from kit.wire.words import Direction
from media.relay import Limits
from tests.integration.media.whip import SIGNER, Place, leg_id, path, relaying, token
from tests.unit.media.offers import offer

PUBLISH, SUBSCRIBE = Direction.PUBLISH, Direction.SUBSCRIBE


def bearer(token: str) -> dict[str, str]:
    return {"Content-Type": "application/sdp"} | ({"Authorization": f"Bearer {token}"} if token else {})


ANNA = path(PUBLISH, "anna")


async def join(place: Place, participant: str = "anna") -> Any:
    headers = bearer(token(PUBLISH, participant))
    return await place.http.post(path(PUBLISH, participant), content=offer(), headers=headers)


async def test_an_offer_is_answered_with_a_place_of_its_own() -> None:
    async with relaying() as place:
        answer = await join(place)
        assert answer.status_code == 201
        assert answer.headers["content-type"] == "application/sdp"
        assert answer.headers["location"].startswith(f"{ANNA}/")
        assert answer.headers["etag"].startswith('"')
        assert f" {place.running.port} typ host" in answer.text
        status = (await place.http.get("/media/test/status")).json()
        assert (status["legs"], status["up"], status["node"]) == (1, 0, "test")


def refused_tokens() -> dict[str, tuple[int, str, str]]:
    """Each with the answer it deserves."""
    now = SystemClock().now()
    claims = LegClaims(leg_id(PUBLISH, "anna"), "test", "visit-1", "anna", PUBLISH, "anna")
    other = Signer(["another key that is just as long as ours is"])
    return {
        "none": (401, "unauthenticated", ""),
        "garbage": (401, "unauthenticated", "a.b.c"),
        "forged": (401, "unauthenticated", issue_leg(other, claims, now)),
        "expired": (401, "unauthenticated", issue_leg(SIGNER, claims, now - timedelta(seconds=61))),
        "a session": (401, "unauthenticated", SIGNER.issue("session", "anna", now, timedelta(minutes=1))),
        "another node's": (403, "not_this_leg", token(PUBLISH, "anna", node="elsewhere")),
        "another leg's": (403, "not_this_leg", token(PUBLISH, "bo")),
        "the other direction's": (403, "not_this_leg", token(SUBSCRIBE, "anna", "bo")),
    }


@pytest.mark.parametrize("kind", refused_tokens())
async def test_a_token_that_is_not_for_this_leg_is_refused(kind: str) -> None:
    status, code, worthless = refused_tokens()[kind]
    async with relaying() as place:
        answer = await place.http.post(ANNA, content=offer(), headers=bearer(worthless))
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert place.relay.legs == []
        location = (await join(place)).headers["location"]
        for way in (place.http.delete, place.http.patch):
            assert (await way(location, headers=bearer(worthless))).status_code == status
        assert len(place.relay.legs) == 1


async def test_hostile_offers_are_refused_in_words_and_leave_no_leg() -> None:
    async with relaying() as place:
        for body, status, code in (
            ("", 400, "sdp_media"),
            ("v=0\r\nm=audio x y z\r\n", 400, "sdp_unreadable"),
            (offer("recvonly"), 400, "sdp_media"),
            (offer().replace("sha-256", "md5"), 400, "sdp_dtls"),
            (b"\xff\xfe", 400, "sdp_unreadable"),
            (offer() + "a=x\r\n" * 10_000, 413, "too_large"),
        ):
            answer = await place.http.post(ANNA, content=body, headers=bearer(token(PUBLISH, "anna")))
            assert (answer.status_code, answer.json()["code"]) == (status, code)
        json = bearer(token(PUBLISH, "anna")) | {"Content-Type": "application/json"}
        answer = await place.http.post(ANNA, content=offer(), headers=json)
        assert (answer.status_code, answer.json()["code"]) == (415, "not_sdp")
        assert place.relay.legs == []


async def test_a_relay_without_room_says_so() -> None:
    async with relaying(Limits(legs=1)) as place:
        await join(place)
        answer = await join(place, "bo")
        assert (answer.status_code, answer.json()["code"]) == (503, "relay_full")


async def test_a_leg_is_given_back_by_its_own_token_or_a_renewed_one_once() -> None:
    async with relaying() as place:
        location = (await join(place)).headers["location"]
        answer = await place.http.delete(location, headers=bearer(token(PUBLISH, "anna", visit="visit-2")))
        assert answer.json()["code"] == "not_this_leg"
        headers = bearer(token(PUBLISH, "anna"))
        assert (await place.http.delete(location, headers=headers)).status_code == 200
        assert place.relay.legs == []
        assert (await place.http.delete(location, headers=headers)).status_code == 404


async def test_a_farewell_of_the_page_before_does_not_end_the_page_that_came_after() -> None:
    async with relaying() as place:
        before, after = await join(place), await join(place)
        answer = await place.http.delete(before.headers["location"], headers=bearer(token(PUBLISH, "anna")))
        assert answer.status_code == 404
        assert [leg.session for leg in place.relay.legs] == [after.headers["location"].rpartition("/")[2]]


async def test_candidates_are_taken_and_a_new_name_restarts_ice() -> None:
    async with relaying() as place:
        joined = await join(place)
        location, etag = joined.headers["location"], joined.headers["etag"]
        headers = bearer(token(PUBLISH, "anna")) | {"Content-Type": "application/trickle-ice-sdpfrag"}

        trickle = "a=ice-ufrag:abcd\r\nm=audio 9 X 0\r\na=mid:0\r\na=candidate:1 1 udp 1 192.0.2.7 9 typ host\r\n"
        answer = await place.http.patch(location, content=trickle, headers=headers | {"If-Match": etag})
        assert (answer.status_code, answer.content) == (204, b"")

        restart = "a=ice-ufrag:efgh\r\na=ice-pwd:0123456789abcdef01234567\r\n"
        answer = await place.http.patch(location, content=restart, headers=headers | {"If-Match": "*"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/trickle-ice-sdpfrag"
        assert answer.headers["etag"] != etag
        fragment = place.relay.legs[0].credentials.fragment
        assert f"a=ice-ufrag:{fragment}" in answer.text
        assert fragment not in joined.text

        answer = await place.http.patch(location, content=trickle, headers=headers | {"If-Match": etag})
        assert (answer.status_code, answer.json()["code"]) == (412, "stale")


async def test_figures_name_nobody() -> None:
    async with relaying() as place:
        await join(place)
        metrics = (await place.http.get("/metrics")).text
        assert 'nattljus_media_legs{direction="publish"}' in metrics
        assert "nattljus_media_cpu_seconds" in metrics
        assert "anna" not in metrics
        assert "visit-1" not in metrics
        assert (await place.http.get("/healthz")).json() == {"status": "alive"}
        assert (await place.http.options(ANNA)).headers["accept-post"] == "application/sdp"
