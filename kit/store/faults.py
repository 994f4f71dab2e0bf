"""Tells a database that cannot answer, or could but for another transaction, from a mistake of ours in what we asked.

The first is `StorageDown`, which every protocol has words for; the second is `Conflict`, and the same transaction begun
again will do; the third is a bug and must look like one.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# SQLSTATE classes (PostgreSQL documentation, appendix A): connection, resources, operator's intervention, system.
_DOWN_CLASSES = ("08", "53", "57P", "58")
_DOWN_STATES = {
    "25006",  # read only: the server became a standby under us
    "25P03",  # idle_in_transaction_session_timeout, when a process of ours stood still for so long
    "25P04",  # transaction_timeout
    "55P03",  # lock_timeout
    "57014",  # statement_timeout, or somebody cancelled the query
}
# Deadlocks and failed serializations. SQLite has neither: its writers take turns from their first statement on
# (`BEGIN IMMEDIATE`), and a turn that does not come in time is SQLITE_BUSY.
_CONFLICT_CLASS = "40"
_DOWN_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}


def is_down(error: Exception) -> bool:
    """Whether this error, from the driver or from SQLAlchemy, says that the database cannot do its work now."""
    if isinstance(error, PoolTimeoutError | OSError):  # refused, reset, timed out
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (isinstance(error.orig, Exception) and is_down(error.orig))
    if isinstance(error, sqlite3.Error):
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DOWN_SQLITE
    state = _state(error)
    return state in _DOWN_STATES or state.startswith(_DOWN_CLASSES)


def is_conflict(error: Exception) -> bool:
    """Whether this error says that the database gave way to another transaction: begun again, this one will do."""
    if isinstance(error, DBAPIError):
        return isinstance(error.orig, Exception) and is_conflict(error.orig)
    return _state(error).startswith(_CONFLICT_CLASS)


def _state(error: Exception) -> str:
    state = getattr(error, "sqlstate", None)
    return state if isinstance(state, str) else ""
