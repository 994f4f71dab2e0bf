"""The registry's tables: who lives where with which devices, who may do what for whom, and who looked."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kit.store import Id, Moment, metadata

principal = Table(
    "principal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
)

# `arrive_within` is how many minutes the unit's responders have to arrive where they are sent.
unit = Table(
    "unit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("arrive_within", Integer, nullable=False, default=30),
)

central = Table(
    "central",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
)

# A central serves a principal only through an agreement, and only while it runs.
agreement = Table(
    "agreement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("central", Id, ForeignKey("central.id"), nullable=False, index=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
)

# A role is held in exactly one of: a unit (with its principal), a whole principal, a central.
assignment = Table(
    "assignment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("unit", Id, ForeignKey("unit.id")),
    Column("principal", Id, ForeignKey("principal.id")),
    Column("central", Id, ForeignKey("central.id")),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
)

home = Table(
    "home",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("unit", Id, ForeignKey("unit.id"), nullable=False),
    Column("address", Text, nullable=False),
    Column("town", Text, nullable=False),
    Column("floor", Text, nullable=False, default=""),
    Column("door", Text, nullable=False, default=""),
    Column("door_code", Text, nullable=False, default=""),
)

resident = Table(
    "resident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("unit", Id, ForeignKey("unit.id"), nullable=False),
    Column("home", Id, ForeignKey("home.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("pronounced", Text, nullable=False, default=""),
    Column("born", Date),
    Column("phone", Text, nullable=False, default=""),
    Column("language", Text, nullable=False, default="svenska"),
    Column("hearing", Text, nullable=False, default=""),
    Column("sight", Text, nullable=False, default=""),
    Column("speech", Text, nullable=False, default=""),
    Column("pets", Text, nullable=False, default=""),
    Column("do_not_enter_alone", Boolean, nullable=False, default=False),
    Column("instructions", Text, nullable=False, default=""),
    Column("protected", Boolean, nullable=False, default=False),
)

contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("resident", Id, ForeignKey("resident.id"), nullable=False, index=True),
    Column("order", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("relation", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False),
    Column("has_key", Boolean, nullable=False, default=False),
    Column("consent", Boolean, nullable=False, default=False),
)

# `resident` is null where a device belongs to a home that several share, `home` too where it is on a shelf. `account`
# is what the device calls itself in its protocol; `token_serial` makes older device tokens invalid when it grows.
# `state` is kit.wire.words.DeviceState; `network` is whose radio network it is in.
device = Table(
    "device",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("home", Id, ForeignKey("home.id"), index=True),
    Column("resident", Id, ForeignKey("resident.id"), index=True),
    Column("kind", String(40), nullable=False),
    Column("model", Text, nullable=False, default=""),
    Column("protocol", String(20), nullable=False),
    Column("account", String(80), nullable=False),
    Column("state", String(20), nullable=False, default="live"),
    Column("token_serial", Integer, nullable=False, default=0),
    Column("network", String(80), nullable=False, default="", server_default=""),
    Column("paired_at", Moment),
    Column("tested_at", Moment),
    Column("live_at", Moment),
    UniqueConstraint("protocol", "account"),
)

# What a lock has besides being a device: which door it is on, and what opens that door (`unlatch` or `unlock`).
lock = Table(
    "lock",
    metadata,
    Column("id", Id, ForeignKey("device.id"), primary_key=True),
    Column("door", Text, nullable=False, default=""),
    Column("action", String(20), nullable=False, default="unlatch"),
)

# When a device was last heard and last tested. Written by the hub in batches, apart from `device` so that a
# heartbeat rewrites a narrow row.
device_seen = Table(
    "device_seen",
    metadata,
    Column("device", Id, ForeignKey("device.id"), primary_key=True),
    Column("last_seen_at", Moment, nullable=False),
    Column("last_test_at", Moment),
)

# Who (`holder`) may see, call or open (`rights`, words with spaces between) for whom, why, from when, until when.
grant = Table(
    "access_grant",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False),
    Column("holder", Id, ForeignKey("person.id"), nullable=False, index=True),
    Column("resident", Id, ForeignKey("resident.id")),
    Column("home", Id, ForeignKey("home.id")),
    Column("purpose_kind", String(20), nullable=False),
    Column("purpose", Id, nullable=False, index=True),
    Column("rights", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
)

_unsealed = text("sealed_no IS NULL")

# Written in the transaction of the look. `sealed_no` and `seal` are filled by the sealer; the rest never changes.
# `principal` is empty only where somebody asked for what does not exist; such rows have a chain of their own.
access_log = Table(
    "access_log",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("principal", Id, nullable=False),
    Column("person", Id, nullable=False),
    Column("role", String(20), nullable=False),
    Column("unit", Id),
    Column("act", String(40), nullable=False),
    Column("resident", Id),
    Column("subject", Id),
    Column("purpose", Text),
    Column("allowed", Boolean, nullable=False),
    Column("detail", JSON, nullable=False, default=dict),
    Column("sealed_no", BigInteger),
    Column("seal", LargeBinary(32)),
    UniqueConstraint("principal", "sealed_no"),
    Index("ix_access_log_principal_id", "principal", "id"),
    Index("ix_access_log_resident_id", "resident", "id"),
    # What waits for the sealer: a handful of rows among millions.
    Index("ix_access_log_unsealed", "principal", "id", sqlite_where=_unsealed, postgresql_where=_unsealed),
)

# The head of each principal's chain: how many rows are sealed, and the last seal.
access_chain = Table(
    "access_chain",
    metadata,
    Column("principal", Id, primary_key=True),
    Column("sealed_no", BigInteger, nullable=False),
    Column("seal", LargeBinary(32), nullable=False),
)

# The publication gate: nothing is offered to residents before their principal has approved the product (domain.md, 18).
publication = Table(
    "publication",
    metadata,
    Column("principal", Id, ForeignKey("principal.id"), primary_key=True),
    Column("product", String(40), primary_key=True),
    Column("approved_at", Moment, nullable=False),
)

# Another system of a principal's that asks for itself, with a token. `scopes` are words with spaces between
# (kit.wire.client.ClientScope); `serial` makes older tokens invalid when it grows; `token_ends_at` is
# the newest one's end.
client = Table(
    "client",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False),
    Column("name", String(80), nullable=False, default="", server_default=""),
    Column("scopes", Text, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("token_ends_at", Moment),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment),
)
