"""What an operator does with a case: steps, calls, offers, merged cases; notes to a person and between shifts."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offered_to", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("offered_until", Moment(), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.String(length=80), nullable=True))
        batch_op.create_index(
            "ix_alarm_case_nobodys",
            ["open_key"],
            unique=False,
            sqlite_where=sa.text("principal = ''"),
            postgresql_where=sa.text("principal = ''"),
        )

    op.create_table(
        "action_step",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_action_step_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_step")),
    )
    with op.batch_alter_table("action_step", schema=None) as batch_op:
        batch_op.create_index("ix_action_step_principal_place", ["principal", "place"], unique=False)

    op.create_table(
        "resident_step",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["resident"], ["resident.id"], name=op.f("fk_resident_step_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_step")),
    )
    with op.batch_alter_table("resident_step", schema=None) as batch_op:
        batch_op.create_index("ix_resident_step_resident_place", ["resident", "place"], unique=False)

    op.create_table(
        "case_step",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("ticked_at", Moment(), nullable=True),
        sa.Column("ticked_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["alarm_case.id"], name=op.f("fk_case_step_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_step")),
    )
    with op.batch_alter_table("case_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_step_case"), ["case"], unique=False)

    op.create_table(
        "case_call",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("open_key", sa.String(length=200), nullable=True),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("operator", sa.String(length=80), nullable=False),
        sa.Column("to", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("connected_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["case"], ["alarm_case.id"], name=op.f("fk_case_call_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_call")),
        sa.UniqueConstraint("open_key", name=op.f("uq_case_call_open_key")),
    )
    with op.batch_alter_table("case_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_call_case"), ["case"], unique=False)

    op.create_table(
        "person_note",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("unpinned_at", Moment(), nullable=True),
        sa.Column("unpinned_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_note")),
    )
    with op.batch_alter_table("person_note", schema=None) as batch_op:
        batch_op.create_index(
            "ix_person_note_pinned",
            ["resident", "id"],
            unique=False,
            sqlite_where=sa.text("unpinned_at IS NULL"),
            postgresql_where=sa.text("unpinned_at IS NULL"),
        )

    op.create_table(
        "shift_note",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("open_key", sa.String(length=80), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_note")),
        sa.UniqueConstraint("open_key", name=op.f("uq_shift_note_open_key")),
    )
    with op.batch_alter_table("shift_note", schema=None) as batch_op:
        batch_op.create_index("ix_shift_note_place_id", ["place", "id"], unique=False)


def downgrade() -> None:
    for table in ("shift_note", "person_note", "case_call", "case_step", "resident_step", "action_step"):
        op.drop_table(table)
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.drop_index("ix_alarm_case_nobodys")
        batch_op.drop_column("merged_into")
        batch_op.drop_column("offered_until")
        batch_op.drop_column("offered_to")
