"""However long an input is, reading it takes time in proportion: none of these is quadratic, whatever is repeated.

Each parser is given the longest that its receiver hands on, made of one piece over and over, bare and within a valid
input. A hundredth of a second is usual; what grows with the square takes minutes.
"""

import contextlib
import json

import pytest

from alarms.forwarding.challenge import credentials_for
from alarms.locks.remark import Stands
from alarms.outward.address import read_networks, url_fault
from alarms.receivers.dc09 import frame as dc09_frame
from alarms.receivers.dc09.parse import read_content, read_decrypted, read_envelope
from alarms.receivers.dc09.signal import TOKENS, to_signal
from alarms.receivers.http.listen import LONGEST, understand
from alarms.receivers.mqtt.parse import LONGEST as LONGEST_MQTT
from alarms.receivers.mqtt.parse import Packet, read
from alarms.receivers.scaip import frame as sip_frame
from alarms.receivers.scaip import parse, sip
from alarms.receivers.scaip.addresses import parse_listen
from alarms.receivers.scaip.digest import read_credentials
from alarms.receivers.scaip.signal import to_signal as scaip_signal
from alarms.receivers.vendors import tedee
from alarms.receivers.vendors.parse import read_generic
from alarms.receivers.vendors.signature import insist_on_signature
from kit.clock import SystemClock
from kit.errors import PeerError, Refusal
from kit.tokens import Signer
from kit.wire.desk import desk_in
from kit.wire.vendors import EventMapping, SignatureScheme
from kit.wire.words import Direction
from media.core import rtcp, stun
from media.sdp import LONGEST as LONGEST_OFFER
from media.sdp import read_fragment, read_offer
from registry.session_socket import LONGEST as LONGEST_SAID
from registry.sheet import read_sheet
from tests.fuzz.scaip_input import _SPLINTERS
from tests.fuzz.test_vendors import CALLER
from tests.unit.alarms.dc09.panel import message
from tests.unit.alarms.scaip.device import mrq, sip_message
from tests.unit.media.offers import offer

AT_MOST = 1.0  # seconds for one input
clock = SystemClock()
AT = clock.now()
SIGNER = Signer(["k" * 40])
HEAD = sip_frame.HEAD_LIMIT

PIECES = [
    *_SPLINTERS, b"a", b"1", b"-", b"0.", b"N", b"%", b"/", b"|", b"#", b"^", b"@", b"?", b"[", b"]", b"{", b'{"a":',
    b"<a>", b"</a>", b"<a/>", b"&amp;", b"<ref>1</ref>", b"<lge>", b";a=b", b';a="', b"a=b,", b'a="\\', b'a="b",',
    b"Via: SIP/2.0/UDP a;branch=z9hG4bKb\r\n", b"X: y\r\n", b"X : y,", b"\r\n X", b"<sip:a@b>", b'"\\u0000', b"[X1]",
    b"Nri1QA001", b"^a^", b"t=1,", b"v1=a ", b"a=rtpmap:96 VP8/90000\r\n", b"a=x\r\n", b"m=audio 9 RTP/AVP 0\r\n",
    b"a=fmtp:96 a=b;\r\n", b"10.0.0.0/8 ", b"tcp:a:1 ", b"udp:", b"\x80\xcd\x00\x03", b"\x80\x06\x00\x00",
    b"\xe2\x80\xa8", b"\xc3\xa5",
]  # fmt: skip


def datagram(data):
    request = sip.parse(data)
    if isinstance(request, sip.Request):
        sip.respond(request.head, 200, ("192.0.2.7", 5060), "t")


def streamed(data):
    for event in sip_frame.Framer().feed(data):
        if isinstance(event, sip_frame.Message):
            sip.parse(event.data, stream=True)


def dribbled(data):
    framer = sip_frame.Framer()
    for byte in data:
        framer.feed(bytes([byte]))


def frames(data):
    for event in dc09_frame.Framer().feed(data):
        if isinstance(event, dc09_frame.Frame):
            dc09_frame.unwrap(event.data)


def dc09(body):
    envelope = read_envelope(body)
    content = read_content(envelope.rest)
    if envelope.token in TOKENS:
        to_signal(envelope, content, body, AT)


def vendor(body):
    said = json.loads(body)
    read_generic(said, EventMapping(), CALLER, AT)
    tedee.read(said, CALLER, Stands(), AT)


def signed(data):
    headers = {"nattljus-signature": data.decode("latin-1")}
    insist_on_signature(SignatureScheme(), "s" * 16, headers, b"", AT)


def scaip(body):
    scaip_signal(parse.parse(body), body, AT)


def texts(reading):
    return lambda data: reading(data.decode("latin-1"))


LIMIT = parse.SIZE_LIMIT
PRESS = b'{"specversion":"1.0","id":"1","source":"a","type":"nattljus.alarm.pressed","data":{"text":"'
# What reads it, how much of it at the most, and what stands around the repeated piece besides nothing.
READERS = {
    "sip": (datagram, 65_535, [(sip_message(mrq())[:-40], b""), (b"MESSAGE sip:a@b SIP/2.0\r\nVia: ", b"\r\n\r\n")]),
    "sip via": (datagram, HEAD, [(sip_message(mrq()).replace(b"rport", b"rport;"), b"")]),
    "sip stream": (streamed, 4 * HEAD, [(sip_message(mrq())[:60], b"\r\n\r\n"), (sip_message(mrq()), b"")]),
    "sip dribbled": (dribbled, HEAD, [(b"", b"\r\n\r\n")]),
    "mrq": (
        scaip,
        LIMIT,
        [(b"<mrq>", b"</mrq>"), (b"<mrq><ref>1</ref><cid>1</cid><dty>3</dty><stt>", b"</stt></mrq>")],
    ),
    "mrs": (parse.read_answer, LIMIT, [(b"<mrs>", b"</mrs>")]),
    "credentials": (texts(lambda text: read_credentials([text])), HEAD, [(b"Digest ", b""), (b'Digest a="', b'"')]),
    "challenge": (
        texts(lambda text: credentials_for([text], "MESSAGE", "sip:a@b", "a", "b", "c")),
        HEAD,
        [(b'Digest nonce="a", qop="', b'"')],
    ),
    "dc09 stream": (frames, 4 * HEAD, [(b"\n", b"\r")]),
    "dc09": (
        dc09,
        dc09_frame.MESSAGE_LIMIT,
        [(b'"SIA-DCS"0001L0#1234[', b"]"), (message(), b""), (b'"', b'"0001L0[]')],
    ),
    "dc09 decrypted": (read_decrypted, dc09_frame.MESSAGE_LIMIT, [(b"A|Nri1/QA001][", b"]_03:10:00,01-15-2026")]),
    "events": (lambda data: understand(data, "d", AT), LONGEST, [(b"[", b"]"), (PRESS, b'"}}')]),
    "vendor": (vendor, LONGEST, [(b'{"event":"', b'"}'), (PRESS, b'"}}')]),
    "signature": (signed, HEAD, [(b"t=1,", b"")]),
    "mqtt": (
        lambda data: read(Packet("nattljus/v1/p/d/event", data, 1, 7, False, False), occasion="s:7", received_at=AT),
        LONGEST_MQTT,
        [(PRESS, b'"}}')],
    ),
    "mqtt status": (
        lambda data: read(Packet("nattljus/v1/p/d/status", data, 1, 7, False, False), occasion="s:7", received_at=AT),
        LONGEST_MQTT,
        [(b'{"status":"', b'"}')],
    ),
    "nuki": (
        lambda data: read(Packet("nuki/1/lockActionEvent", data, 1, 7, False, False), occasion="s:7", received_at=AT),
        LONGEST_MQTT,
        [(b"1,", b",1")],
    ),
    "listen": (texts(parse_listen), HEAD, [(b"udp:", b":1")]),
    "networks": (texts(read_networks), HEAD, []),
    "subscription": (texts(lambda text: url_fault(text, ())), HEAD, [(b"https://", b".se/"), (b"https://a.se/", b"")]),
    "desk": (texts(desk_in.validate_json), LONGEST_SAID, [(b'{"type":"command","id":"', b'"}')]),
    "token": (texts(lambda text: SIGNER.read(text, AT, "person")), HEAD, [(b"e30.", b".e30")]),
    "offer": (
        texts(lambda text: read_offer(text, Direction.PUBLISH)),
        LONGEST_OFFER,
        [(offer().encode(), b""), (b"v=0\r\ns=-\r\nt=0 0\r\n", b"")],
    ),
    "fragment": (texts(read_fragment), LONGEST_OFFER, [(b"a=ice-ufrag:", b"")]),
    "stun": (stun.read_request, 1_500, [(b"\x00\x01\x05\xc8\x21\x12\xa4\x42" + bytes(12), b"")]),
    "rtcp": (rtcp.read, 1_500, [(b"\x81\xcd\x01\x70" + bytes(8), b"")]),
    "sheet": (read_sheet, 4 * HEAD, [(b"resident,name,home,unit,address,town\n", b"")]),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_input_of_its_greatest_length_takes_long(reader):
    reading, limit, around = READERS[reader]
    slow = []
    for before, behind in [(b"", b""), *around]:
        for piece in PIECES:
            room = max(0, limit - len(before) - len(behind))
            data = before + piece * (room // len(piece)) + behind
            # A machine that was busy with something else is given another chance.
            if all(seconds(reading, data) > AT_MOST for _ in range(3)):
                slow.append((before[:40], piece))
    assert not slow


def seconds(reading, data):
    began = clock.monotonic()
    with contextlib.suppress(PeerError, Refusal, ValueError, RecursionError, parse.ParseError, sip.SipError):
        reading(data)
    return clock.monotonic() - began
