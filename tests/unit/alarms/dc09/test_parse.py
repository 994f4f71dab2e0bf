"""Messages into envelope and content, in clear and encrypted."""

from datetime import UTC, datetime, timedelta

import pytest

from alarms.receivers.dc09.cipher import decipher, encipher
from alarms.receivers.dc09.parse import Content, in_time, read_content, read_decrypted, read_envelope
from kit.errors import PeerError
from tests.unit.alarms.dc09.panel import KEY, message

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
PLAIN = b"ABC|#1234|Nri1/QA001][X012E58.123][Y57N42.5]_03:10:00,01-15-2026"
# By `openssl enc -aes-…-cbc -nopad -K … -iv 0`, over PLAIN.
CLOSED = {
    "00112233445566778899AABBCCDDEEFF": (
        "00E5440DA3D8E46500D3A560FA70A6FC9BF541111483C4D77D6E2D1AFD47CFC0"
        "C863882974970C3B90F8DBA6B7779AF2999742A5DBE363E565A356C8618E9622"
    ),
    "00112233445566778899AABBCCDDEEFF0011223344556677": (
        "24743F8E18D75814AF540FDE00401B5C2D3E03EC859FE97DC089C0A8C45303F4"
        "927D1A0C9BB19D33DA61787EFE8E8FD0BDD920116A5575FA3B9656F67B73B808"
    ),
    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F": (
        "D7A8BB541DB49774D6776DD06D9E7E2F1BE85C0EFE50D9AFF803FF7483C140CB"
        "F89579EC74443F445ED4B891A9834BC5426633DD54D55FE8E926E8D6C12F048D"
    ),
}


def test_an_envelope_is_read_whole():
    one = read_envelope(b'"SIA-DCS"0007R12L3F#00AB[#00AB|NRP]_03:10:00,01-15-2026')
    assert (one.token, one.encrypted, one.sequence) == ("SIA-DCS", False, "0007")
    assert (one.receiver, one.line, one.account) == ("12", "3F", "00AB")
    assert one.rest == "[#00AB|NRP]_03:10:00,01-15-2026"


def test_receiver_line_and_account_may_be_missing():
    one = read_envelope(b'"*ADM-CID"270F[00FF')
    assert (one.token, one.encrypted, one.sequence) == ("ADM-CID", True, "270F")
    assert (one.receiver, one.line, one.account) == (None, None, None)


@pytest.mark.parametrize(
    "wrong",
    [b"", b"NULL", b'"NULL"', b'"NULL"12', b'"NULL"00G0L0#1[]', b'"NULL"0000L0#1 []', b'"null"0000L0#1[]', b"\xff" * 9],
)
def test_what_does_not_begin_as_a_message_is_none(wrong):
    with pytest.raises(PeerError) as refused:
        read_envelope(wrong)
    assert refused.value.code == "no_envelope"


def test_data_extra_blocks_and_timestamp_are_told_apart():
    rest = read_envelope(message(extra="[X12.5][Y-57.25][Vhttp://camera.example]", at=AT)).rest
    content = read_content(rest)
    assert (content.account, content.data) == ("1234", "Nri1/QA001")
    assert content.extra == (("X", "12.5"), ("Y", "-57.25"), ("V", "http://camera.example"))
    assert content.at == AT
    assert content.defects == ()


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", Content(None, "", defects=("data",))),
        ("[half", Content(None, "", defects=("data",))),
        ("[]", Content(None, "")),
        ("[NQA1]", Content(None, "NQA1")),
        ("[#1|NQA1]_yesterday", Content("1", "NQA1", defects=("timestamp",))),
        ("[#1|NQA1]_24:00:00,01-15-2026", Content("1", "NQA1", defects=("timestamp",))),
        ("[#1|NQA1]_03:10:00,02-30-2026", Content("1", "NQA1", defects=("timestamp",))),
        ("[#1|NQA1]rest", Content("1", "NQA1", defects=("timestamp",))),
    ],
)
def test_what_is_wrong_behind_the_envelope_is_a_defect(rest, expected):
    assert read_content(rest) == expected


@pytest.mark.parametrize("key", CLOSED)
def test_what_others_encrypt_is_read(key):
    plain = decipher(CLOSED[key], bytes.fromhex(key))
    assert plain == PLAIN
    content = read_decrypted(plain)
    assert (content.account, content.data, content.at) == ("1234", "Nri1/QA001", AT)
    assert content.extra == (("X", "012E58.123"), ("Y", "57N42.5"))


@pytest.mark.parametrize("key", CLOSED)
@pytest.mark.parametrize("text", ["]", "]_03:10:00,01-15-2026", "x" * 15, "x" * 16, "x" * 17])
def test_what_is_encrypted_is_padded_to_whole_blocks_and_never_alike(key, text):
    one, other = (encipher(text, bytes.fromhex(key)) for _ in range(2))
    assert one != other
    assert len(one) % 32 == 0
    padding, bar, rest = decipher(one, bytes.fromhex(key)).decode().partition("|")
    assert (bar, rest) == ("|", text)
    assert 1 <= len(padding) <= 16


@pytest.mark.parametrize("digits", ["", "0", "00", "GG" * 16, "00" * 17])
def test_what_is_not_made_of_blocks_cannot_be_decrypted(digits):
    with pytest.raises(PeerError) as refused:
        decipher(digits, KEY)
    assert refused.value.code == "not_blocks"


@pytest.mark.parametrize("plain", [b"", b"no bar]_", b"bar|and no end", b"a]b|#1|NQA]", bytes(range(128, 144))])
def test_what_does_not_read_as_a_message_was_encrypted_with_another_key(plain):
    with pytest.raises(PeerError) as refused:
        read_decrypted(plain)
    assert refused.value.code == "undecipherable"


@pytest.mark.parametrize(("seconds", "believed"), [(-41, False), (-40, True), (0, True), (20, True), (21, False)])
def test_a_timestamp_counts_from_forty_seconds_ago_to_twenty_ahead(seconds, believed):
    assert in_time(AT + timedelta(seconds=seconds), AT) is believed
