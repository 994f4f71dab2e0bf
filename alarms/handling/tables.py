"""The tables of the desk's work. Rows of a case are written while that case is locked."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from kit.store import Id, Moment, metadata

_pinned = text("unpinned_at IS NULL")

# A step to tick, as it was when the case was taken: changing a list changes no running case. Text or code, never both.
step = Table(
    "case_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case", Id, ForeignKey("alarm_case.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("origin", String(20), nullable=False),
    Column("code", String(40)),
    Column("text", Text),
    Column("ticked_at", Moment),
    Column("ticked_by", Id),
)

# A call made for a case. `open_key` is operator and case while it has no result: one at a time for each.
call = Table(
    "case_call",
    metadata,
    Column("id", Id, primary_key=True),
    Column("open_key", String(200), unique=True),
    Column("case", Id, ForeignKey("alarm_case.id"), nullable=False, index=True),
    Column("operator", Id, nullable=False),
    Column("to", String(20), nullable=False),
    Column("contact", Id),
    Column("state", String(20), nullable=False),
    Column("result", String(20)),
    Column("started_at", Moment, nullable=False),
    Column("connected_at", Moment),
    Column("ended_at", Moment),
)

# A note pinned to a person; it stays on record when it is taken down.
person_note = Table(
    "person_note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, nullable=False),
    Column("resident", Id, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Id, nullable=False),
    Column("unpinned_at", Moment),
    Column("unpinned_by", Id),
    Index("ix_person_note_pinned", "resident", "id", sqlite_where=_pinned, postgresql_where=_pinned),
)

# What a shift leaves for the next at its desk (`place`: a central or a principal). `open_key` is the place until
# somebody else has acknowledged the note: one open note at each desk.
shift_note = Table(
    "shift_note",
    metadata,
    Column("id", Id, primary_key=True),
    Column("open_key", Id, unique=True),
    Column("place", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Id, nullable=False),
    Column("acknowledged_at", Moment),
    Column("acknowledged_by", Id),
    Index("ix_shift_note_place_id", "place", "id"),
)
