"""Visits, the pages that are open for them, the relay's nodes, and what each principal has approved."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meet_process",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meet_process")),
    )
    op.create_table(
        "meet_seat",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meet_seat")),
    )
    with op.batch_alter_table("meet_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meet_seat_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_meet_seat_process"), ["process"], unique=False)

    op.create_table(
        "relay_node",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("load", sa.Float(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_node")),
    )
    op.create_table(
        "visit_command",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("visit", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_command")),
    )
    op.create_table(
        "publication",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("approved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_publication_principal")),
        sa.PrimaryKeyConstraint("principal", "product", name=op.f("pk_publication")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("live_key", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("home", sa.String(length=80), nullable=False),
        sa.Column("caller", sa.String(length=80), nullable=False),
        sa.Column("caller_place", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.String(length=10), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=True),
        sa.Column("node", sa.String(length=80), nullable=True),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("rang_at", Moment(), nullable=True),
        sa.Column("seen_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("connected_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.String(length=40), nullable=True),
        sa.Column("next_step_at", Moment(), nullable=True),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["caller"], ["person.id"], name=op.f("fk_visit_caller")),
        sa.ForeignKeyConstraint(["resident"], ["resident.id"], name=op.f("fk_visit_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("live_key", name=op.f("uq_visit_live_key")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_caller_planned_at", ["caller", "planned_at"], unique=False)
        batch_op.create_index("ix_visit_changed_at", ["changed_at"], unique=False)
        batch_op.create_index("ix_visit_next_step_at", ["next_step_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_resident"), ["resident"], unique=False)
        batch_op.create_index("ix_visit_unit_planned_at", ["unit", "planned_at"], unique=False)

    op.create_table(
        "visit_entry",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("visit", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_visit_entry_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_entry")),
    )
    with op.batch_alter_table("visit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_entry_visit"), ["visit"], unique=False)

    op.create_table(
        "visit_leg",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("visit", sa.String(length=80), nullable=False),
        sa.Column("participant", sa.String(length=80), nullable=False),
        sa.Column("direction", sa.String(length=20), nullable=False),
        sa.Column("of", sa.String(length=80), nullable=False),
        sa.Column("node", sa.String(length=80), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_visit_leg_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_leg")),
    )
    with op.batch_alter_table("visit_leg", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_leg_visit"), ["visit"], unique=False)

    op.create_table(
        "visit_participant",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("visit", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("joined_at", Moment(), nullable=True),
        sa.Column("publishes", sa.Integer(), nullable=False),
        sa.Column("away", sa.String(length=20), nullable=True),
        sa.Column("away_since", Moment(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["visit"], ["visit.id"], name=op.f("fk_visit_participant_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_participant")),
    )
    with op.batch_alter_table("visit_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_participant_visit"), ["visit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("visit_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_participant_visit"))
    op.drop_table("visit_participant")
    with op.batch_alter_table("visit_leg", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_leg_visit"))
    op.drop_table("visit_leg")
    with op.batch_alter_table("visit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_entry_visit"))
    op.drop_table("visit_entry")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_unit_planned_at")
        batch_op.drop_index(batch_op.f("ix_visit_resident"))
        batch_op.drop_index("ix_visit_next_step_at")
        batch_op.drop_index("ix_visit_changed_at")
        batch_op.drop_index("ix_visit_caller_planned_at")
    op.drop_table("visit")
    op.drop_table("publication")
    op.drop_table("visit_command")
    op.drop_table("relay_node")
    with op.batch_alter_table("meet_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meet_seat_process"))
        batch_op.drop_index(batch_op.f("ix_meet_seat_holder"))
    op.drop_table("meet_seat")
    op.drop_table("meet_process")
