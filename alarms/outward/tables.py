"""What leaves the platform: events in their order, who is sent them, and what could not be sent yet."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy import text as sql

from kit.store import Id, Moment, metadata

_waiting = sql("dead_at IS NULL")

# How far the feed has been read; one process reads at a time, with this row locked.
outward_read = Table(
    "outward_read",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)

# A principal that somebody outside hears of, since when, and the place of its newest event. Places have no gaps within
# a principal, so that they tell nobody how much happens at another. `position` is written by who has `outward_read`.
outward_head = Table(
    "outward_head",
    metadata,
    Column("principal", Id, ForeignKey("principal.id"), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("since", Moment, nullable=False),
)

# An event, as it is told: `id` is made of the id of its line on the timeline, so a line is one event of a type.
outward_event = Table(
    "outward_event",
    metadata,
    Column("principal", Id, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Id, nullable=False, unique=True),
    Column("line", Id, nullable=False, index=True),
    Column("type", String(60), nullable=False),
    Column("case", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("resident", Id),
    Column("device", Id),
    Column("by", Id),
    Column("said", JSON, nullable=False),
    Column("kept_at", Moment, nullable=False),
)

# `position` is the cursor; what is up to `replay_until` is sent as replayed. `holder` sends until `held_until`; `turn`
# grows whenever a round that is under way must not be settled any more. `due_at` is when the first waiting event is
# tried again. `failures`, `pauses`, `down_since`, `resume_at` are `core.outward.Receiver`.
subscription = Table(
    "subscription",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("types", JSON, nullable=False),
    Column("resident", Boolean, nullable=False),
    Column("on", Boolean, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("secret_before", LargeBinary),
    Column("before_until", Moment),
    Column("position", BigInteger, nullable=False),
    Column("replay_until", BigInteger, nullable=False),
    Column("holder", Id),
    Column("held_until", Moment),
    Column("turn", Integer, nullable=False),
    Column("due_at", Moment),
    Column("failures", Integer, nullable=False),
    Column("pauses", Integer, nullable=False),
    Column("down_since", Moment),
    Column("resume_at", Moment),
    Column("heard_at", Moment),
    Column("outcome", String(80), nullable=False),
    Column("notice_at", Moment),
    Column("missed", BigInteger, nullable=False),
)

# An event that a subscription's cursor has passed without its being taken: tried again at `next_at`, in order within
# its case, or given up at `dead_at`. `replayed`: it is sent as something asked for once more.
outward_delivery = Table(
    "outward_delivery",
    metadata,
    Column("subscription", Id, ForeignKey("subscription.id"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("case", Id, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("first_at", Moment),
    Column("next_at", Moment, nullable=False),
    Column("dead_at", Moment),
    Column("outcome", String(80), nullable=False),
    Column("replayed", Boolean, nullable=False),
    Index("ix_outward_delivery_waiting", "subscription", "case", sqlite_where=_waiting, postgresql_where=_waiting),
)
