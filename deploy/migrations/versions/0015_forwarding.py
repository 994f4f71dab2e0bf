"""Alarms sent on to external alarm centres."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPEN = sa.text("next_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "reserve",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_reserve_principal")),
        sa.PrimaryKeyConstraint("principal", name=op.f("pk_reserve")),
    )
    op.create_table(
        "external_receiver",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("called", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=80), nullable=False),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("account", sa.String(length=16), nullable=False),
        sa.Column("own_accounts", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_external_receiver_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_receiver")),
        sa.UniqueConstraint("principal", "order", name=op.f("uq_external_receiver_principal")),
    )
    op.create_table(
        "receiver_test",
        sa.Column("receiver", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("tested_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("receiver", name=op.f("pk_receiver_test")),
    )
    op.create_table(
        "forwarding",
        sa.Column("signal", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("reset", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=80), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("held_since", Moment(), nullable=True),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("snu", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("signal", name=op.f("pk_forwarding")),
    )
    with op.batch_alter_table("forwarding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_forwarding_case"), ["case"], unique=False)
        batch_op.create_index(
            "ix_forwarding_next_at", ["next_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
        )


def downgrade() -> None:
    with op.batch_alter_table("forwarding", schema=None) as batch_op:
        batch_op.drop_index("ix_forwarding_next_at")
        batch_op.drop_index(batch_op.f("ix_forwarding_case"))

    op.drop_table("forwarding")
    op.drop_table("receiver_test")
    op.drop_table("external_receiver")
    op.drop_table("reserve")
