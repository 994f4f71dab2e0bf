"""Who else takes a principal's alarms, and each signal on its way there."""

from sqlalchemy import (
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
    UniqueConstraint,
    text,
)

from kit.store import Id, Moment, metadata

_open = text("next_at IS NOT NULL")

# The switch of a principal, `by` whom and `since` when it stands so. `position` is how far its feed has been read;
# signals from before `since` stay inside.
reserve = Table(
    "reserve",
    metadata,
    Column("principal", Id, ForeignKey("principal.id"), primary_key=True),
    Column("on", Boolean, nullable=False),
    Column("since", Moment, nullable=False),
    Column("by", Id),
    Column("position", BigInteger, nullable=False),
)

# An external alarm centre. `account` is ours there; with `own_accounts` a SCAIP device goes by its own.
external_receiver = Table(
    "external_receiver",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False),
    Column("order", Integer, nullable=False),
    Column("name", String(80), nullable=False),
    Column("address", Text, nullable=False),
    Column("called", String(64), nullable=False),
    Column("user", String(80), nullable=False),
    Column("password", LargeBinary),
    Column("account", String(16), nullable=False),
    Column("own_accounts", Boolean, nullable=False),
    Column("on", Boolean, nullable=False),
    UniqueConstraint("principal", "order"),
)

# The last test of the way to a receiver; `failures` in a row, `round_trip_ms` none where it was not answered.
# A row may outlive its receiver for a minute.
receiver_test = Table(
    "receiver_test",
    metadata,
    Column("receiver", Id, primary_key=True),
    Column("principal", Id, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("outcome", String(20)),
    Column("tested_at", Moment),
    Column("answered_at", Moment),
    Column("round_trip_ms", Integer),
)

# One signal on its way out (`core.forwarding.Forwarding`). `ref` is the same however often and to whomever it is sent;
# `tries` tells one sending from the next, so that a late answer settles nothing.
forwarding = Table(
    "forwarding",
    metadata,
    Column("signal", Id, primary_key=True),
    Column("principal", Id, nullable=False),
    Column("case", Id, nullable=False, index=True),
    Column("ref", String(16), nullable=False),
    Column("reset", Boolean, nullable=False),
    Column("state", String(20), nullable=False),
    Column("receiver", Id),
    Column("tries", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("held_since", Moment),
    Column("next_at", Moment),
    Column("snu", Integer),
    Index("ix_forwarding_next_at", "next_at", sqlite_where=_open, postgresql_where=_open),
)
