"""What is known of devices besides whose they are: models, silence, faults, and the steps of each one's life."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from kit.store import Id, Moment, metadata

# What a make and model promises: seconds between its heartbeats (none: it sends none and is not watched), by which
# radio it reaches us, and from which day that radio is no more. `device.model` names it.
device_model = Table(
    "device_model",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("heartbeat_s", Integer),
    Column("radio", String(20), nullable=False),
    Column("radio_ends_on", Date),
)

# A device that is late or lost; no row is a device that is heard. `heard_at` is when it was last heard when noticed,
# `incident` the case of the incident it is part of.
device_silence = Table(
    "device_silence",
    metadata,
    Column("device", Id, ForeignKey("device.id"), primary_key=True),
    Column("level", String(20), nullable=False),
    Column("heard_at", Moment),
    Column("noticed_at", Moment, nullable=False),
    Column("lost_at", Moment),
    Column("incident", Id, index=True),
)

# What a device has said is wrong with it (battery, mains, link, jamming …), until it says that it is well again.
device_fault = Table(
    "device_fault",
    metadata,
    Column("device", Id, ForeignKey("device.id"), primary_key=True),
    Column("reason", String(40), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("signal", Id, nullable=False),
)

# Every step of a device's life: who did it (none where it was the device's own test), and for which home.
device_step = Table(
    "device_step",
    metadata,
    Column("id", Id, primary_key=True),
    Column("device", Id, ForeignKey("device.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("step", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("by", Id),
    Column("home", Id),
    Column("resident", Id),
    Column("signal", Id),
    Index("ix_device_step_device_id", "device", "id"),
)
