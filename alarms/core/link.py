"""A device's connection to the broker, as its status topic tells it, with the number of the session it tells of. Pure.

A broker publishes a device's last will when it thinks the connection dead: late, twice, or after the device is back. So
a will bears the number of the session it was written in, and one of an older session says nothing. What it says is that
a link broke, which is technical; whether the device lives is for its heartbeats alone to say (`core.supervision`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kit.wire.words import SignalKind

MOST = 2**53 - 1  # what JSON numbers hold everywhere


class LinkState(StrEnum):
    """What a device's status topic says of its connection to the broker; `lost` is the broker's to say."""

    ONLINE = "online"
    OFFLINE = "offline"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Link:
    """A session's number, which grows with each, and how it stands."""

    session: int
    state: LinkState


# What the same session may still say. Who has said goodbye does not die of it, and nobody dies twice.
TABLE: Mapping[LinkState, frozenset[LinkState]] = {
    LinkState.ONLINE: frozenset(LinkState),
    LinkState.OFFLINE: frozenset({LinkState.ONLINE}),
    LinkState.LOST: frozenset({LinkState.ONLINE}),
}


def after(stands: Link | None, said: Link) -> Link | None:
    """How the link stands after that; none for what tells of an older session, or is not in the table.

    Only a living device says that it is online: with a smaller number it has begun to count anew.
    """
    if stands is None or said.session > stands.session:
        return said
    if said.session < stands.session:
        return said if said.state is LinkState.ONLINE else None
    return said if said.state in TABLE[stands.state] else None


def news(stands: Link | None, said: Link) -> SignalKind | None:
    """What a link that stands so now asks of us, none when nothing."""
    if said.state is LinkState.LOST:
        return SignalKind.TECHNICAL
    back = said.state is LinkState.ONLINE and stands is not None and stands.state is LinkState.LOST
    return SignalKind.RESTORE if back else None
