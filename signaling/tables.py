"""Signaling's tables: visits, who is in them, what happened, which pages are open, and which relay nodes there are."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from kit.store import Id, Moment, metadata

Holder = String(100)  # `person:` or `device:` and the id

# `live_key` is unique while the visit rings or runs and null otherwise: nobody is rung twice at once. The next step and
# its deadline stand on the visit itself; `step` is the step's id, so that a late timer does nothing. `changed_at` is
# what each process's reader follows. `planned_at` is when the visit was to begin, also for one that rang at once.
visit = Table(
    "visit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("live_key", String(200), unique=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("principal", Id, nullable=False),
    Column("unit", Id, nullable=False),
    Column("resident", Id, ForeignKey("resident.id"), nullable=False, index=True),
    Column("home", Id, nullable=False),
    Column("caller", Id, ForeignKey("person.id"), nullable=False),
    Column("caller_place", Text, nullable=False),
    Column("legal_basis", String(10), nullable=False),
    Column("decision", Text, nullable=False),
    Column("case", Id),
    Column("node", Id),
    Column("planned_at", Moment, nullable=False),
    Column("rang_at", Moment),
    Column("seen_at", Moment),
    Column("answered_at", Moment),
    Column("connected_at", Moment),
    Column("ended_at", Moment),
    Column("outcome", String(40)),
    Column("ended_by", String(20)),
    Column("step", Integer, nullable=False),
    Column("next_step", String(40)),
    Column("next_step_at", Moment),
    Column("changed_at", Moment, nullable=False),
    Index("ix_visit_next_step_at", "next_step_at"),
    Index("ix_visit_changed_at", "changed_at"),
    Index("ix_visit_caller_planned_at", "caller", "planned_at"),
    Index("ix_visit_unit_planned_at", "unit", "planned_at"),
)

# `place` is the order in which they came; `trouble` is words with spaces between.
participant = Table(
    "visit_participant",
    metadata,
    Column("id", Id, primary_key=True),
    Column("visit", Id, ForeignKey("visit.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("part", String(20), nullable=False),
    Column("holder", Holder, nullable=False),
    Column("joined_at", Moment),
    Column("publishes", Integer, nullable=False),
    Column("away", String(20)),
    Column("away_since", Moment),
    Column("trouble", Text, nullable=False),
)

entry = Table(
    "visit_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("visit", Id, ForeignKey("visit.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("part", String(20)),
    Column("data", JSON, nullable=False),
)

# A leg given out; `of` is whose streams it brings, the participant's own when it publishes.
leg = Table(
    "visit_leg",
    metadata,
    Column("id", Id, primary_key=True),
    Column("visit", Id, ForeignKey("visit.id"), nullable=False, index=True),
    Column("participant", Id, nullable=False),
    Column("direction", String(20), nullable=False),
    Column("of", Id, nullable=False),
    Column("node", Id, nullable=False),
    Column("given_at", Moment, nullable=False),
)

# A command carried out, by its id: the same id again gets the same answer.
command = Table(
    "visit_command",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("visit", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("code", String(40)),
)

# A process that has pages open says so every few seconds, one row however many pages; the pages' rows only come and go.
# A process whose row is old is dead, and its seats with it.
meet_process = Table(
    "meet_process",
    metadata,
    Column("id", Id, primary_key=True),
    Column("seen_at", Moment, nullable=False),
)

meet_seat = Table(
    "meet_seat",
    metadata,
    Column("id", Id, primary_key=True),
    Column("process", Id, nullable=False, index=True),
    Column("holder", Holder, nullable=False, index=True),
)

# `url` is where the front reaches the node's WHIP and WHEP; `load` grows with what it carries.
relay_node = Table(
    "relay_node",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", Text, nullable=False),
    Column("load", Float, nullable=False),
    Column("seen_at", Moment, nullable=False),
)
