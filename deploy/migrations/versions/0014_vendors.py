"""Vendors' integrations."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0014"
down_revision = "0010"
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


def downgrade() -> None:
    with op.batch_alter_table("vendor_integration", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vendor_integration_principal"))
    op.drop_table("vendor_integration")
