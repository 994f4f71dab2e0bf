"""What principals have decided: where alarms go, what then happens, who is on. Each a document with a version."""

from sqlalchemy import JSON, Column, Integer, Table

from kit.store import Id, Moment, metadata


def _written() -> tuple[Column[object], ...]:
    return (
        Column("version", Integer, nullable=False),
        Column("body", JSON, nullable=False),
        Column("changed_at", Moment, nullable=False),
        Column("changed_by", Id, nullable=False),
    )


routing = Table("routing", metadata, Column("principal", Id, primary_key=True), *_written())

escalation_plan = Table(
    "escalation_plan",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, nullable=False, index=True),
    *_written(),
)

rota = Table(
    "rota",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, nullable=False, index=True),
    *_written(),
)

# One row whose version grows with every change of the three above, so that who reads them for alarms asks one number.
routing_head = Table(
    "routing_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
)
