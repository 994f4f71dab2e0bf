"""STUN as an ICE-lite agent needs it: binding requests read, their answers built (RFC 8489, RFC 8445 §7.3).

Two departures, both so that the relay sends nothing to an address that has proven nothing: a request without integrity
or with a wrong one is dropped where RFC 8489 §9.1.3 would answer 400 or 401, and so is one that is malformed.
"""

import hashlib
import hmac
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

COOKIE = 0x2112A442
_COOKIE = COOKIE.to_bytes(4, "big")
HEADER = 20
REQUEST, SUCCESS, ERROR = 0x0001, 0x0101, 0x0111

USERNAME = 0x0006
MESSAGE_INTEGRITY = 0x0008
ERROR_CODE = 0x0009
UNKNOWN_ATTRIBUTES = 0x000A
XOR_MAPPED_ADDRESS = 0x0020
PRIORITY = 0x0024
USE_CANDIDATE = 0x0025
FINGERPRINT = 0x8028
ICE_CONTROLLED = 0x8029
KNOWN = {USERNAME, MESSAGE_INTEGRITY, PRIORITY, USE_CANDIDATE}
"""What we understand of the attributes that must be understood (below 0x8000)."""

_INTEGRITY = 24  # bytes, with its header
_FINGERPRINT = 8
_FINGERPRINT_XOR = 0x5354554E
REASONS = {420: b"Unknown Attribute", 487: b"Role Conflict"}


@dataclass(frozen=True, slots=True)
class Request:
    """A well-formed binding request, not yet authenticated. `signed` is how many bytes its integrity covers."""

    transaction: bytes
    ours: str
    """The username fragment it was sent to, which names one of our legs."""
    signed: int
    integrity: bytes
    nominates: bool
    conflicts: bool
    """The peer believes to be controlled, which only we are."""
    unknown: tuple[int, ...]


def read_request(data: bytes) -> Request | None:
    """The binding request in a datagram, or None when it is anything else or not whole. Authenticate it before use."""
    attributes = _attributes(data)
    if attributes is None or int.from_bytes(data[:2], "big") != REQUEST:
        return None
    found: dict[int, bytes] = {}
    signed = 0
    for number, value, start in attributes:
        if MESSAGE_INTEGRITY in found and number != FINGERPRINT:
            continue  # RFC 8489 §14.5: what follows the integrity is not covered by it, and ignored
        if number == MESSAGE_INTEGRITY:
            signed = start
        if number == FINGERPRINT and not _fingerprint_holds(data, start):
            return None
        found.setdefault(number, value)
    integrity = found.get(MESSAGE_INTEGRITY, b"")
    ours, colon, _ = found.get(USERNAME, b"").partition(b":")
    if len(integrity) != hashlib.sha1().digest_size or not colon or not ours.isascii():  # noqa: S324 - RFC 8489 §14.5
        return None
    return Request(
        transaction=data[8:HEADER],
        ours=ours.decode("ascii"),
        signed=signed,
        integrity=integrity,
        nominates=USE_CANDIDATE in found,
        conflicts=ICE_CONTROLLED in found,
        unknown=tuple(number for number in found if number < 0x8000 and number not in KNOWN),
    )


def authentic(request: Request, data: bytes, password: bytes) -> bool:
    """Whether whoever sent `data`, which was read as `request`, knows this password."""
    return hmac.compare_digest(_integrity(data[: request.signed], password), request.integrity)


def success(transaction: bytes, address: str, port: int, password: bytes) -> bytes:
    """The answer to an authenticated check: from where we saw it come (RFC 8489 §14.2), signed as it was."""
    return _signed(SUCCESS, transaction, [(XOR_MAPPED_ADDRESS, xor_address(transaction, address, port))], password)


def failure(transaction: bytes, code: int, password: bytes, unknown: Sequence[int] = ()) -> bytes:
    """An error to an authenticated check: 420 with the attributes that we do not know, or 487."""
    attributes = [(ERROR_CODE, struct.pack("!HBB", 0, code // 100, code % 100) + REASONS[code])]
    if unknown:
        attributes.append((UNKNOWN_ATTRIBUTES, struct.pack(f"!{len(unknown)}H", *unknown)))
    return _signed(ERROR, transaction, attributes, password)


def xor_address(transaction: bytes, address: str, port: int) -> bytes:
    """The value of an XOR-MAPPED-ADDRESS."""
    ip = ip_address(address.partition("%")[0])
    mask = (_COOKIE + transaction)[: len(ip.packed)]
    hidden = bytes(one ^ other for one, other in zip(ip.packed, mask, strict=True))
    return struct.pack("!BBH", 0, 1 if ip.version == 4 else 2, port ^ (COOKIE >> 16)) + hidden


def _attributes(data: bytes) -> list[tuple[int, bytes, int]] | None:
    """Each attribute's number, value and place, or None when this is no STUN message of that length."""
    if len(data) < HEADER or data[4:8] != _COOKIE:
        return None
    length = int.from_bytes(data[2:4], "big")
    if length % 4 or length != len(data) - HEADER:
        return None
    found = []
    place = HEADER
    while place < len(data):
        number, size = struct.unpack_from("!HH", data, place)
        if place + 4 + size > len(data):
            return None
        found.append((number, data[place + 4 : place + 4 + size], place))
        place += 4 + size + -size % 4
    return found


def _with_length(data: bytes, length: int) -> bytes:
    return data[:2] + length.to_bytes(2, "big") + data[4:]


def _integrity(before: bytes, password: bytes) -> bytes:
    """The HMAC over what stands before the attribute, the length counted as if it were the last (RFC 8489 §14.5)."""
    return hmac.digest(password, _with_length(before, len(before) - HEADER + _INTEGRITY), "sha1")


def _fingerprint(before: bytes) -> bytes:
    crc = zlib.crc32(_with_length(before, len(before) - HEADER + _FINGERPRINT))
    return (crc ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def _fingerprint_holds(data: bytes, start: int) -> bool:
    """RFC 8489 §14.7: the last attribute, or none."""
    return start + _FINGERPRINT == len(data) and data[start + 4 :] == _fingerprint(data[:start])


def _signed(kind: int, transaction: bytes, attributes: Sequence[tuple[int, bytes]], password: bytes) -> bytes:
    body = b"".join(
        struct.pack("!HH", number, len(value)) + value + bytes(-len(value) % 4) for number, value in attributes
    )
    message = struct.pack("!HHI", kind, 0, COOKIE) + transaction + body
    message += struct.pack("!HH", MESSAGE_INTEGRITY, _INTEGRITY - 4) + _integrity(message, password)
    message += struct.pack("!HH", FINGERPRINT, _FINGERPRINT - 4) + _fingerprint(message)
    return _with_length(message, len(message) - HEADER)
