"""The tables of positions, of questions to devices, and of safe zones."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from kit.store import Id, Moment, metadata

_standing = text("ended_at IS NULL")

# Where each resident was last said to be. `taken_at` is null where the device did not say.
resident_position = Table(
    "resident_position",
    metadata,
    Column("resident", Id, primary_key=True),
    Column("device", Id, nullable=False),
    Column("signal", Id),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("accuracy", Float),
    Column("taken_at", Moment),
    Column("received_at", Moment, nullable=False),
)

# A question to a device, for a case. `waiting` is the device until it has ended: one at a time for each. `consent` is
# what it rests on, or `urgent` what was stated. The next step's id is `step`, so that a late timer does nothing.
locate = Table(
    "locate",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("waiting", Id, unique=True),
    Column("case", Id, ForeignKey("alarm_case.id"), nullable=False, index=True),
    Column("device", Id, nullable=False),
    Column("protocol", String(20), nullable=False),
    Column("principal", Id, nullable=False),
    Column("person", Id, nullable=False),
    Column("consent", Id),
    Column("urgent", Text),
    Column("state", String(20), nullable=False),
    Column("step", Integer, nullable=False),
    Column("next_step", String(20)),
    Column("next_step_at", Moment),
    Column("asked_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("ended_at", Moment),
    Index("ix_locate_next_step_at", "next_step_at"),
)

# A safe zone, and how its resident stands to it since the fix taken at `standing_at`. Locked before any case.
zone = Table(
    "safe_zone",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, nullable=False),
    Column("resident", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("area", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("watch", String(20), nullable=False),
    Column("makes", String(20), nullable=False),
    Column("standing", String(20), nullable=False),
    Column("standing_at", Moment),
    Column("at", Moment, nullable=False),
    Column("by", Id, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", Id),
    Index("ix_safe_zone_standing", "resident", "id", sqlite_where=_standing, postgresql_where=_standing),
)
