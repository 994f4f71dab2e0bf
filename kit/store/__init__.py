"""The database: one code for SQLite and PostgreSQL; what cannot be the same stands in `dialect`, two bodies each."""

from kit.store.columns import Moment, metadata
from kit.store.dialect import for_update, insert, skip_locked, snapshot
from kit.store.store import Store, open_store

__all__ = ["Moment", "Store", "for_update", "insert", "metadata", "open_store", "skip_locked", "snapshot"]
