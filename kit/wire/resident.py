"""The resident's card."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kit.wire.model import At, Id, Wire
from kit.wire.words import DeviceHealth, DeviceState, Radio, Reason


class ContactView(Wire):
    """Somebody to call, in order. Only contacts with consent are shown."""

    id: str
    order: int
    name: str
    relation: str
    phone: str
    has_key: bool


class DeviceFault(Wire):
    """What a device has said is wrong with it (battery, mains, link, jamming …), and since when."""

    reason: Reason
    since: At


class DeviceView(Wire):
    """A device. `last_seen_at` is the last valid message of any kind; `home` is none on a shelf.

    `health` is how it is heard, against the `heartbeat_s` of its model; the radio ends on `radio_ends_on`, if ever.
    """

    id: str
    kind: str
    model: str
    protocol: str
    account: str
    state: DeviceState
    principal: str
    unit: str | None
    home: str | None
    resident: str | None
    last_seen_at: At | None
    last_test_at: At | None
    health: DeviceHealth
    silent_since: At | None
    faults: list[DeviceFault]
    heartbeat_s: int | None
    radio: Radio
    radio_ends_on: date | None
    network: str
    paired_at: At | None
    tested_at: At | None
    live_at: At | None


class HouseholdMember(Wire):
    """Another resident of the same home."""

    id: str
    name: str
    age: int | None


class ResidentCard(Wire):
    """Everything the person in front of the alarm needs. `address` is none when the identity is protected.

    `door_code` is not here: it has a call of its own, logged as a look of its own.
    """

    id: str
    name: str
    pronounced: str
    born: date | None
    age: int | None
    principal: str
    principal_name: str
    unit: str
    unit_name: str
    protected: bool
    address: str | None
    town: str | None
    floor: str
    door: str
    has_door_code: bool
    phone: str
    language: str
    hearing: str
    sight: str
    speech: str
    pets: str
    do_not_enter_alone: bool
    instructions: str
    household: list[HouseholdMember]
    contacts: list[ContactView]
    devices: list[DeviceView]


class ResidentListed(Wire):
    """A resident in a list to choose from. `town` is none when the identity is protected."""

    id: str
    name: str
    town: str | None
    unit: str
    unit_name: str


class ResidentList(Wire):
    """One page of residents by id; `next` goes into `cursor` for the following page."""

    items: list[ResidentListed]
    next: str | None


class DoorCode(Wire):
    """The code at the door, shown while a key is held."""

    resident: str
    door_code: str


class NewDevice(Wire):
    """A device to put on the shelf. An HTTP device's account is its id."""

    protocol: Literal["scaip", "http", "dc09"]
    id: Id | None = None
    account: Annotated[str, Field(max_length=80)] | None = None
    model: Annotated[str, Field(max_length=120)] = ""
    network: Annotated[str, Field(max_length=80)] = ""


class Pairing(Wire):
    """For whom: a resident, or a home that several share."""

    resident: Id | None = None
    home: Id | None = None


class DeviceStepView(Wire):
    """A step of a device's life. `by` is none where it was the device's own test, then `signal` is that."""

    at: At
    step: str
    state: DeviceState
    by: str | None
    by_name: str | None
    home: str | None
    resident: str | None
    signal: str | None


class DeviceDetail(DeviceView):
    """A device with every step of its life, oldest first."""

    steps: list[DeviceStepView]


class DeviceList(Wire):
    """One page of devices."""

    items: list[DeviceView]
    next: str | None


class AccessRow(Wire):
    """One row of the access log: who, in which role and unit, did what, for whom, why, when."""

    id: str
    at: At
    principal: str
    person: str
    role: str
    unit: str | None
    act: str
    resident: str | None
    subject: str | None
    purpose: str | None
    allowed: bool
    sealed: bool


class AccessLogPage(Wire):
    """One page of the access log, newest first."""

    items: list[AccessRow]
    next: str | None
