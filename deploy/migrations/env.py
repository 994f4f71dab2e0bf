"""Alembic's entry: the connection is handed in by deploy/schema.py."""

from alembic import context

import alarms.forwarding.tables
import alarms.handling.tables
import alarms.missions.tables
import alarms.outward.tables
import alarms.position.tables
import alarms.receivers.dc09.tables
import alarms.receivers.scaip.tables
import alarms.receivers.tables
import alarms.routing.tables
import alarms.supervision.tables
import alarms.tables
import alarms.watchdog.tables
import registry.consent
import registry.inventory.tables
import registry.steps
import registry.tables
import signaling.tables
from kit.store import metadata

assert alarms.handling.tables and registry.steps  # noqa: PT018 - each fills the one catalogue
assert alarms.tables and registry.tables and signaling.tables  # noqa: PT018 - each fills the one catalogue
assert alarms.watchdog.tables and alarms.supervision.tables and registry.inventory.tables  # noqa: PT018
assert alarms.missions.tables and alarms.routing.tables and alarms.receivers.tables  # noqa: PT018
assert alarms.receivers.scaip.tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
