"""The alarm side's tables: what arrived, what a human must handle, what happened, and in which order desks hear it."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from kit.store import Id, Moment, metadata
from registry.synthetic import PRINCIPAL

_unnoted = text("noted_at IS NULL")
synthetic = text(f"principal = '{PRINCIPAL}'")
"""What tells the watchdog's own signals from everybody's; word for word as in their index."""
_nobodys = text("principal = ''")

# One row per signal key: this is what makes a signal sent again the same signal. A key older than the window is
# taken over by a new signal, because devices' counters wrap.
receipt = Table(
    "receipt",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("signal", Id, nullable=False),
    Column("received_at", Moment, nullable=False),
)

# `raw` is what came over the wire, byte for byte. `case` is null for what no human needs to handle.
signal = Table(
    "signal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id),
    Column("device", Id),
    Column("resident", Id),
    Column("home", Id),
    Column("case", Id),
    Column("protocol", String(20), nullable=False),
    Column("account", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("reason", String(40)),
    Column("priority", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("occurred_at", Moment),
    Column("read_at", Moment),
    Column("raw", LargeBinary, nullable=False),
    Column("defects", JSON, nullable=False),
    Column("details", JSON, nullable=False),
    Index("ix_signal_case_id", "case", "id"),
    Index("ix_signal_resident_id", "resident", "id"),
    Index("ix_signal_synthetic", "id", sqlite_where=synthetic, postgresql_where=synthetic),
)

# `open_key` is unique while the case is open and null when it is closed: never two open cases for one need.
# The next step and its deadline stand on the case itself; `step` is the step's id, so that a late timer does nothing.
# `plan` is the escalation plan frozen into the case (JSON, `core.plan.freeze`). Written once and shared by many, it is
# text that each process reads once for each plan. `desk` null: every desk that serves the principal has the case.
case = Table(
    "alarm_case",
    metadata,
    Column("id", Id, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("open_key", String(200), unique=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("principal", Id, nullable=False),
    Column("resident", Id),
    Column("home", Id),
    Column("device", Id),
    Column("reason", String(40), nullable=False),
    Column("presses", Integer, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("handler", Id),
    Column("escalation", Integer, nullable=False),
    Column("held_until", Moment),
    Column("step", Integer, nullable=False),
    Column("next_step", String(40)),
    Column("next_step_at", Moment),
    Column("raised_at", Moment, nullable=False),
    Column("taken_at", Moment),
    Column("answered_ms", BigInteger),
    Column("closed_at", Moment),
    Column("cause", String(40)),
    Column("measure", String(40)),
    Column("nobody", String(40)),
    Column("plan", Text),
    Column("plan_step", Integer, nullable=False, server_default="0"),
    Column("desk", Id),
    Column("missions", Integer, nullable=False, default=0),
    Column("watched_until", Moment),
    Column("occurred_at", Moment),
    Column("offered_to", Id),
    Column("offered_desk", Id),
    Column("offered_until", Moment),
    Column("merged_into", Id),
    Index("ix_alarm_case_next_step_at", "next_step_at"),
    Index("ix_alarm_case_principal_id", "principal", "id"),
    Index("ix_alarm_case_resident_id", "resident", "id"),
    Index("ix_alarm_case_raised_at", "raised_at"),
    # The open cases of accounts that nobody knows: a handful, counted at each such alarm.
    Index("ix_alarm_case_nobodys", "open_key", sqlite_where=_nobodys, postgresql_where=_nobodys),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case", Id, ForeignKey("alarm_case.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("by", Id),
    Column("data", JSON, nullable=False),
)

# The order of positions is the order of commits: the head row is updated last in each transaction.
feed = Table(
    "feed",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("case", Id, nullable=False),
    Column("principal", Id, nullable=False),
    Column("at", Moment, nullable=False),
)

feed_head = Table(
    "feed_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)

# A command carried out, by its id: the same id again gets the same answer.
command = Table(
    "command",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("case", Id, nullable=False),
    Column("at", Moment, nullable=False),
    Column("code", String(40)),
    Column("handler", Id),
)

# How each lock stands, as it last told; `at` is when we heard it, so that what is older changes nothing.
lock_state = Table(
    "lock_state",
    metadata,
    Column("lock", Id, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("door", String(20), nullable=False),
    Column("battery_low", Boolean, nullable=False),
    Column("reachable", Boolean),
    Column("at", Moment, nullable=False),
)

# A command to open a door: asked, sent to the lock by whichever process hears the broker, settled by what the lock says
# or by time. `waiting` is the lock while its command is not settled: never two under way for one lock. Whoever asks
# meanwhile `joins` that one. `mission` is what a responder opens it for. `key` is person and command id; `noted_at`
# says that the case's timeline has the outcome.
lock_command = Table(
    "lock_command",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("waiting", Id, unique=True),
    Column("joins", Id, index=True),
    Column("lock", Id, nullable=False),
    Column("case", Id, nullable=False),
    Column("mission", Id),
    Column("person", Id, nullable=False),
    Column("action", String(20), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("settled_at", Moment),
    Column("outcome", String(40)),
    Column("state", String(20)),
    Column("noted_at", Moment),
    Index("ix_lock_command_unnoted", "id", sqlite_where=_unnoted, postgresql_where=_unnoted),
)

# Which process hears the MQTT broker now, and the name of the broker's session: it changes when the broker has lost it.
mqtt_turn = Table(
    "mqtt_turn",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("holder", Id, nullable=False),
    Column("until", Moment, nullable=False),
    Column("session", Id, nullable=False),
)

# Who has a desk open, on whichever process; a row that is not renewed is of a process that died.
desk_seat = Table(
    "desk_seat",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person", Id, nullable=False),
    Column("role", String(20), nullable=False),
    Column("place", Id, nullable=False, index=True),
    Column("seen_at", Moment, nullable=False),
)
