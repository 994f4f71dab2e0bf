"""What is asked of a SCAIP device before it is heard."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_scaip",
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("asks", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_scaip_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_scaip")),
    )
    with op.batch_alter_table("device_scaip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_scaip_changed_at"), ["changed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("device_scaip", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_scaip_changed_at"))
    op.drop_table("device_scaip")
