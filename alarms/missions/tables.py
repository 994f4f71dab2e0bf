"""The tables of missions. Order of locks: the mission's case first, then the mission, the feed last."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Text, text

from kit.store import Id, Moment, metadata

_open = text("ended_at IS NULL")

# A mission is offered to a `unit` or to a `person`; `responder` has accepted it. The next step and its deadline stand
# on the mission itself; `step` is the step's id, so that a late timer does nothing. `key` is who sent it and the
# command's id, so that the same command again finds what it made.
mission = Table(
    "mission",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(200), unique=True),
    Column("version", Integer, nullable=False),
    Column("principal", Id, nullable=False),
    Column("case", Id, nullable=False, index=True),
    Column("resident", Id),
    Column("home", Id),
    Column("unit", Id),
    Column("person", Id),
    Column("state", String(20), nullable=False),
    Column("responder", Id),
    Column("note", Text, nullable=False),
    Column("why", String(40), nullable=False),
    Column("sent_by", Id),
    Column("sent_at", Moment, nullable=False),
    Column("arrive_within", Integer, nullable=False),
    Column("accepted_at", Moment),
    Column("set_off_at", Moment),
    Column("arrived_at", Moment),
    Column("arrived_how", String(20)),
    Column("arrived_reason", String(40)),
    Column("ended_at", Moment),
    Column("urgent", Integer, nullable=False),
    Column("declined", JSON, nullable=False),
    Column("door", JSON, nullable=False),
    Column("step", Integer, nullable=False),
    Column("next_step", String(40)),
    Column("next_step_at", Moment),
    Index("ix_mission_next_step_at", "next_step_at"),
    Index("ix_mission_open_unit", "unit", sqlite_where=_open, postgresql_where=_open),
    Index("ix_mission_open_person", "person", sqlite_where=_open, postgresql_where=_open),
    Index("ix_mission_open_home", "home", sqlite_where=_open, postgresql_where=_open),
    Index("ix_mission_responder_id", "responder", "id"),
)

# A tag at a home's door, read by the responder's telephone: the code belongs to one home, and proves an arrival there.
door_tag = Table(
    "door_tag",
    metadata,
    Column("code", String(80), primary_key=True),
    Column("home", Id, nullable=False, index=True),
)
