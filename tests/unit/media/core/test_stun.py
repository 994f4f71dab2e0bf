"""Connectivity checks, held to the samples of RFC 5769."""

from hypothesis import given
from hypothesis import strategies as st

from media.core import stun

PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
TRANSACTION = bytes.fromhex("b7e7a701bc34d686fa87dfae")
# RFC 5769 §2.1
REQUEST = bytes.fromhex(
    "00010058 2112a442 b7e7a701bc34d686fa87dfae"
    "80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff"
    "80290008 932ff9b151263b36"
    "00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004 e57a3bcf".replace(" ", "")
)
# The values of XOR-MAPPED-ADDRESS in §2.2 and §2.3
MAPPED_4 = bytes.fromhex("0001a147e112a643")
MAPPED_6 = bytes.fromhex("0002a1470113a9faa5d3f179bc25f4b5bed2b9d9")


def controlling(*more: tuple[int, bytes]) -> bytes:
    """A check as a browser sends it."""
    attributes = [(stun.USERNAME, b"ours:theirs"), (stun.PRIORITY, b"\x6e\x00\x01\xff"), *more]
    return stun._signed(stun.REQUEST, TRANSACTION, attributes, b"password")


def read(data: bytes) -> stun.Request:
    request = stun.read_request(data)
    assert request is not None
    return request


def test_the_sample_request_is_read_and_authentic() -> None:
    request = read(REQUEST)
    assert (request.ours, request.transaction) == ("evtj", TRANSACTION)
    assert request.conflicts  # the sample is from a controlled agent
    assert request.unknown == ()
    assert stun.authentic(request, REQUEST, PASSWORD)
    assert not stun.authentic(request, REQUEST, b"another")


def test_addresses_are_hidden_as_in_the_sample_answers() -> None:
    assert stun.xor_address(TRANSACTION, "192.0.2.1", 32853) == MAPPED_4
    assert stun.xor_address(TRANSACTION, "2001:db8:1234:5678:11:2233:4455:6677", 32853) == MAPPED_6


def test_an_answer_is_signed_and_says_where_the_check_came_from() -> None:
    answer = stun.success(TRANSACTION, "192.0.2.1", 32853, PASSWORD)
    assert answer[:2] == b"\x01\x01"
    assert answer[8:20] == TRANSACTION
    attributes = stun._attributes(answer)
    assert attributes is not None
    assert [number for number, _, _ in attributes] == [0x0020, 0x0008, 0x8028]
    assert attributes[0][1] == MAPPED_4
    assert attributes[1][1] == stun._integrity(answer[: attributes[1][2]], PASSWORD)
    assert stun._fingerprint_holds(answer, attributes[2][2])


def test_a_browsers_check_is_authentic_and_may_nominate() -> None:
    plain, nominating = controlling(), controlling((stun.USE_CANDIDATE, b""))
    assert stun.authentic(read(plain), plain, b"password")
    assert not read(plain).nominates
    assert read(nominating).nominates
    assert not read(nominating).conflicts


def test_an_attribute_that_must_be_understood_and_is_not_is_named() -> None:
    assert read(controlling((0x0031, b"new!"), (0x8031, b"fine"))).unknown == (0x0031,)
    answer = stun.failure(TRANSACTION, 420, b"password", [0x0031])
    attributes = stun._attributes(answer)
    assert answer[:2] == b"\x01\x11"
    assert attributes is not None
    assert {number: value for number, value, _ in attributes}[stun.UNKNOWN_ATTRIBUTES] == b"\x00\x31"


def test_what_follows_the_integrity_is_not_believed() -> None:
    check = controlling()
    end = check.index(b"\x80\x28\x00\x04")
    forged = check[:end] + b"\x00\x25\x00\x00"
    forged = forged[:2] + (len(forged) - 20).to_bytes(2, "big") + forged[4:]
    request = read(forged)
    assert not request.nominates


def test_a_check_without_integrity_or_without_a_name_is_none() -> None:
    head = b"\x00\x01\x00\x00" + REQUEST[4:20]
    assert stun.read_request(head) is None
    unnamed = stun._signed(stun.REQUEST, TRANSACTION, [(stun.PRIORITY, bytes(4))], b"password")
    assert stun.read_request(unnamed) is None


def test_answers_and_indications_are_no_requests() -> None:
    assert stun.read_request(stun.success(TRANSACTION, "192.0.2.1", 1, PASSWORD)) is None
    assert stun.read_request(b"\x00\x11" + REQUEST[2:]) is None


@given(st.integers(0, len(REQUEST) - 9), st.integers(1, 255))
def test_a_request_changed_anywhere_before_its_fingerprint_is_malformed_or_forged(place: int, change: int) -> None:
    changed = bytearray(REQUEST)
    changed[place] ^= change
    request = stun.read_request(bytes(changed))
    assert request is None or not stun.authentic(request, bytes(changed), PASSWORD)


@given(st.integers(0, len(REQUEST) - 1))
def test_a_request_cut_anywhere_is_malformed(end: int) -> None:
    assert stun.read_request(REQUEST[:end]) is None


@given(st.binary(max_size=200))
def test_garbage_is_no_request(data: bytes) -> None:
    body = data[: len(data) // 4 * 4]
    assert stun.read_request(data) is None
    request = stun.read_request(b"\x00\x01" + len(body).to_bytes(2, "big") + REQUEST[4:20] + body)
    assert request is None or not stun.authentic(request, body, PASSWORD)
