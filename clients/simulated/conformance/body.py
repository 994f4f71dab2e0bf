"""The bodies `mrq` and `mrs`: their elements' forms as a table (alarm-protocols.md §1). Pure.

Written from the facts and not from the platform's own reader: what both misread, nobody would find.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LIMIT = 8 * 1024  # bytes
MANDATORY = ("ref", "cid", "dty")
TOO_LONG, INVALID, WRONG, HOLD, NOT_TREATED, MISSING = 1, 2, 3, 4, 5, 7  # `snu`
TEXTS = {INVALID: "invalid format", WRONG: "wrong content", HOLD: "hold", NOT_TREATED: "not treated",
         MISSING: "mandatory element missing"}  # fmt: skip

_REF = re.compile(rb"<ref>\s*([0-9A-Za-z]{1,16})\s*</ref>")
_GEO = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)")
_GGA = re.compile(r"\$?([A-Z]{2}GGA,[^*]+)\*([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Form:
    """How an element's value must look, in words and as a test of the trimmed value."""

    words: str
    fits: Callable[[str], object]


def _of(words: str, pattern: str) -> Form:
    return Form(words, re.compile(pattern, re.DOTALL).fullmatch)


def _digits(number: int) -> Form:
    """A code; zero padding varies and is not counted."""
    return _of(f"1–{number} digits" if number > 1 else "1 digit", rf"0*\d{{1,{number}}}")


def _text(number: int) -> Form:
    return _of(f"1–{number} characters", rf".{{1,{number}}}")


def _on_earth(value: str) -> bool:
    found = _GEO.fullmatch(value)
    return found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False


def _is_sentence(value: str) -> bool:
    found = _GGA.fullmatch(value)
    total = 0
    for letter in found[1] if found else "":
        total ^= ord(letter)
    return found is not None and total == int(found[2], 16)


REQUEST: Mapping[str, Form] = {
    "ref": _of("1–16 letters or digits", "[0-9A-Za-z]{1,16}"),
    "ver": _of("NN.NN", r"\d\d\.\d\d"),
    "sco": _of("0–3", "0*[0-3]"),
    "cha": _of("0 or 1", "0*[01]"),
    "mty": _of("ME, RE, IN or PI", "ME|RE|IN|PI"),
    "hbo": _of("0–3", "0*[0-3]"),
    "cid": _of("1–16 digits", r"\d{1,16}"),
    "dty": _digits(4),
    "did": _text(8),
    "dco": _digits(3),
    "dte": _text(32),
    "crd": _of("sip:, sip-pp:, gsm:, tel: or no-voice:, at most 256 characters",
               r"(?=.{1,256}\Z)(?:sip|sip-pp|gsm|tel|no-voice):.*"),
    "stc": _digits(4),
    "stt": _text(32),
    "pri": _digits(1),
    "lco": _digits(3),
    "lva": _text(2),
    "lte": _text(32),
    "ico": _digits(3),
    "ite": _text(128),
    "ame": _of("0, 1 or empty", "0*[01]?"),
    "mreq": _digits(1),
    "geo": Form("lat,lon on earth", _on_earth),
    "tim": Form("ISO 8601 with offset", _is_time),
    "gga": Form("an NMEA GGA sentence with a right checksum", _is_sentence),
}  # fmt: skip
ANSWER: Mapping[str, Form] = {
    "ref": REQUEST["ref"],
    "snu": _of("0–7 or 99", "0*(?:[0-7]|99)"),
    "ste": _text(128),
    "cve": _of("NN.NN", r"\d\d\.\d\d"),
    "mre": _of("0–3", "0*[0-3]"),
    "cre": _of("01–62", "0?[1-9]|[1-5][0-9]|6[0-2]"),
    "tnu": _of("exactly one URI", r"(?:sips?|sip-pp|gsm|tel):[^\s,;<>]+[^\s,<>]*"),
    "hbi": _of("digits", r"\d+"),
}
SEVERAL = {"crd"}  # may stand there more than once
_PLACES = {"geo", "tim", "gga"}  # stand in `lge`


@dataclass(slots=True)
class Body:
    """What one body says and what is wrong with it. `faults` is None where it could not be read at all."""

    ref: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    """Each deviating element and in which way."""
    unreadable: str = ""

    def first(self, name: str) -> str:
        """An element's value, or ''."""
        return next(iter(self.values.get(name, ())), "")

    @property
    def snu(self) -> int | None:
        """Of an answer."""
        return int(value) if re.fullmatch("[0-9]{1,4}", value := self.first("snu")) else None

    @property
    def missing(self) -> list[str]:
        """What a request must have and this has not."""
        return [name for name in MANDATORY if not self.first(name)]

    @property
    def verdict(self) -> int:
        """The `snu` that a request in this form is to be answered with."""
        if self.unreadable:
            return INVALID
        if self.missing:
            return MISSING
        # A life outranks a syntax error: an alarm stands, whatever is wrong with the rest of it.
        return WRONG if self.faults and self.first("mty") in {"PI", "RE", "IN"} else 0


def read(body: bytes, root: str, forms: Mapping[str, Form]) -> Body:
    """Hold a body against its elements' forms."""
    found = _REF.search(body)
    ref = found[1].decode() if found else ""
    if len(body) > LIMIT:
        return Body(ref, unreadable=f"{len(body)} bytes, over {LIMIT}")
    try:
        tree = fromstring(body, forbid_dtd=True)
    except (XmlError, DefusedXmlException, ValueError, LookupError):
        return Body(ref, unreadable="not XML, or with a DTD")
    if tree.tag != root:
        return Body(ref, unreadable=f"the root is {str(tree.tag)[:40]}, not {root}")
    read_body = Body()
    for element in tree:
        if element.tag == "lge" and root == "mrq":
            for child in element:
                _take(read_body, child, forms)
        else:
            _take(read_body, element, forms)
    for name, values in read_body.values.items():
        if len(set(values)) > 1 and name not in SEVERAL | _PLACES:
            read_body.faults.setdefault(name, f"stands there {len(values)} times")
    read_body.ref = read_body.first("ref")
    return read_body


def _take(body: Body, element: Element, forms: Mapping[str, Form]) -> None:
    name = str(element.tag)
    form = forms.get(name)
    if form is None:
        body.unknown.append(name[:40])
        return
    value = "".join(element.itertext()).strip()
    body.values.setdefault(name, []).append(value)
    if not form.fits(value):
        body.faults.setdefault(name, f"“{value[:32]}” is not {form.words}")


def request(elements: Mapping[str, str]) -> bytes:
    """An `mrq` with these elements in this order."""
    return ("<mrq>" + "".join(f"<{name}>{value}</{name}>" for name, value in elements.items()) + "</mrq>").encode()


def answer(ref: str, snu: int) -> bytes:
    """An `mrs`."""
    text = f"<ste>{TEXTS[snu]}</ste>" if snu in TEXTS else ""
    return f"<mrs><ref>{ref}</ref><snu>{snu}</snu>{text}</mrs>".encode()
