"""Whose turn it is to hear the broker: one process at a time, any of them, with one session at the broker.

Two that heard at once would each get every message, and Nuki's carry nothing to know a second one by; and a session for
each process would keep messages for one that never comes back. So the broker knows one client, and the database says
which process is that client now. A process that dies loses its turn within `HOLD`; the session, with what the broker
has kept in it, passes to the next.
"""

from datetime import timedelta

from sqlalchemy import select, update

from alarms import tables
from kit.clock import Clock
from kit.ids import new_id
from kit.store import Store, insert

HOLD = timedelta(seconds=6)
RENEW_EVERY = 1.5  # seconds
_ROW = 1


class Turn:
    """This process's claim. An embedded database has one process: there it is always our turn."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._me = new_id("mqtt", clock.now())

    async def take(self) -> bool:
        """Take or keep the turn; says whether it is ours. Raises StorageDown."""
        at = self._clock.now()
        turn = tables.mqtt_turn
        row = {"id": _ROW, "holder": self._me, "until": at + HOLD, "session": new_id("session", at)}
        async with self._store.write() as connection:
            statement = insert(connection, turn)
            free = None if self._store.embedded else (turn.c.until < at) | (turn.c.holder == self._me)
            statement = statement.on_conflict_do_update(
                index_elements=["id"],
                set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
                where=free,
            )
            return (await connection.execute(statement.returning(turn.c.id), row)).first() is not None

    async def session(self, *, present: bool) -> str:
        """The name of the broker's session; a new one where the broker no longer had it. Raises StorageDown.

        Packet ids begin anew with a session, so what they are told apart by must as well.
        """
        turn = tables.mqtt_turn
        async with self._store.write() as connection:
            if not present:
                name = new_id("session", self._clock.now())
                await connection.execute(update(turn).where(turn.c.id == _ROW).values(session=name))
            return str(await connection.scalar(select(turn.c.session).where(turn.c.id == _ROW)))

    async def give_back(self) -> None:
        """Let the next process have it at once. Raises StorageDown."""
        turn = tables.mqtt_turn
        mine = (turn.c.id == _ROW) & (turn.c.holder == self._me)
        async with self._store.write() as connection:
            await connection.execute(update(turn).where(mine).values(until=self._clock.now() - HOLD))
