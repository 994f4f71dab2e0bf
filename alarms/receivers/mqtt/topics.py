"""Topics: which there are, what stands in them, and where a command goes. Pure."""

import re
from dataclasses import dataclass

ROOT = "nattljus/v1"
LEAVES = ("event", "heartbeat", "status", "ack")
NUKI_LEAVES = ("state", "lockActionEvent", "doorsensorState", "batteryCritical", "connected", "commandResponse")
HEARTBEAT = "heartbeat"
SUBSCRIPTIONS = {
    **{f"{ROOT}/+/+/{leaf}": 0 if leaf == HEARTBEAT else 1 for leaf in LEAVES},
    **{f"nuki/+/{leaf}": 1 for leaf in NUKI_LEAVES},
}
"""With the QoS of each, leaf by leaf: our own commands, published beside them, are not for us to hear.

Heartbeats at QoS 0, so that the broker keeps none while we are away. An old one says nothing, and in ten minutes a
county's would fill the queue in which alarms wait for us; what comes after that the broker drops.
"""

_OURS = re.compile(rf"{ROOT}/([A-Za-z0-9._:-]{{1,80}})/([A-Za-z0-9._:-]{{1,80}})/({'|'.join(LEAVES)})")
_NUKI = re.compile(rf"nuki/([A-Za-z0-9._:-]{{1,80}})/({'|'.join(NUKI_LEAVES)})")


@dataclass(frozen=True, slots=True)
class Ours:
    """One of our own topics: whose device (a registry id) says what. The broker's ACL proves who may write here."""

    principal: str
    device: str
    leaf: str


@dataclass(frozen=True, slots=True)
class Nuki:
    """A Nuki lock's topic; `lock` is its Nuki ID."""

    lock: str
    leaf: str


def read_topic(topic: str) -> Ours | Nuki | None:
    """What stands in a topic; none for one that is not ours to hear."""
    if found := _OURS.fullmatch(topic):
        return Ours(*found.groups())
    if found := _NUKI.fullmatch(topic):
        return Nuki(*found.groups())
    return None


def receipt_topic(packet_topic: str, wanted: str) -> str | None:
    """Where to tell a device that its event is stored; none where it does not ask for that, under its own name."""
    found = read_topic(packet_topic)
    if not isinstance(found, Ours) or found.leaf != "event":
        return None
    own = f"{ROOT}/{found.principal}/{found.device}/stored"
    return own if wanted == own else None


def command_topic(protocol: str, principal: str, device: str, account: str) -> str:
    """Where a lock that speaks this protocol (`nuki` or `mqtt`) listens for commands."""
    return f"nuki/{account}/lockAction" if protocol == "nuki" else f"{ROOT}/{principal}/{device}/command"
