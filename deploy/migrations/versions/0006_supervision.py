"""Devices watched for silence, incidents, and devices from the shelf to a home and back."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.alter_column("home", existing_type=sa.String(length=80), nullable=True)
        batch_op.add_column(sa.Column("network", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("paired_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("tested_at", Moment(), nullable=True))
        batch_op.add_column(sa.Column("live_at", Moment(), nullable=True))
    op.execute("UPDATE device SET state = 'paired' WHERE state = 'installing'")
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("occurred_at", Moment(), nullable=True))

    op.create_table(
        "device_model",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("heartbeat_s", sa.Integer(), nullable=True),
        sa.Column("radio", sa.String(length=20), nullable=False),
        sa.Column("radio_ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_device_model")),
    )
    op.create_table(
        "device_silence",
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("heard_at", Moment(), nullable=True),
        sa.Column("noticed_at", Moment(), nullable=False),
        sa.Column("lost_at", Moment(), nullable=True),
        sa.Column("incident", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_silence_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_silence")),
    )
    with op.batch_alter_table("device_silence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_silence_incident"), ["incident"], unique=False)
    op.create_table(
        "device_fault",
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("signal", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_fault_device")),
        sa.PrimaryKeyConstraint("device", "reason", name=op.f("pk_device_fault")),
    )
    op.create_table(
        "device_step",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("home", sa.String(length=80), nullable=True),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("signal", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_step_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_step")),
    )
    with op.batch_alter_table("device_step", schema=None) as batch_op:
        batch_op.create_index("ix_device_step_device_id", ["device", "id"], unique=False)
    op.create_table(
        "incident",
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("watched", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("case", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_closed_at", ["closed_at"], unique=False)
    op.create_table(
        "incident_device",
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("joined_at", Moment(), nullable=False),
        sa.Column("back_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["incident.case"], name=op.f("fk_incident_device_case")),
        sa.PrimaryKeyConstraint("case", "device", name=op.f("pk_incident_device")),
    )
    op.create_table(
        "supervision_turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("listening_since", Moment(), nullable=False),
        sa.Column("looked_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_turn")),
    )


def downgrade() -> None:
    for name in ("supervision_turn", "incident_device", "incident", "device_step", "device_fault", "device_silence"):
        op.drop_table(name)
    op.drop_table("device_model")
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.drop_column("occurred_at")
    # A device on a shelf has no home, and the older shape has no place for it.
    op.execute("DELETE FROM device_seen WHERE device IN (SELECT id FROM device WHERE home IS NULL)")
    op.execute("DELETE FROM device WHERE home IS NULL")
    op.execute("UPDATE device SET state = 'installing' WHERE state IN ('paired', 'tested')")
    with op.batch_alter_table("device", schema=None) as batch_op:
        for name in ("live_at", "tested_at", "paired_at", "network"):
            batch_op.drop_column(name)
        batch_op.alter_column("home", existing_type=sa.String(length=80), nullable=False)
