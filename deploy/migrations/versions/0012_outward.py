"""What leaves the platform: events, subscriptions, what could not be sent yet; and the clients that fetch events."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITING = sa.text("dead_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_client_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
    )
    op.create_table(
        "outward_read",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outward_read")),
    )
    op.create_table(
        "outward_head",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_outward_head_principal")),
        sa.PrimaryKeyConstraint("principal", name=op.f("pk_outward_head")),
    )
    op.create_table(
        "outward_event",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=80), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("kept_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "position", name=op.f("pk_outward_event")),
        sa.UniqueConstraint("id", name=op.f("uq_outward_event_id")),
    )
    with op.batch_alter_table("outward_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outward_event_line"), ["line"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("resident", sa.Boolean(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("secret_before", sa.LargeBinary(), nullable=True),
        sa.Column("before_until", Moment(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("replay_until", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=True),
        sa.Column("held_until", Moment(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("pauses", sa.Integer(), nullable=False),
        sa.Column("down_since", Moment(), nullable=True),
        sa.Column("resume_at", Moment(), nullable=True),
        sa.Column("heard_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("notice_at", Moment(), nullable=True),
        sa.Column("missed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_subscription_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_principal"), ["principal"], unique=False)

    op.create_table(
        "outward_delivery",
        sa.Column("subscription", sa.String(length=80), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", Moment(), nullable=True),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("dead_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("replayed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["subscription"], ["subscription.id"], name=op.f("fk_outward_delivery_subscription")),
        sa.PrimaryKeyConstraint("subscription", "position", name=op.f("pk_outward_delivery")),
    )
    with op.batch_alter_table("outward_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outward_delivery_waiting",
            ["subscription", "case"],
            unique=False,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )


def downgrade() -> None:
    with op.batch_alter_table("outward_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_outward_delivery_waiting")

    op.drop_table("outward_delivery")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subscription_principal"))

    op.drop_table("subscription")
    with op.batch_alter_table("outward_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outward_event_line"))

    op.drop_table("outward_event")
    op.drop_table("outward_head")
    op.drop_table("outward_read")
    op.drop_table("client")
