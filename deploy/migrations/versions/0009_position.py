"""Where persons were last said to be, consent to that, questions to devices, and safe zones."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0009"
down_revision = "0011"
branch_labels = None
depends_on = None

STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "positioning_consent",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("open_key", sa.String(length=80), nullable=True),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("given_by", sa.String(length=20), nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("written_by", sa.String(length=80), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_positioning_consent_principal")),
        sa.ForeignKeyConstraint(["resident"], ["resident.id"], name=op.f("fk_positioning_consent_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positioning_consent")),
        sa.UniqueConstraint("open_key", name=op.f("uq_positioning_consent_open_key")),
    )
    with op.batch_alter_table("positioning_consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_positioning_consent_resident"), ["resident"], unique=False)

    op.create_table(
        "resident_position",
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("signal", sa.String(length=80), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("resident", name=op.f("pk_resident_position")),
    )

    op.create_table(
        "locate",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("waiting", sa.String(length=80), nullable=True),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("protocol", sa.String(length=20), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("consent", sa.String(length=80), nullable=True),
        sa.Column("urgent", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.String(length=20), nullable=True),
        sa.Column("next_step_at", Moment(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["alarm_case.id"], name=op.f("fk_locate_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locate")),
        sa.UniqueConstraint("key", name=op.f("uq_locate_key")),
        sa.UniqueConstraint("waiting", name=op.f("uq_locate_waiting")),
    )
    with op.batch_alter_table("locate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_locate_case"), ["case"], unique=False)
        batch_op.create_index("ix_locate_next_step_at", ["next_step_at"], unique=False)

    op.create_table(
        "safe_zone",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("watch", sa.String(length=20), nullable=False),
        sa.Column("makes", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("standing_at", Moment(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safe_zone")),
    )
    with op.batch_alter_table("safe_zone", schema=None) as batch_op:
        batch_op.create_index(
            "ix_safe_zone_standing",
            ["resident", "id"],
            unique=False,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )


def downgrade() -> None:
    for table in ("safe_zone", "locate", "resident_position", "positioning_consent"):
        op.drop_table(table)
