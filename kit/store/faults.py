"""Tells a database that cannot answer from a mistake of ours in what we asked it.

The first is `StorageDown`, which every protocol has words for; the second is a bug and must look like one.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

# SQLSTATE classes (PostgreSQL documentation, appendix A): connection, resources, operator's intervention, system.
_DOWN_CLASSES = ("08", "53", "57P", "58")
_READ_ONLY = "25006"  # the server became a standby under us
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
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state == _READ_ONLY or state.startswith(_DOWN_CLASSES)
    return False
