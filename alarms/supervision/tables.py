"""What the watch over devices keeps: incidents with their devices, and which process watches now."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from kit.store import Id, Moment, metadata

# One case for many silent devices: what they have in common (`scope`, `name`), how many of it are watched, how many
# were counted in all. The silent ones of an open incident stand in `device_silence`.
incident = Table(
    "incident",
    metadata,
    Column("case", Id, primary_key=True),
    Column("principal", Id, nullable=False),
    Column("scope", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("watched", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index("ix_incident_closed_at", "closed_at"),
)

incident_device = Table(
    "incident_device",
    metadata,
    Column("case", Id, ForeignKey("incident.case"), primary_key=True),
    Column("device", Id, primary_key=True),
    Column("joined_at", Moment, nullable=False),
    Column("back_at", Moment),
)

# Which process watches, since when anybody has listened without a gap, and when somebody last looked.
supervision_turn = Table(
    "supervision_turn",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", Id, nullable=False),
    Column("until", Moment, nullable=False),
    Column("listening_since", Moment, nullable=False),
    Column("looked_at", Moment, nullable=False),
)
