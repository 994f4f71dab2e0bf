"""Clients: other systems of a principal's that ask for themselves, as its administrators see and enter them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from kit.wire.model import At, Wire


class ClientScope(StrEnum):
    """What another system may do for its principal. `events:resident` lets events name the resident, by id."""

    EVENTS_READ = "events:read"
    EVENTS_RESIDENT = "events:resident"
    CASES_READ = "cases:read"


Days = Annotated[int, Field(ge=1, le=3650)]


class TokenBody(Wire):
    """How long a token is to be valid, in days."""

    days: Days = 365


class ClientBody(TokenBody):
    """A system to enter: what it is called, what it may do, and how long its first token is valid."""

    name: Annotated[
        str, Field(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
    ]
    scopes: Annotated[list[ClientScope], Field(min_length=1, max_length=len(ClientScope))]


class ClientView(Wire):
    """A system that there is. `token_ends_at` is when its newest token ends, none where it never had one."""

    id: str
    name: str
    scopes: list[ClientScope]
    since: At
    token_ends_at: At | None


class ClientToken(Wire):
    """Its bearer token: shown now and never again."""

    client: ClientView
    token: str


class ClientList(Wire):
    """A principal's systems, by name."""

    items: list[ClientView]
