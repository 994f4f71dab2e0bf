"""What a principal asks of a SCAIP device before it is heard; a device without a row is asked for nothing."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table

from kit.store import Id, Moment, metadata

# `asks` is alarms.receivers.scaip.policy.Asks. `secret` is the device's hashed passwords, sealed (`kit.seal`);
# `fingerprint` is the SHA-256 of its certificate, in hexadecimal digits. Rows are changed and never deleted, so that
# who has read them need only read what has changed since.
device_scaip = Table(
    "device_scaip",
    metadata,
    Column("device", Id, ForeignKey("device.id"), primary_key=True),
    Column("asks", String(20), nullable=False),
    Column("secret", LargeBinary),
    Column("fingerprint", String(64), nullable=False, default=""),
    Column("changed_at", Moment, nullable=False, index=True),
)
