"""The watchdog: its last round, whom it tells of an outage, what became of that, and an index on its own signals."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SYNTHETIC = sa.text("principal = 'nattljus-watchdog'")


def upgrade() -> None:
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_signal_synthetic", ["id"], unique=False, sqlite_where=SYNTHETIC, postgresql_where=SYNTHETIC
        )

    op.create_table(
        "watchdog",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("round_at", Moment(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchdog")),
    )
    op.create_table(
        "outage_contact",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_outage_contact_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_contact")),
    )
    with op.batch_alter_table("outage_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outage_contact_principal"), ["principal"], unique=False)

    op.create_table(
        "outage",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("watchdog", sa.String(length=80), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_table(
        "outage_told",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("outage", sa.String(length=80), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("means", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage_told")),
    )
    with op.batch_alter_table("outage_told", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outage_told_outage"), ["outage"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outage_told", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outage_told_outage"))

    op.drop_table("outage_told")
    op.drop_table("outage")
    with op.batch_alter_table("outage_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outage_contact_principal"))

    op.drop_table("outage_contact")
    op.drop_table("watchdog")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_synthetic")
