"""Legs: a place at the relay for one participant and one direction, given out for a minute at a time.

The right to be in the visit is asked at each leg, and each is in the access log. A visit whose relay node has gone is
moved to another at the next leg that anybody asks for.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bus import Bus
from kit.clock import Clock
from kit.errors import Refusal
from kit.ids import new_id
from kit.legs import LIFETIME, LegClaims, issue_leg
from kit.store import Store
from kit.tokens import Signer
from kit.wire.visit import LegOrder, LegView
from kit.wire.words import Direction
from registry.access import Act, Denied, Who
from registry.look import ask
from signaling import tables
from signaling.core.shapes import Join, Participant, Refused, Visit
from signaling.core.visit import decide
from signaling.devices import holder_of
from signaling.journal import VISITS, lock_visit, write
from signaling.nodes import choose_node
from signaling.visits import whom_of_visit

PATHS = {Direction.PUBLISH: "whip", Direction.SUBSCRIBE: "whep"}


class Legs:
    """Gives legs out."""

    def __init__(self, store: Store, bus: Bus, clock: Clock, signer: Signer) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._signer = signer

    async def give(self, who: Who, visit_id: str, order: LegOrder) -> LegView:
        """A leg, or a new token for one given before. Raises Refusal (`not_answered`, `ended`, …) and StorageDown."""
        at = self._clock.now()
        async with self._store.write() as connection:
            visit = await lock_visit(connection, visit_id)
            whom = await whom_of_visit(connection, who, visit)
            answer = await ask(connection, who, Act.VISIT_JOIN, whom, at=at, subject=visit_id)
            claims: LegClaims | Refusal
            if isinstance(answer, Denied):
                claims = Refusal(answer.code, 404 if answer.hidden else 403)
            else:
                assert visit is not None  # what does not exist is hidden from everybody
                claims = await self._claims(connection, who, visit, order, at)
        if isinstance(claims, Refusal):
            raise claims
        await self._bus.notify(VISITS)
        return LegView(
            leg=claims.leg,
            url=f"/media/{claims.node}/{PATHS[claims.direction]}/{claims.leg}",
            token=issue_leg(self._signer, claims, at),
            expires_at=at + LIFETIME,
            ice_servers=[],
        )

    async def _claims(
        self, connection: AsyncConnection, who: Who, visit: Visit, order: LegOrder, at: datetime
    ) -> LegClaims | Refusal:
        me = visit.held_by(holder_of(who))
        if order.leg is not None:
            return await _renewed(connection, visit, me, order)
        node = await choose_node(connection, at, visit.node)
        if node is None:
            return Refusal("no_relay", 503)
        here = replace(visit, node=node)
        decision = decide(here, Join(holder_of(who), order.direction), at)
        if isinstance(decision, Refused):
            return Refusal(decision.code, outcome=visit.outcome)
        of = _whose(visit, me, order)
        if me is None or of is None:
            return Refusal("not_found", 404)
        if decision.changed or node != visit.node:
            await write(connection, visit, decision, at)
        claims = LegClaims(new_id("leg", at), node, visit.id, me.id, order.direction, of)
        await connection.execute(
            tables.leg.insert().values(
                id=claims.leg,
                visit=claims.visit,
                participant=claims.participant,
                direction=claims.direction,
                of=claims.of,
                node=claims.node,
                given_at=at,
            )
        )
        return claims


def _whose(visit: Visit, me: Participant | None, order: LegOrder) -> str | None:
    """Whose picture and sound the leg brings: one's own in, another's out."""
    if me is None:
        return None
    if order.direction is Direction.PUBLISH:
        return me.id if order.of in {None, me.id} else None
    return next((one.id for one in visit.participants if one.id == order.of and one.id != me.id), None)


async def _renewed(
    connection: AsyncConnection, visit: Visit, me: Participant | None, order: LegOrder
) -> LegClaims | Refusal:
    if visit.live_key is None:
        return Refusal("ended", outcome=visit.outcome)
    row = (await connection.execute(select(tables.leg).where(tables.leg.c.id == order.leg))).mappings().one_or_none()
    mine = me is not None and row is not None and (row["visit"], row["participant"]) == (visit.id, me.id)
    same = row is not None and row["direction"] == order.direction and order.of in {None, row["of"]}
    if row is None or not mine or not same:
        return Refusal("not_found", 404)
    return LegClaims(row["id"], row["node"], row["visit"], row["participant"], order.direction, row["of"])
