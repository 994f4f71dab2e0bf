"""Missions, tags at doors, and what a case and a unit know of missions."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "mission",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("home", sa.String(length=80), nullable=True),
        sa.Column("unit", sa.String(length=80), nullable=True),
        sa.Column("person", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("responder", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("sent_by", sa.String(length=80), nullable=True),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("arrive_within", sa.Integer(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("set_off_at", Moment(), nullable=True),
        sa.Column("arrived_at", Moment(), nullable=True),
        sa.Column("arrived_how", sa.String(length=20), nullable=True),
        sa.Column("arrived_reason", sa.String(length=40), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("urgent", sa.Integer(), nullable=False),
        sa.Column("declined", sa.JSON(), nullable=False),
        sa.Column("door", sa.JSON(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.String(length=40), nullable=True),
        sa.Column("next_step_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mission")),
        sa.UniqueConstraint("key", name=op.f("uq_mission_key")),
    )
    op.create_index(op.f("ix_mission_case"), "mission", ["case"])
    op.create_index("ix_mission_next_step_at", "mission", ["next_step_at"])
    for name in ("unit", "person", "home"):
        op.create_index(f"ix_mission_open_{name}", "mission", [name], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_mission_responder_id", "mission", ["responder", "id"])
    op.create_table(
        "door_tag",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("home", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_door_tag")),
    )
    op.create_index(op.f("ix_door_tag_home"), "door_tag", ["home"])
    op.add_column("alarm_case", sa.Column("missions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alarm_case", sa.Column("watched_until", Moment(), nullable=True))
    op.add_column("lock_command", sa.Column("mission", sa.String(length=80), nullable=True))
    op.add_column("unit", sa.Column("arrive_within", sa.Integer(), nullable=False, server_default="30"))


def downgrade() -> None:
    op.drop_column("unit", "arrive_within")
    op.drop_column("lock_command", "mission")
    op.drop_column("alarm_case", "watched_until")
    op.drop_column("alarm_case", "missions")
    op.drop_table("door_tag")
    op.drop_table("mission")
