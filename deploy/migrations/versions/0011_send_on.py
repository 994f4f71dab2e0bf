"""A case that is taken is offered to another desk."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered_desk", sa.String(length=80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.drop_column("offered_desk")
