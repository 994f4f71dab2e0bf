"""The key that a device encrypts with, sealed with the platform's own (`kit.seal`). No row: it speaks in clear."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table

from kit.store import Id, metadata

device_dc09 = Table(
    "device_dc09",
    metadata,
    Column("device", Id, ForeignKey("device.id"), primary_key=True),
    Column("sealed_key", LargeBinary, nullable=False),
)
