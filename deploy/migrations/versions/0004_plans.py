"""Escalation plans frozen into cases, and the desk a case is at; routes, plans and rotas as principals keep them."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alarm_case", sa.Column("plan", sa.Text(), nullable=True))
    op.add_column("alarm_case", sa.Column("plan_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alarm_case", sa.Column("desk", sa.String(length=80), nullable=True))
    # Cases that wait now go on in the default plans from where they were.
    op.execute("UPDATE alarm_case SET plan_step = escalation WHERE state = 'queued' AND kind = 'person'")
    op.execute("UPDATE alarm_case SET plan_step = 1 WHERE state = 'queued' AND kind = 'technical' AND escalation > 0")
    op.create_table(
        "routing",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("principal", name=op.f("pk_routing")),
    )
    for name in ("escalation_plan", "rota"):
        op.create_table(
            name,
            sa.Column("id", sa.String(length=80), nullable=False),
            sa.Column("principal", sa.String(length=80), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("body", sa.JSON(), nullable=False),
            sa.Column("changed_at", Moment(), nullable=False),
            sa.Column("changed_by", sa.String(length=80), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
        op.create_index(op.f(f"ix_{name}_principal"), name, ["principal"], unique=False)
    op.create_table(
        "routing_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_head")),
    )
    op.execute("INSERT INTO routing_head (id, version) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("routing_head")
    for name in ("rota", "escalation_plan"):
        op.drop_index(op.f(f"ix_{name}_principal"), table_name=name)
        op.drop_table(name)
    op.drop_table("routing")
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.drop_column("desk")
        batch_op.drop_column("plan_step")
        batch_op.drop_column("plan")
