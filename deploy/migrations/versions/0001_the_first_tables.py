"""The first tables."""

import sqlalchemy as sa
from alembic import op

from kit.store import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_chain",
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("sealed_no", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("principal", name=op.f("pk_access_chain")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.String(length=80), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("sealed_no", sa.BigInteger(), nullable=True),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        sa.UniqueConstraint("principal", "sealed_no", name=op.f("uq_access_log_principal")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index("ix_access_log_principal_id", ["principal", "id"], unique=False)
        batch_op.create_index("ix_access_log_resident_id", ["resident", "id"], unique=False)
        batch_op.create_index(
            "ix_access_log_unsealed",
            ["principal", "id"],
            unique=False,
            sqlite_where=sa.text("sealed_no IS NULL"),
            postgresql_where=sa.text("sealed_no IS NULL"),
        )

    op.create_table(
        "alarm_case",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("open_key", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("home", sa.String(length=80), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("presses", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=True),
        sa.Column("escalation", sa.Integer(), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("next_step", sa.String(length=40), nullable=True),
        sa.Column("next_step_at", Moment(), nullable=True),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("answered_ms", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=True),
        sa.Column("measure", sa.String(length=40), nullable=True),
        sa.Column("nobody", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_case")),
        sa.UniqueConstraint("open_key", name=op.f("uq_alarm_case_open_key")),
    )
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.create_index("ix_alarm_case_next_step_at", ["next_step_at"], unique=False)
        batch_op.create_index("ix_alarm_case_principal_id", ["principal", "id"], unique=False)
        batch_op.create_index("ix_alarm_case_raised_at", ["raised_at"], unique=False)
        batch_op.create_index("ix_alarm_case_resident_id", ["resident", "id"], unique=False)

    op.create_table(
        "central",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_central")),
    )
    op.create_table(
        "command",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("handler", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
    )
    op.create_table(
        "desk_seat",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_seat")),
    )
    with op.batch_alter_table("desk_seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desk_seat_place"), ["place"], unique=False)

    op.create_table(
        "feed",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_feed")),
    )
    op.create_table(
        "feed_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_head")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "principal",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principal")),
    )
    op.create_table(
        "receipt",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("signal", sa.String(length=80), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipt")),
    )
    op.create_table(
        "signal",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=True),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("home", sa.String(length=80), nullable=True),
        sa.Column("case", sa.String(length=80), nullable=True),
        sa.Column("protocol", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("occurred_at", Moment(), nullable=True),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.create_index("ix_signal_case_id", ["case", "id"], unique=False)
        batch_op.create_index("ix_signal_resident_id", ["resident", "id"], unique=False)

    op.create_table(
        "agreement",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("central", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["central"], ["central.id"], name=op.f("fk_agreement_central")),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_agreement_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_central"), ["central"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_principal"), ["principal"], unique=False)

    op.create_table(
        "timeline",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["alarm_case.id"], name=op.f("fk_timeline_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
    )
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timeline_case"), ["case"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_unit_principal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_principal"), ["principal"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=True),
        sa.Column("principal", sa.String(length=80), nullable=True),
        sa.Column("central", sa.String(length=80), nullable=True),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["central"], ["central.id"], name=op.f("fk_assignment_central")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_assignment_person")),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_assignment_principal")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_assignment_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_person"), ["person"], unique=False)

    op.create_table(
        "home",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("door_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_home_principal")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_home_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home")),
    )
    with op.batch_alter_table("home", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_principal"), ["principal"], unique=False)

    op.create_table(
        "resident",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column("home", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pronounced", sa.Text(), nullable=False),
        sa.Column("born", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("hearing", sa.Text(), nullable=False),
        sa.Column("sight", sa.Text(), nullable=False),
        sa.Column("speech", sa.Text(), nullable=False),
        sa.Column("pets", sa.Text(), nullable=False),
        sa.Column("do_not_enter_alone", sa.Boolean(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_resident_home")),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_resident_principal")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_resident_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
    )
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resident_home"), ["home"], unique=False)
        batch_op.create_index(batch_op.f("ix_resident_principal"), ["principal"], unique=False)

    op.create_table(
        "access_grant",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("home", sa.String(length=80), nullable=True),
        sa.Column("purpose_kind", sa.String(length=20), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["holder"], ["person.id"], name=op.f("fk_access_grant_holder")),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_access_grant_home")),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_access_grant_principal")),
        sa.ForeignKeyConstraint(["resident"], ["resident.id"], name=op.f("fk_access_grant_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_grant_holder"), ["holder"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_grant_purpose"), ["purpose"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("has_key", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["resident"], ["resident.id"], name=op.f("fk_contact_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_resident"), ["resident"], unique=False)

    op.create_table(
        "device",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("principal", sa.String(length=80), nullable=False),
        sa.Column("home", sa.String(length=80), nullable=False),
        sa.Column("resident", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("protocol", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("token_serial", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["home"], ["home.id"], name=op.f("fk_device_home")),
        sa.ForeignKeyConstraint(["principal"], ["principal.id"], name=op.f("fk_device_principal")),
        sa.ForeignKeyConstraint(["resident"], ["resident.id"], name=op.f("fk_device_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("protocol", "account", name=op.f("uq_device_protocol")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_home"), ["home"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_principal"), ["principal"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_resident"), ["resident"], unique=False)

    op.create_table(
        "device_seen",
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("last_test_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["device"], ["device.id"], name=op.f("fk_device_seen_device")),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_device_seen")),
    )
    # The one head row: its lock makes the order of positions the order of commits.
    op.execute("INSERT INTO feed_head (id, position) VALUES (1, 0)")


def downgrade() -> None:
    op.drop_table("device_seen")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_device_resident"))
        batch_op.drop_index(batch_op.f("ix_device_principal"))
        batch_op.drop_index(batch_op.f("ix_device_home"))

    op.drop_table("device")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_resident"))

    op.drop_table("contact")
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_grant_purpose"))
        batch_op.drop_index(batch_op.f("ix_access_grant_holder"))

    op.drop_table("access_grant")
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_resident_principal"))
        batch_op.drop_index(batch_op.f("ix_resident_home"))

    op.drop_table("resident")
    with op.batch_alter_table("home", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_principal"))

    op.drop_table("home")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_person"))

    op.drop_table("assignment")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_principal"))

    op.drop_table("unit")
    with op.batch_alter_table("timeline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timeline_case"))

    op.drop_table("timeline")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_principal"))
        batch_op.drop_index(batch_op.f("ix_agreement_central"))

    op.drop_table("agreement")
    with op.batch_alter_table("signal", schema=None) as batch_op:
        batch_op.drop_index("ix_signal_resident_id")
        batch_op.drop_index("ix_signal_case_id")

    op.drop_table("signal")
    op.drop_table("receipt")
    op.drop_table("principal")
    op.drop_table("person")
    op.drop_table("feed_head")
    op.drop_table("feed")
    with op.batch_alter_table("desk_seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_desk_seat_place"))

    op.drop_table("desk_seat")
    op.drop_table("command")
    op.drop_table("central")
    with op.batch_alter_table("alarm_case", schema=None) as batch_op:
        batch_op.drop_index("ix_alarm_case_resident_id")
        batch_op.drop_index("ix_alarm_case_raised_at")
        batch_op.drop_index("ix_alarm_case_principal_id")
        batch_op.drop_index("ix_alarm_case_next_step_at")

    op.drop_table("alarm_case")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_access_log_unsealed",
            sqlite_where=sa.text("sealed_no IS NULL"),
            postgresql_where=sa.text("sealed_no IS NULL"),
        )
        batch_op.drop_index("ix_access_log_resident_id")
        batch_op.drop_index("ix_access_log_principal_id")

    op.drop_table("access_log")
    op.drop_table("access_chain")
