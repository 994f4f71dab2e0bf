"""The body of a SCAIP request, from bytes to `Request` (alarm-protocols.md §1, "Request `mrq`"). Pure.

Rule: a life outranks a syntax error. What is mandatory must be there; anything else that is wrong in an alarm is noted
in `defects` and the alarm stands. A heartbeat, reset or information with a wrong value is refused, so that whoever
installs the device gets to know. No control character, and nothing that is not text, leaves this module.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from alarms.receivers.scaip.place import Fix, read_geo, read_gga, read_time
from kit.errors import PeerError

SIZE_LIMIT = 8 * 1024  # bytes of body

TOO_LONG, INVALID_FORMAT, WRONG_CONTENT, MANDATORY_MISSING = 1, 2, 3, 7  # the `snu` of each refusal


class ParseError(PeerError):
    """The request cannot be used. `snu` says why; `ref` is its reference where one could be read, else None."""

    def __init__(self, snu: int, code: str, ref: str | None) -> None:
        super().__init__(code, f"SCAIP {snu}: {code}")
        self.snu = snu
        self.ref = ref


class MessageType(StrEnum):
    """`mty`."""

    MESSAGE = "ME"
    RESET = "RE"
    INFORMATION = "IN"
    HEARTBEAT = "PI"


@dataclass(frozen=True, slots=True)
class Request:
    """One `mrq`, by its elements' own names. Codes are numbers; an optional text that is absent is ''."""

    ref: str
    cid: str
    dty: int | None
    """None where the device named a type that is no number: then it is an alarm nobody can classify."""
    mty: MessageType = MessageType.MESSAGE
    stc: int = 10
    stt: str = ""
    ver: str = "01.00"
    sco: int = 0
    cha: int = 0
    hbo: int = 0
    did: str = ""
    dco: int | None = None
    dte: str = ""
    crd: tuple[str, ...] = ("sip:",)
    pri: int = 0
    lco: int = 0
    lva: str = ""
    lte: str = ""
    lge: Fix | None = None
    ico: int | None = None
    ite: str = ""
    ame: bool = False
    mreq: int = 0
    defects: tuple[str, ...] = ()


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE = re.compile("[!-~]*")  # nothing in it that would have to be trimmed or taken out
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._\-]{1,40})[\"']")
_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_PLAIN = re.compile(r"\s*<mrq>\s*((?:<[a-z]{3,4}>[^<>&]*</[a-z]{3,4}>\s*)*)</mrq>\s*")
_ELEMENT = re.compile(r"<([a-z]{3,4})>([^<>&]*)</([a-z]{3,4})>")
_IS_REF = re.compile(r"[0-9A-Za-z]{1,16}")
_IS_ACCOUNT = re.compile(r"[0-9]{1,16}")
_IS_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}")
_DIGITS = {digits: re.compile(rf"0*([0-9]{{1,{digits}}})") for digits in (1, 3, 4)}
_REF = re.compile(r"<ref>\s*([0-9A-Za-z]{1,16})\s*</ref>")
_SINGLE_BYTE = {"iso-8859-1": "latin-1", "latin1": "latin-1", "latin-1": "latin-1", "windows-1252": "cp1252",
                "cp1252": "cp1252", "iso-8859-15": "iso-8859-15"}  # fmt: skip

# The form of each optional code: how many digits, and the largest value that has a meaning.
_CODES = {
    "sco": (1, 3), "cha": (1, 1), "hbo": (1, 3), "dco": (3, 999), "stc": (4, 9999), "pri": (1, 9),
    "lco": (3, 999), "ico": (3, 999), "mreq": (1, 9),
}  # fmt: skip
_TEXTS = {"did": 8, "dte": 32, "stt": 32, "lva": 2, "lte": 32, "ite": 128}  # characters
_CRD_LIMIT = 256
_ODD_LIMIT = 64  # characters of a ref or cid that breaks its form and is carried all the same
_SHOWN_LIMIT = 128  # characters of a text that is too long and shown all the same


def parse(body: bytes) -> Request:
    """Read one request. Raises `ParseError`."""
    text = _decode(body[:SIZE_LIMIT])
    found = _REF.search(text)
    ref = found[1] if found else None
    if len(body) > SIZE_LIMIT:
        raise ParseError(INVALID_FORMAT, "too_large", ref)
    plain = _plain(text)
    if plain is not None:
        return _Reader(plain, {}, []).request()
    root, defects = _tree(text, ref)
    if _name(root) == "mrs":
        # An answer, perhaps our own that a proxy has sent back: answering it would never end.
        raise ParseError(INVALID_FORMAT, "an_answer", None)
    if _name(root) != "mrq":
        raise ParseError(INVALID_FORMAT, "wrong_root", ref)
    places = [child for element in root if _name(element) == "lge" for child in element]
    return _Reader(_values(root), _values(places), defects).request()


def read_answer(body: bytes) -> dict[str, str] | None:
    """The elements of an `mrs`, as an alarm centre answers; None for what is none. Never raises."""
    if len(body) > SIZE_LIMIT:
        return None
    try:
        root, _ = _tree(_decode(body), None)
    except ParseError:
        return None
    return {name: values[0] for name, values in _values(root).items()} if _name(root) == "mrs" else None


def _decode(body: bytes) -> str:
    """UTF-8 unless the declaration names another; bytes that are no UTF-8 are Latin-1, so that no alarm dies of å."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    declared = _DECLARED.match(body)
    encoding = _SINGLE_BYTE.get(declared[1].decode("ascii").lower()) if declared else None
    try:
        return body.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _plain(text: str) -> dict[str, list[str]] | None:
    """The values of what nearly every device sends: `mrq`, in it elements with text, and nothing else; else None.

    It says what the tree would, in a fifth of the time, and most of what is read is a fleet's heartbeats.
    """
    found = _PLAIN.fullmatch(text)
    bare = _BARE.fullmatch(text) is not None
    if found is None or (not bare and _NOT_XML.search(text)):
        return None
    values: dict[str, list[str]] = {}
    for name, value, end in _ELEMENT.findall(found[1]):
        if name != end or name == "lge":
            return None
        values.setdefault(name, []).append(value if bare else _shown(value))
    return values


def _tree(text: str, ref: str | None) -> tuple[Element, list[str]]:
    """The element tree, with the two slips mended that firmware really makes in free text."""
    defects = []
    text = _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1)
    if _NOT_XML.search(text):
        text = _NOT_XML.sub(" ", text.rstrip("\x00"))
        defects.append("characters")
    if "<!" not in text and _STRAY_AMPERSAND.search(text):
        text = _STRAY_AMPERSAND.sub("&amp;", text)
        defects.append("ampersand")
    try:
        return fromstring(text.strip(), forbid_dtd=True), defects
    except (XmlError, DefusedXmlException, ValueError):
        raise ParseError(INVALID_FORMAT, "not_xml", ref) from None


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _value(element: Element) -> str:
    """An element's text, with that of what stands in it."""
    return _shown("".join(element.itertext()))


def _values(elements: Iterable[Element]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for element in elements:
        values.setdefault(_name(element), []).append(_value(element))
    return values


def _shown(text: str) -> str:
    """One line, trimmed, nothing in it that a page or a log would obey."""
    return " ".join(_UNSHOWN.sub(" ", text).split())


class _Reader:
    """Reads the values of the elements, and of what stands in `lge`, and notes what was wrong with them."""

    def __init__(self, values: Mapping[str, list[str]], places: Mapping[str, list[str]], defects: list[str]) -> None:
        self._values = values
        self._places = places
        self._defects = defects

    def request(self) -> Request:
        ref, cid, dty = self._text("ref"), self._text("cid"), self._text("dty")
        if not ref or not cid or not dty:
            raise ParseError(MANDATORY_MISSING, "mandatory_missing", ref[:_ODD_LIMIT] or None)
        self._check("ref", _IS_REF.fullmatch(ref))
        self._check("cid", _IS_ACCOUNT.fullmatch(cid))
        version = self._text("ver") or "01.00"
        self._check("ver", _IS_VERSION.fullmatch(version))
        codes, texts = {}, {}
        for name in self._values:  # most devices say little, and what they left out is as Request has it
            if name in _CODES and (code := self._code(name)) is not None:
                codes[name] = code
            elif name in _TEXTS:
                texts[name] = self._text(name, _TEXTS[name])
        additional = self._text("ame")
        self._check("ame", additional in {"", "0", "1"})
        device_type, message_type = self._number("dty", dty, 4, 9999), self._type()
        callers, place = self._callers(), self._place()
        if self._defects and message_type is not MessageType.MESSAGE:
            raise ParseError(WRONG_CONTENT, "wrong_content", ref[:_ODD_LIMIT])
        return Request(
            ref=ref[:_ODD_LIMIT],
            cid=cid[:_ODD_LIMIT],
            dty=device_type,
            mty=message_type,
            ver=version[:_ODD_LIMIT],
            crd=callers,
            lge=place,
            ame=additional == "1",
            defects=tuple(dict.fromkeys(self._defects)),
            **codes,  # type: ignore[arg-type]  # the tables above name fields of their own type
            **texts,  # type: ignore[arg-type]
        )

    def _check(self, name: str, holds: object) -> None:
        if not holds:
            self._defects.append(name)

    def _text(self, name: str, limit: int | None = None) -> str:
        """The element's value, '' when absent; one that stands there twice with two values is a defect."""
        said = self._values.get(name)
        if said is None:
            return ""
        if len(said) == 1:
            value = said[0]
        else:
            values = list(dict.fromkeys(filter(None, said)))
            self._check(name, len(values) < 2)
            value = values[0] if values else ""
        if limit is not None:
            self._check(name, len(value) <= limit)
            value = value[: max(limit, _SHOWN_LIMIT)]
        return value

    def _code(self, name: str) -> int | None:
        digits, largest = _CODES[name]
        value = self._text(name)
        return self._number(name, value, digits, largest) if value else None

    def _number(self, name: str, value: str, digits: int, largest: int) -> int | None:
        """Zero padding varies, so it is not counted among the digits."""
        found = _DIGITS[digits].fullmatch(value)
        self._check(name, found and int(found[1]) <= largest)
        return int(found[1]) if found and int(found[1]) <= largest else None

    def _type(self) -> MessageType:
        """`mty`; one that nobody knows is read as an alarm."""
        value = self._text("mty").upper() or "ME"
        try:
            return MessageType(value)
        except ValueError:
            self._defects.append("mty")
            return MessageType.MESSAGE

    def _callers(self) -> tuple[str, ...]:
        values = [value for value in self._values.get("crd", ()) if value]
        self._check("crd", all(len(value) <= _CRD_LIMIT for value in values) and len(values) <= 8)
        return tuple(value[:_CRD_LIMIT] for value in values[:8]) or ("sip:",)

    def _place(self) -> Fix | None:
        """The fix with the best evidence among all that `lge` holds."""
        if not self._places:
            return None
        gga, geo, tim = (self._places.get(name, ()) for name in ("gga", "geo", "tim"))
        sentences = [fix for text in gga if (fix := read_gga(text))]
        coordinates = [fix for text in geo if (fix := read_geo(text))]
        times = [at for text in tim if (at := read_time(text))]
        self._check("gga", sentences or not any(gga))
        self._check("geo", coordinates or not any(geo))
        self._check("tim", times or not any(tim))
        sentences.sort(key=lambda fix: fix.dilution if fix.dilution is not None else 99.0)
        fixes = [*sentences, *coordinates]
        return replace(fixes[0], at=times[0] if times else None) if fixes else None
