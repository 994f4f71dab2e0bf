"""What the pages for integrations show: who set the reserve, how long an answer took, clients' names and tokens."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reserve", schema=None) as batch_op:
        batch_op.add_column(sa.Column("by", sa.String(length=80), nullable=True))
    with op.batch_alter_table("receiver_test", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round_trip_ms", sa.Integer(), nullable=True))
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("token_ends_at", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.drop_column("token_ends_at")
        batch_op.drop_column("name")
    with op.batch_alter_table("receiver_test", schema=None) as batch_op:
        batch_op.drop_column("round_trip_ms")
    with op.batch_alter_table("reserve", schema=None) as batch_op:
        batch_op.drop_column("by")
