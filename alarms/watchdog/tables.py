"""The watchdog's tables: what it last saw, whom it tells of an outage, and what became of each telling."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, Text

from kit.store import Id, Moment, metadata

# One row for each watchdog: its last round, whole, as `kit.wire.watch.WatchdogView` in `seen`.
watchdog = Table(
    "watchdog",
    metadata,
    Column("id", Id, primary_key=True),
    Column("round_at", Moment, nullable=False),
    Column("seen", JSON, nullable=False),
)

# Who in a municipality is told of an outage; by e-mail, by webhook, or both. `email` and `webhook` may be empty.
outage_contact = Table(
    "outage_contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False, default=""),
    Column("webhook", Text, nullable=False, default=""),
)

outage = Table(
    "outage",
    metadata,
    Column("id", Id, primary_key=True),
    Column("watchdog", Id, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("codes", JSON, nullable=False),
)

# What became of telling one contact (`phase` begun or over, `means` email or webhook): `delivered`, or why not.
outage_told = Table(
    "outage_told",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outage", Id, nullable=False, index=True),
    Column("contact", Id, nullable=False),
    Column("principal", Id, nullable=False),
    Column("phase", String(20), nullable=False),
    Column("means", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("outcome", String(80), nullable=False),
)
