"""What receivers keep of their own: vendors' integrations, the state of links, where locks' topics are."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, LargeBinary, String, Table, Text

from kit.store import Id, Moment, metadata

# A vendor's service that calls us for a principal. `secret` is sealed about the integration's id; `scheme` is how calls
# are signed (none: the secret stands in the address), `mapping` where the vendor's JSON says what. `ended_at`: no more.
vendor_integration = Table(
    "vendor_integration",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("vendor", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("scheme", JSON(none_as_null=True)),
    Column("mapping", JSON(none_as_null=True)),
    Column("added_by", Id, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("ended_by", Id),
    Column("ended_at", Moment),
)

# How each device's connection to the broker stands, in which of its sessions (core.link).
device_link = Table(
    "device_link",
    metadata,
    Column("device", Id, ForeignKey("device.id"), primary_key=True),
    Column("session", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", Moment, nullable=False),
)

# Where a Home Assistant lock's messages are, as its own discovery said; `said` is that, read (mqtt.homeassistant).
lock_topics = Table(
    "lock_topics",
    metadata,
    Column("lock", Id, ForeignKey("device.id"), primary_key=True),
    Column("account", String(80), nullable=False, unique=True),
    Column("state_topic", String(200), nullable=False, unique=True),
    Column("command_topic", String(200), unique=True),
    Column("said", JSON, nullable=False),
)
