"""Vendors' integrations, the state of links to the broker, where locks' topics are."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "vendor_integration",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("vendor", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("scheme", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_vendor_integration_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vendor_integration")),
    )
    with op.batch_alter_table("vendor_integration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vendor_integration_principal"), ["principal"], unique=False)

    op.create_table(
        "device_link",
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("session", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_link_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_link")),
    )
    op.create_table(
        "lock_topics",
        sa.Column("lock", sa.String(length=80), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("state_topic", sa.String(length=200), nullable=False),
        sa.Column("command_topic", sa.String(length=200), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["lock"], ["device.id"], name=op.f("fk_lock_topics_lock")),
        sa.PrimaryKeyConstraint("lock", name=op.f("pk_lock_topics")),
        sa.UniqueConstraint("account", name=op.f("uq_lock_topics_account")),
        sa.UniqueConstraint("state_topic", name=op.f("uq_lock_topics_state_topic")),
        sa.UniqueConstraint("command_topic", name=op.f("uq_lock_topics_command_topic")),
    )


def downgrade() -> None:
    op.drop_table("lock_topics")
    op.drop_table("device_link")
    with op.batch_alter_table("vendor_integration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_integration_principal"))
    op.drop_table("vendor_integration")
