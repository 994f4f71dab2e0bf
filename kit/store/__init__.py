"""The database: one code for SQLite and PostgreSQL; what cannot be the same stands in `dialect`, two bodies each."""

from kit.store.columns import Id, Moment, metadata
from kit.store.dialect import among, for_update, hour_of, insert, refresh_statistics, skip_locked, unindexed
from kit.store.rows import insert_rows, update_rows
from kit.store.store import Store, open_store

__all__ = [
    "Id",
    "Moment",
    "Store",
    "among",
    "for_update",
    "hour_of",
    "insert",
    "insert_rows",
    "metadata",
    "open_store",
    "refresh_statistics",
    "skip_locked",
    "unindexed",
    "update_rows",
]
