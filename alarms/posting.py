"""A request to somebody outside, and what came of it in a word; and the signature of what is sent.

Shared by the watchdog's pages and by subscriptions: no redirect is followed, nothing is waited for longer than told,
and no answer is read to its end for its own sake.
"""

import asyncio
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx

READ_AT_MOST = 64 * 1024  # bytes of an answer, so that its connection can be used again


@dataclass(frozen=True, slots=True)
class Said:
    """The status of an answer, none where there was none; `word` names it, or the error."""

    status: int | None
    word: str


def signed(key: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 of the parts with a full stop between each two."""
    return hmac.new(key, b".".join(parts), sha256).digest()


async def asked(
    http: httpx.AsyncClient,
    method: str,
    url: httpx.URL | str,
    body: bytes | None,
    headers: Mapping[str, str],
    *,
    within: float,
    extensions: Mapping[str, Any] | None = None,
) -> Said:
    """Ask once; raises nothing that the other side or the way to it can cause."""
    try:
        async with (
            asyncio.timeout(within),
            http.stream(
                method, url, content=body, headers=headers, extensions=dict(extensions or {}), follow_redirects=False
            ) as answer,
        ):
            await _read_on(answer)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as error:
        return Said(None, type(error).__name__)
    return Said(answer.status_code, f"http {answer.status_code}")


async def _read_on(answer: httpx.Response) -> None:
    read = 0
    async for chunk in answer.aiter_raw():
        read += len(chunk)
        if read > READ_AT_MOST:
            return
