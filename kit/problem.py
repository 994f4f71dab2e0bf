"""Errors over HTTP as problem details (RFC 9457): a stable `code`, a sentence, and nothing that the asker sent.

Areas raise `Refusal`, `StorageDown` and `Conflict`, and know nothing of HTTP's shapes; `install_problems` turns every
error of an application into the same kind of answer. An area gives the sentences for its own codes.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from kit.errors import Conflict, Refusal, StorageDown
from kit.log import get_logger
from kit.wire.event import Problem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = 2  # seconds, when the database is away
_FIELD = re.compile(r"[a-z_]{1,40}")

log = get_logger(__name__)

TITLES: Mapping[str, str] = {
    "invalid": "The request is not as this address expects it.",
    "not_found": "There is no such thing here.",
    "method_not_allowed": "This address does not do that.",
    "incomplete": "The request ended before its time.",
    "too_large": "The request is too large.",
    "storage_down": "Nothing was stored. Try again shortly.",
    "internal": "Something went wrong here. It has been noted.",
}
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}

# For `responses=` of an application or router: how errors look in the OpenAPI.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "An error, as problem details (RFC 9457); `code` is stable.",
        "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema(mode="serialization")}},
    }
}


def urn(code: str) -> str:
    """The `type` of a problem: a name of its code, so that it is the same wherever the platform runs."""
    return f"urn:nattljus:problem:{code}"


def problem(
    code: str,
    status: int,
    *,
    titles: Mapping[str, str] = TITLES,
    detail: Mapping[str, str | None] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer for one error."""
    body = Problem(
        type=urn(code),
        title=titles.get(code, TITLES.get(code, HTTPStatus(status).phrase)),
        status=status,
        code=code,
        detail=dict(detail) if detail else None,
    )
    return JSONResponse(
        body.model_dump(exclude_none=True), status_code=status, media_type=MEDIA_TYPE, headers=dict(headers or {})
    )


def storage_down(titles: Mapping[str, str] = TITLES) -> JSONResponse:
    """The answer while the database is away."""
    return problem("storage_down", 503, titles=titles, headers={"Retry-After": str(RETRY_AFTER)})


def install_problems(app: FastAPI, titles: Mapping[str, str]) -> None:
    """Have every error of `app` answered as a problem; `titles` are the areas' sentences for their codes."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return problem(error.code, error.status, titles=titles, detail=error.detail, headers=headers)

    async def away(_: Request, error: Exception) -> JSONResponse:
        return storage_down(titles)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return problem("invalid", 422, titles=titles, detail=faults(error.errors()))

    async def other(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        code = _BY_STATUS.get(error.status_code, HTTPStatus(error.status_code).name.lower())
        return problem(code, error.status_code, titles=titles, headers=error.headers)

    async def gone(_: Request, error: Exception) -> JSONResponse:
        """Who asked hung up before all was said; nobody reads this."""
        return problem("incomplete", 400, titles=titles)

    async def ours(request: Request, error: Exception) -> JSONResponse:
        log.error("request_failed", error=type(error).__name__)
        return problem("internal", 500, titles=titles)

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(StorageDown, away)
    app.add_exception_handler(Conflict, away)  # the asker begins again
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, other)
    app.add_exception_handler(ClientDisconnect, gone)
    app.add_exception_handler(Exception, ours)


def faults(errors: Any) -> dict[str, str | None]:
    """Where and what was wrong, from pydantic's list. Never the values, nor names of fields that are not ours."""
    found: dict[str, str | None] = {}
    for error in errors:
        path = [str(part) for part in error["loc"]]
        known = [part if part.isdecimal() or _FIELD.fullmatch(part) else "…" for part in path]
        if error["type"] == "extra_forbidden":
            known[-1] = "…"
        found[".".join(known)] = error["type"]
        if len(found) == 20:
            break
    return found
