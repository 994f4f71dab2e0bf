"""SIP messages as this receiver needs them (RFC 3261 §7, RFC 3581): read what real devices send, write what we answer.

Header values are kept as Latin-1 text, so what is echoed goes back byte for byte as it came, whatever its encoding.
Rule: bad input raises `SipError`, a `PeerError` that carries the status to answer and never a value from the message.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from kit.errors import PeerError

Headers = tuple[tuple[str, str], ...]

_COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "c": "content-type", "l": "content-length",
    "e": "content-encoding", "k": "supported", "s": "subject",
}  # fmt: skip
_WRITTEN = {"call-id": "Call-ID", "cseq": "CSeq", "www-authenticate": "WWW-Authenticate"}
_HEADERS_LIMIT = 200  # entries; a message takes at most 70 hops, and each leaves one or two
_LISTS = {"via", "record-route", "route", "contact"}  # headers whose commas separate entries

_FOLD = re.compile(r"\r?\n[ \t]+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FORBIDDEN_AMONG_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
_REQUEST_LINE = re.compile(r"([A-Za-z0-9\-.!%*_+`'~]+) +(\S+) +(SIP/\S+)")
_STATUS_LINE = re.compile(r"SIP/2\.0 +([1-6]\d\d)(?: (.*))?")
_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9\-]+)\s+(\[[0-9A-Fa-f:.]+\]|[^\s;:,]+)(?:\s*:\s*(\d{1,5}))?\s*(;.*)?"
)
_PARAMETER = re.compile(r";\s*([^\s;=]+)\s*(?:=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*))?")
_NAME_ADDRESS = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"\s*|[^\"<]*)<([^<>]*)>(.*)")
_USUAL_ADDRESS = re.compile(r"<([A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"]+)>(?:;tag=([^\s;=\"]+))?")
_TAG = re.compile(r";\s*tag\s*=", re.IGNORECASE)
_STAMPS = re.compile(r";\s*(?:received|rport)\s*(?:=[^;]*)?(?=;|$)", re.IGNORECASE)
_RPORT = re.compile(r";\s*rport\s*(?:=|;|$)", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,9}")
_SEQUENCE = re.compile(r"(\d{1,10})\s+(\S+)")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"]+")
_USER = re.compile(r"sips?:([^@;?<>\s]+)@", re.IGNORECASE)


class SipError(PeerError):
    """A message that cannot be taken. `status` is what to answer, `message` what could be read of it, if anything."""

    def __init__(self, status: int, code: str, message: "Head | None" = None) -> None:
        super().__init__(code, f"SIP {status}: {code}")
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Head:
    """Start line and headers, names in lower case and written out, list headers one entry each."""

    start: str
    headers: Headers
    _values: dict[str, list[str]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.headers:
            self._values.setdefault(name, []).append(value)

    def all(self, name: str) -> Sequence[str]:
        """Every value of a header, in order."""
        return self._values.get(name, ())

    def first(self, name: str) -> str | None:
        """The first value of a header, or None."""
        values = self._values.get(name)
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Via:
    """One hop. `port` is None where the hop named none; a parameter without a value is ''."""

    transport: str
    host: str
    port: int | None
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def branch(self) -> str:
        """The transaction's name, or ''."""
        return self.parameters.get("branch", "")


@dataclass(frozen=True, slots=True)
class Address:
    """A From, To, Contact or Record-Route value."""

    uri: str
    tag: str

    @property
    def user(self) -> str:
        """The user part of a SIP URI, or ''."""
        found = _USER.match(self.uri)
        return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request that has everything an answer needs."""

    method: str
    uri: str
    head: Head
    body: bytes
    via: Via
    sender: Address
    to: Address
    call_id: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to a request of ours."""

    status: int
    branch: str
    method: str
    head: Head


def parse(data: bytes, *, stream: bool = False) -> Request | Response:
    """Read one message. In a datagram the body may also end with the datagram (RFC 3261 §18.3). Raises `SipError`."""
    ends, begins = _blank_line(data)
    head = read_head(data[:ends])
    if head.start.upper().startswith("SIP/"):
        return _response(head)
    body = data[begins:]
    stated = head.first("content-length")
    if stated is None and not stream:
        return _request(head, body)
    if stated is None or not _LENGTH.fullmatch(stated) or int(stated) > len(body):
        raise SipError(400, "content_length", head)
    return _request(head, body[: int(stated)])


def _blank_line(data: bytes) -> tuple[int, int]:
    """Where the head ends, and where the body begins: at the first line that is empty but for a carriage return."""
    bare, usual = data.find(b"\n\n"), data.find(b"\n\r\n")
    if usual >= 0 and not 0 <= bare < usual:
        return usual, usual + 3
    return (bare, bare + 2) if bare >= 0 else (len(data), len(data))


def read_head(data: bytes) -> Head:
    """Start line and headers: folded lines, compact names, spaces before the colon, bare line feeds."""
    text = data.decode("latin-1").strip("\r\n")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    start, *lines = written_lines = text.replace("\r\n", "\n").split("\n")
    headers: list[tuple[str, str]] = []
    # What can all be printed has nothing in it that is forbidden, and is what devices send.
    forbidden = not "".join(written_lines).isprintable() and _FORBIDDEN_AMONG_LINES.search(text) is not None
    broken = forbidden
    for line in lines:
        written, colon, value = line.partition(":")
        name = _name(written)
        if not colon or name is None:
            broken = True
            continue
        value = (_FORBIDDEN.sub("", value) if forbidden else value).strip(" \t")
        if name in _LISTS and "," in value:
            headers += [(name, entry) for entry in _split(value)]
        else:
            headers.append((name, value))
    head = Head(_FORBIDDEN.sub("", start).strip(" \t"), tuple(headers[:_HEADERS_LIMIT]))
    if broken or len(headers) > _HEADERS_LIMIT:
        raise SipError(400, "header", head)
    return head


@lru_cache(maxsize=512)
def _name(written: str) -> str | None:
    """A header's name in lower case and written out, or None for what is no name."""
    name = written.strip(" \t").lower()
    return _COMPACT.get(name, name) if _TOKEN.fullmatch(name) else None


def _request(head: Head, body: bytes) -> Request:
    line = _REQUEST_LINE.fullmatch(head.start)
    if line is None:
        raise SipError(400, "request_line", head)
    method, uri, version = line.groups()
    if version.upper() != "SIP/2.0":
        raise SipError(505, "version", head)
    sequence = _SEQUENCE.fullmatch(_one(head, "cseq"))
    if sequence is None or sequence[2] != method:
        raise SipError(400, "cseq", head)
    return Request(
        method=method,
        uri=uri,
        head=head,
        body=body,
        via=parse_via(head),
        sender=parse_address(_one(head, "from"), head),
        to=parse_address(_one(head, "to"), head),
        call_id=_one(head, "call-id"),
        sequence=int(sequence[1]),
    )


def _response(head: Head) -> Response:
    line = _STATUS_LINE.fullmatch(head.start)
    if line is None:
        raise SipError(400, "status_line")
    sequence = _SEQUENCE.fullmatch(head.first("cseq") or "")
    if sequence is None:
        raise SipError(400, "cseq")
    return Response(int(line[1]), parse_via(head).branch, sequence[2], head)


def parse_via(head: Head) -> Via:
    """The top Via. Raises `SipError`."""
    found = _VIA.fullmatch(head.first("via") or "")
    if found is None or int(found[3] or 0) > 65535:
        raise SipError(400, "via", head)
    parameters = {name.lower(): value for name, value in _PARAMETER.findall(found[4] or "")}
    return Via(found[1].upper(), found[2].strip("[]"), int(found[3]) if found[3] else None, parameters)


def parse_address(value: str, head: Head | None = None) -> Address:
    """`"Name" <uri>;tag=x` or `uri;tag=x`. Raises `SipError`."""
    if usual := _USUAL_ADDRESS.fullmatch(value):
        return Address(usual[1], usual[2] or "")
    return _read_address(value, head)


def _read_address(value: str, head: Head | None) -> Address:
    """An address in any of its forms."""
    found = _NAME_ADDRESS.fullmatch(value)
    plain, semicolon, parameters = value.partition(";")
    uri, rest = found.groups() if found else (plain, semicolon + parameters)
    if not _URI.fullmatch(uri.strip()):
        raise SipError(400, "address", head)
    tag = next((text for name, text in _PARAMETER.findall(rest) if name.lower() == "tag"), "")
    return Address(uri.strip(), tag)


def _one(head: Head, name: str) -> str:
    """The only value of a header that must be there once. Raises `SipError`."""
    values = head.all(name)
    if len(values) != 1 or not values[0]:
        raise SipError(400, name, head)
    return values[0]


def _split(value: str) -> list[str]:
    """Entries of a list header, at commas outside quotes and angle brackets."""
    entries, start, quoted, bracketed, escaped = [], 0, False, False, False
    for at, letter in enumerate(value):
        if escaped:
            escaped = False
        elif quoted:
            escaped = letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "<>":
            bracketed = letter == "<"
        elif letter == "," and not bracketed:
            entries.append(value[start:at].strip())
            start = at + 1
            if len(entries) > _HEADERS_LIMIT:
                break  # the message is refused
    return [*entries, value[start:].strip()]


def write(start: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    """Bytes of a message. Content-Length is added here."""
    lines = [start, *(f"{_written(name)}: {value}" for name, value in headers if name != "content-length")]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@lru_cache(maxsize=64)
def _written(name: str) -> str:
    return _WRITTEN.get(name) or "-".join(part.capitalize() for part in name.split("-"))


REASONS = {
    200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 405: "Method Not Allowed",
    413: "Request Entity Too Large", 415: "Unsupported Media Type", 481: "Transaction Does Not Exist",
    503: "Service Unavailable", 505: "Version Not Supported",
}  # fmt: skip


def respond(
    head: Head, status: int, source: tuple[str, int], tag: str, more: Sequence[tuple[str, str]] = ()
) -> bytes | None:
    """The answer to a request (RFC 3261 §8.2.6), or None where it lacks what an answer must echo.

    `source` is where the request came from: it fills `received` and `rport` (RFC 3581 §4). `tag` is ours.
    """
    vias = head.all("via")
    echoed = {name: head.first(name) for name in ("from", "to", "call-id", "cseq")}
    if not vias or not all(echoed.values()):
        return None
    headers = [("via", _stamp(vias[0], source)), *(("via", via) for via in vias[1:])]
    for name, value in echoed.items():
        tagged = name != "to" or _TAG.search(value or "")
        headers.append((name, (value or "") if tagged else f"{value};tag={tag}"))
    return write(f"SIP/2.0 {status} {REASONS[status]}", [*headers, *more])


def _stamp(via: str, source: tuple[str, int]) -> str:
    """The top Via with where the request really came from."""
    kept = _STAMPS.sub("", via)
    asked = _RPORT.search(via)
    return f"{kept.strip()};received={source[0]}" + (f";rport={source[1]}" if asked else "")
