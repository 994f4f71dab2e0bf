"""Locks, how they stand, the commands that open them, and which process hears the MQTT broker."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lock",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["device.id"], name=op.f("fk_lock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock")),
    )
    op.create_table(
        "lock_state",
        sa.Column("lock", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        sa.Column("battery_low", sa.Boolean(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("lock", name=op.f("pk_lock_state")),
    )
    op.create_table(
        "lock_command",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("waiting", sa.String(length=80), nullable=True),
        sa.Column("joins", sa.String(length=80), nullable=True),
        sa.Column("lock", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("noted_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_command")),
        sa.UniqueConstraint("key", name=op.f("uq_lock_command_key")),
        sa.UniqueConstraint("waiting", name=op.f("uq_lock_command_waiting")),
    )
    with op.batch_alter_table("lock_command", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lock_command_joins"), ["joins"], unique=False)
        batch_op.create_index(
            "ix_lock_command_unnoted",
            ["id"],
            unique=False,
            sqlite_where=sa.text("noted_at IS NULL"),
            postgresql_where=sa.text("noted_at IS NULL"),
        )

    op.create_table(
        "mqtt_turn",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("session", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mqtt_turn")),
    )


def downgrade() -> None:
    op.drop_table("mqtt_turn")
    with op.batch_alter_table("lock_command", schema=None) as batch_op:
        batch_op.drop_index("ix_lock_command_unnoted")
        batch_op.drop_index(batch_op.f("ix_lock_command_joins"))

    op.drop_table("lock_command")
    op.drop_table("lock_state")
    op.drop_table("lock")
