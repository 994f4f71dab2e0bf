"""SIP messages as a stranger reads and answers them (RFC 3261 §7, §8.2.6). Pure."""

import re
from dataclasses import dataclass

from clients.simulated.scaip import Address

_COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "c": "content-type",
            "l": "content-length", "k": "supported", "s": "subject", "e": "content-encoding"}  # fmt: skip
_FOLD = re.compile(r"\r?\n[ \t]+")
_LINE_END = re.compile(r"\r?\n")
_BLANK = re.compile(rb"\r?\n\r?\n")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^\s;,]+)", re.IGNORECASE)
_STATUS = re.compile(r"SIP/2\.0 ([1-6]\d\d)(?: |$)")
_REASONS = {200: "OK", 400: "Bad Request", 405: "Method Not Allowed", 415: "Unsupported Media Type"}


@dataclass(frozen=True, slots=True)
class Message:
    """Start line, headers with their long names in lower case, body; `data` is all of it as it came."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    data: bytes
    odd: tuple[str, ...] = ()
    """Lines of the head that are no header."""

    def all(self, name: str) -> list[str]:
        """Every value of a header; of Via every hop."""
        values = [value for key, value in self.headers if key == name]
        return [hop.strip() for value in values for hop in value.split(",")] if name == "via" else values

    def first(self, name: str) -> str:
        """The first value of a header, or ''."""
        return next(iter(self.all(name)), "")

    @property
    def status(self) -> int | None:
        """Of an answer; None of a request."""
        found = _STATUS.match(self.start)
        return int(found[1]) if found else None

    @property
    def method(self) -> str:
        """Of a request; '' of an answer."""
        return "" if self.start.startswith("SIP/") else self.start.partition(" ")[0]

    @property
    def branch(self) -> str:
        """The transaction's name, or ''."""
        found = _BRANCH.search(self.first("via"))
        return found[1] if found else ""


def read(data: bytes) -> Message:
    """One message. Reads whatever comes; what is odd about it is for the checks to say."""
    blank = _BLANK.search(data)
    head = data[: blank.start()] if blank else data
    text = _FOLD.sub(" ", head.decode("latin-1").lstrip("\r\n"))
    start, *lines = _LINE_END.split(text)
    headers, odd = [], []
    for line in lines:
        name, colon, value = line.partition(":")
        short = name.strip().lower()
        if colon and re.fullmatch(r"[a-z0-9\-]+", short):
            headers.append((_COMPACT.get(short, short), value.strip()))
        elif line.strip():
            odd.append(line[:40])
    return Message(start, tuple(headers), data[blank.end() :] if blank else b"", data, tuple(odd))


def answered(request: Message, status: int, source: Address, tag: str) -> bytes:
    """The answer to a request; the top Via says where it came from (RFC 3581 §4)."""
    vias = request.all("via") or [""]
    top = re.sub(r";\s*(?:received|rport)(?:\s*=[^;]*)?(?=;|$)", "", vias[0], flags=re.IGNORECASE)
    to = request.first("to")
    lines = [
        f"SIP/2.0 {status} {_REASONS[status]}",
        f"Via: {top};received={source[0]};rport={source[1]}",
        *(f"Via: {via}" for via in vias[1:]),
        f"From: {request.first('from')}",
        f"To: {to if ';tag=' in to else f'{to};tag={tag}'}",
        f"Call-ID: {request.first('call-id')}",
        f"CSeq: {request.first('cseq')}",
        "Content-Length: 0",
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
