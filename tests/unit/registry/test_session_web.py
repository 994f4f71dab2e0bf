"""Whose token counts, and from which pages."""

import pytest
from starlette.requests import HTTPConnection, Request

from kit.errors import Refusal
from registry.session_web import COOKIE, Sessions, bearer, token_of


def asking(kind="http", method="POST", **headers):
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "headers": raw, "path": "/", "query_string": b""}
    return HTTPConnection(scope) if kind == "websocket" else Request({**scope, "method": method})


class NoSigner:
    """Being asked to read is the proof that the token was believed so far."""

    def read(self, *_):
        raise LookupError


def sessions(public_url="https://larm.example.se"):
    return Sessions(None, NoSigner(), _Clock(), public_url)


class _Clock:
    def now(self):
        return None


OURS = [
    {"origin": "http://127.0.0.1:8080"},
    {"origin": "https://larm.example.se"},
    {"sec_fetch_site": "same-origin"},
]
THEIRS = [
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:8081"},
    {"origin": "https://elsewhere.example", "sec_fetch_site": "same-origin"},
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {},
]


@pytest.mark.parametrize("headers", THEIRS)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_a_cookie_changes_nothing_from_another_sites_page(kind, headers):
    with pytest.raises(Refusal, match="cross_origin"):
        await sessions().who(asking(kind, cookie=f"{COOKIE}=token", host="127.0.0.1:8080", **headers))


async def test_a_page_of_no_origin_is_not_ours_where_no_public_address_is_set():
    for host in ({"host": "127.0.0.1:8080"}, {}):
        with pytest.raises(Refusal, match="cross_origin"):
            await sessions("").who(asking(cookie=f"{COOKIE}=token", origin="null", **host))


@pytest.mark.parametrize("headers", OURS)
@pytest.mark.parametrize("kind", ["http", "websocket"])
async def test_a_cookie_counts_from_our_own_pages(kind, headers):
    with pytest.raises(LookupError):
        await sessions().who(asking(kind, cookie=f"{COOKIE}=token", host="127.0.0.1:8080", **headers))


async def test_reading_with_a_cookie_needs_no_origin():
    with pytest.raises(LookupError):
        await sessions().who(asking(method="GET", cookie=f"{COOKIE}=token"))


async def test_a_bearer_token_counts_wherever_it_comes_from():
    with pytest.raises(LookupError):
        await sessions().who(asking(authorization="Bearer token", origin="https://elsewhere.example"))


async def test_a_token_too_long_to_be_ours_is_not_even_read():
    assert await sessions().who(asking(authorization="Bearer " + "a" * 5000)) is None


async def test_nothing_is_nobody():
    assert await sessions().who(asking()) is None
    with pytest.raises(Refusal, match="unauthenticated"):
        await sessions()(asking(authorization="Basic token"))


def test_the_header_goes_before_the_cookie():
    both = asking(authorization="bearer  one", cookie=f"{COOKIE}=two")
    assert bearer(both) == token_of(both) == "one"
    assert token_of(asking(cookie=f"{COOKIE}=two")) == "two"
    assert token_of(asking()) is None
