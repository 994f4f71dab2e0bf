"""The SIP form of a device's request, as a table of checks. Pure; each returns what is wrong, or None."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from clients.simulated.conformance.body import Body
from clients.simulated.conformance.message import Message

DATAGRAM = 1300  # bytes, RFC 3261 §18.1.1
_NEEDED = ("via", "from", "to", "call-id", "cseq")
_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*([A-Z]+)\s+\S+", re.IGNORECASE)
_FROM_USER = re.compile(r"<?\s*sips?:([^@;?<>\s]+)@", re.IGNORECASE)
_TYPE = "application/scaip+xml"


@dataclass(frozen=True, slots=True)
class Come:
    """One request as it came: the transport, the message, its body as read."""

    transport: str
    message: Message
    body: Body


@dataclass(frozen=True, slots=True)
class Rule:
    """A name that says what should be, the fact it rests on, and what is wrong with a request."""

    name: str
    fact: str
    fault: Callable[[Come], str | None]


def answerable(message: Message) -> bool:
    """Whether it has what an answer must echo (RFC 3261 §8.2.6.2)."""
    return all(message.first(name) for name in _NEEDED)


def is_scaip(message: Message) -> bool:
    """Whether its body is said to be SCAIP."""
    return message.first("content-type").partition(";")[0].strip().lower() == _TYPE


def _line(come: Come) -> str | None:
    if not re.fullmatch(r"MESSAGE sips?:\S+ SIP/2\.0", come.message.start):
        return f"the request line is “{come.message.start[:60]}”"
    return None


def _headers(come: Come) -> str | None:
    if come.message.odd:
        return f"a line that is no header: “{come.message.odd[0]}”"
    several = [name for name in _NEEDED[1:] if len(come.message.all(name)) > 1]
    missing = [name for name in _NEEDED if not come.message.first(name)]
    return f"{' and '.join(missing)} missing" if missing else f"{several[0]} several times" if several else None


def _via(come: Come) -> str | None:
    found = _VIA.match(come.message.first("via"))
    if found is None:
        return f"Via is “{come.message.first('via')[:60]}”"
    hops = len(come.message.all("via"))
    if hops == 1 and found[1].upper() != come.transport:
        return f"Via says {found[1]} on {come.transport}"
    return None if come.message.branch.startswith("z9hG4bK") else f"the branch is “{come.message.branch[:40]}”"


def _sequence(come: Come) -> str | None:
    said = come.message.first("cseq")
    found = re.fullmatch(r"(\d{1,10})\s+MESSAGE", said)
    return None if found and int(found[1]) < 2**31 else f"CSeq is “{said[:40]}”"


def _forwards(come: Come) -> str | None:
    said = come.message.first("max-forwards")
    return None if re.fullmatch("[0-9]{1,3}", said) and int(said) < 256 else f"Max-Forwards is “{said[:40]}”"


def _tags(come: Come) -> str | None:
    if not re.search(r";\s*tag\s*=\s*[^\s;]+", come.message.first("from")):
        return "From has no tag"
    return "To has a tag outside a dialog" if re.search(r";\s*tag\s*=", come.message.first("to")) else None


def _sender(come: Come) -> str | None:
    found = _FROM_USER.search(come.message.first("from"))
    user, cid = found[1] if found else "", come.body.first("cid")
    return None if user == cid or not cid else f"From is {user[:20] or 'without a user'}, cid {cid[:20]}"


def _type(come: Come) -> str | None:
    return None if is_scaip(come.message) else f"Content-Type is “{come.message.first('content-type')[:40]}”"


def _length(come: Come) -> str | None:
    said, real = come.message.all("content-length"), len(come.message.body)
    if not said and come.transport == "UDP":
        return None
    return None if said == [str(real)] else f"Content-Length is {', '.join(said) or 'missing'}, the body {real} bytes"


def _size(come: Come) -> str | None:
    size = len(come.message.data)
    return f"{size} bytes over UDP" if come.transport == "UDP" and size > DATAGRAM else None


def _readable(come: Come) -> str | None:
    return come.body.unreadable or None


def _mandatory(come: Come) -> str | None:
    if come.body.unreadable:
        return None
    return f"{' and '.join(come.body.missing)} missing" if come.body.missing else None


RULES = (
    Rule("It is a MESSAGE", "RFC 3428 §4; RFC 3261 §7.1", _line),
    Rule("It has From, To, Call-ID and CSeq once, and Via", "RFC 3261 §8.1.1, §20", _headers),
    Rule("Via names the transport and a branch z9hG4bK…", "RFC 3261 §8.1.1.7, §18.1.1", _via),
    Rule("CSeq is a number and MESSAGE", "RFC 3261 §8.1.1.5", _sequence),
    Rule("Max-Forwards is a number", "RFC 3261 §8.1.1.6", _forwards),
    Rule("From has a tag, To has none", "RFC 3261 §8.1.1.2, §8.1.1.3", _tags),
    Rule("The From user is cid", "SCAIP Transport: the From user is the account, normally equal to cid", _sender),
    Rule(f"Content-Type is {_TYPE}", "SCAIP Transport", _type),
    Rule("Content-Length is the body's", "RFC 3261 §18.3, §20.14", _length),
    Rule(f"It is at most {DATAGRAM} bytes on UDP", "SCAIP Transport; RFC 3261 §18.1.1", _size),
    Rule("The body is XML with root mrq, without DTD, at most 8 KiB", "SCAIP Request mrq", _readable),
    Rule("ref, cid and dty are there", "SCAIP Request: required", _mandatory),
)
