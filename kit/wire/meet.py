"""The visit's socket, `/api/v1/meet`: one for each staff page and each resident's page, in a visit or not.

Client: `hello` first; `here` as the answer to each `beat`; `seen` when a ring is on the screen, `trouble` when camera
or microphone may not be used, `leave` to hang up. Server: one `meet_state`, then the whole visit, as this participant
may see it, at each change of it, and a `beat` each second while the database answers.

Three seconds without a word from the server mean that the line is cut: connect again and say `hello` with the visit on
the screen as `resume`. Six seconds without a word from the page mean the same to the server, which tells the others.
Whoever is away for 60 s (15 s when the page closed the socket itself, code 1000 or 1001) has left the visit. Answering,
declining, ending and legs go over HTTP (kit/wire/visit.py).
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from kit.wire.model import VERSION, At, Id, Wire
from kit.wire.visit import VisitView
from kit.wire.words import Trouble


class MeetHello(Wire):
    """First message. `resume` is the visit that was on the screen: the state then has it, even if it has ended."""

    type: Literal["hello"] = "hello"
    version: Literal[1] = VERSION
    resume: Id | None = None


class MeetHere(Wire):
    """The page lives: the answer to a `beat`."""

    type: Literal["here"] = "here"


class MeetSeen(Wire):
    """The ring is on this screen and can be heard."""

    type: Literal["seen"] = "seen"
    visit: Id


class MeetTrouble(Wire):
    """What is wrong on this page now, the whole list each time; empty when all is well again."""

    type: Literal["trouble"] = "trouble"
    visit: Id
    trouble: Annotated[list[Trouble], Field(max_length=5)]


class MeetLeave(Wire):
    """Hang up. The caller of a ringing visit takes it back; in a visit it ends."""

    type: Literal["leave"] = "leave"
    visit: Id


class MeetState(Wire):
    """Every visit of this participant that rings or runs, and the one resumed; what is not here is over.

    For a resident's device also what is planned for the next 24 hours, by time: who is to call, and when.
    """

    type: Literal["meet_state"] = "meet_state"
    version: Literal[1] = VERSION
    at: At
    visits: list[VisitView]


class MeetVisit(Wire):
    """A visit as it stands after a change: ringing, answered, in progress, somebody away or back, ended."""

    type: Literal["visit"] = "visit"
    at: At
    visit: VisitView


class MeetBeat(Wire):
    """The line lives; each second."""

    type: Literal["beat"] = "beat"
    at: At


MeetIn = Annotated[MeetHello | MeetHere | MeetSeen | MeetTrouble | MeetLeave, Field(discriminator="type")]
MeetOut = Annotated[MeetState | MeetVisit | MeetBeat, Field(discriminator="type")]

meet_in: TypeAdapter[MeetHello | MeetHere | MeetSeen | MeetTrouble | MeetLeave] = TypeAdapter(MeetIn)
meet_out: TypeAdapter[MeetState | MeetVisit | MeetBeat] = TypeAdapter(MeetOut)
