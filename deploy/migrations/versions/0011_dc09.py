"""The keys that DC-09 devices encrypt with, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device_dc09",
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_dc09_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_dc09")),
    )


def downgrade() -> None:
    op.drop_table("device_dc09")
