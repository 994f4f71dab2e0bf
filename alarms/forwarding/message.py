"""The request that goes out, from a signal as it is stored (alarm-protocols: `mrq`). Pure.

Who is told is outside, so only what is needed there goes along: what happened, which device, how it can be called. No
name and no address: the centre has its own register of the accounts.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from kit.ids import ID

DEVICE_TYPE, STATUS = "3", "10"  # a personal alarm, pressed by hand
TEST = "102"
BODY_LIMIT = 800  # bytes, so that a datagram stays below 1,300 with its headers

_NOT_XML = re.compile(r"[^\x20-\ud7ff\ue000-\ufffd]")
_DIGITS = re.compile(r"[0-9]{1,16}")
# Element, the detail's name (alarms/receivers/scaip/signal.py) and how long it may be. The last is left out first.
_BESIDES = (
    ("stt", "status_text", 32),
    ("did", "device_id", 8),
    ("dco", "device_component", 3),
    ("lco", "place", 3),
    ("lva", "place_value", 2),
    ("pri", "urgency", 1),
    ("lte", "place_text", 32),
    ("ico", "info", 3),
    ("ite", "info_text", 128),
)


def account_of(signal: Mapping[str, Any], receiver: Mapping[str, Any]) -> str:
    """What the sender is called there: the device's own account where they go by those, else ours."""
    own = receiver["own_accounts"] and signal["protocol"] == "scaip" and _DIGITS.fullmatch(signal["account"])
    return str(signal["account"] if own else receiver["account"])


def write_mrq(signal: Mapping[str, Any], ref: str, account: str, *, reset: bool) -> bytes:
    """The XML of that signal. The same signal is the same bytes each time, so that it is the same alarm there."""
    details: Mapping[str, str] = signal["details"]
    scaip = signal["protocol"] == "scaip"
    elements = [
        ("ref", ref),
        ("ver", "01.00"),
        ("mty", "RE" if reset else "ME"),
        ("cid", account),
        ("dty", details.get("device_type", DEVICE_TYPE) if scaip else DEVICE_TYPE),
        ("stc", details.get("status", STATUS) if scaip else STATUS),
        ("dte", details.get("device_text") or _named(signal)),
        *(("crd", caller) for caller in (details.get("callers") or "no-voice:").split()[:1]),
    ]
    if not scaip and signal["reason"]:
        elements.append(("stt", signal["reason"]))
    for name, detail, limit in _BESIDES if scaip else ():
        value = _NOT_XML.sub(" ", details.get(detail, "")).strip()
        if value and len(value) <= limit:
            elements.append((name, value))
    while len(written := _written(elements)) > BODY_LIMIT and len(elements) > 8:
        elements.pop()
    return written


def write_test(ref: str, account: str) -> bytes:
    """The XML of a test of the way (`stc` 102)."""
    return _written(
        [("ref", ref), ("ver", "01.00"), ("mty", "ME"), ("cid", account), ("dty", DEVICE_TYPE), ("stc", TEST)]
    )


def _named(signal: Mapping[str, Any]) -> str:
    """The device's id with us, by which the centre can ask."""
    device = signal["device"] or ""
    return device[:32] if re.fullmatch(ID, device) else "-"


def _written(elements: list[tuple[str, str]]) -> bytes:
    inside = "".join(f"<{name}>{escape(_NOT_XML.sub(' ', value))}</{name}>" for name, value in elements)
    return f"<mrq>{inside}</mrq>".encode()
