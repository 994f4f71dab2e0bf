"""Being somebody of the demonstration: a session from the page to choose whom to be, for HTTP and sockets."""

import ssl
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import httpx
from websockets.asyncio.client import ClientConnection, connect

COOKIE = "nattljus_session"
ANSWER_WITHIN = 12.0  # seconds; a door may take ten


class Refused(Exception):
    """The platform refused what must be possible; `code` is its own."""

    def __init__(self, what: str, code: str) -> None:
        super().__init__(f"{what}: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's HTTP client, and a way to open sockets."""

    whom: str
    http: httpx.AsyncClient
    _url: str
    _token: str

    async def ask(self, method: str, path: str, body: dict[str, object] | None = None) -> httpx.Response:
        """An answer of success. Raises Refused, httpx.HTTPError."""
        answer = await self.http.request(method, f"/api/v1{path}", json=body)
        if not answer.is_success:
            raise Refused(f"{method} {path}", _code(answer))
        return answer

    async def socket(self, path: str) -> ClientConnection:
        """An open socket. Raises OSError and websockets' InvalidHandshake."""
        parts = urlsplit(self._url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        address = urlunsplit((scheme, parts.netloc, f"/api/v1{path}", "", ""))
        headers = {"Authorization": f"Bearer {self._token}"}
        return await connect(address, additional_headers=headers, proxy=None, max_size=2**24, close_timeout=1.0)

    async def close(self) -> None:
        """Let the connections go."""
        await self.http.aclose()


async def be(url: str, whom: str) -> Session:
    """A session as that person, or as that resident's device. Raises Refused, httpx.HTTPError."""
    http = httpx.AsyncClient(base_url=url, timeout=ANSWER_WITHIN, trust_env=False, verify=_trust())
    try:
        answer = await http.post("/api/v1/demo/session", json={"as": whom})
        token = answer.cookies.get(COOKIE)
        if not answer.is_success or token is None:
            raise Refused(f"being {whom}", _code(answer))
    except BaseException:
        await http.aclose()
        raise
    http.cookies.clear()  # a program's place is behind a bearer token: a cookie is believed only from pages
    http.headers["Authorization"] = f"Bearer {token}"
    return Session(whom, http, url, token)


def holding(url: str, whom: str, token: str) -> Session:
    """A session as who holds that token."""
    bearer = {"Authorization": f"Bearer {token}"}
    http = httpx.AsyncClient(base_url=url, timeout=ANSWER_WITHIN, trust_env=False, verify=_trust(), headers=bearer)
    return Session(whom, http, url, token)


@cache
def _trust() -> ssl.SSLContext:
    """Whom to trust over TLS: read once, for it takes longer than all else."""
    return ssl.create_default_context()


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)
