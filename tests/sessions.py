"""Who holds a token, for tests that have no request to ask with."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.tokens import Signer
from registry.access import Who
from registry.sessions import read_token, who_holds


async def who_is(connection: AsyncConnection, signer: Signer, token: str, at: datetime) -> Who | None:
    """Who holds this token at that moment, as the registry has it now; none when it is worth nothing."""
    claims = read_token(signer, token, at)
    return None if claims is None else await who_holds(connection, claims, at)
