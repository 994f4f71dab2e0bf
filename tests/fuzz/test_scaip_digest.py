"""Whatever stands in an Authorization header: it is read or passed over, and only the password lets anybody in."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from alarms.receivers.scaip.digest import Credentials, Freshness, Nonces, read_credentials
from tests.fuzz.scaip_input import conversations, damaged, fuzzed, patient
from tests.unit.alarms.scaip.device import Station, Wire, answer_to, mrq, sip_message
from tests.unit.alarms.scaip.test_digest import RFC, header
from tests.unit.alarms.scaip.test_door import DIGEST, KEYS, PASSWORD, Some

pytestmark = patient

HEADERS = [
    value.encode()
    for value in (
        header(),
        header(**RFC),
        header(algorithm="SHA-256", username=r'"a\"b"'),
        header(qop=None, cnonce=None),
        "Basic dXNlcjpwYXNz",
    )
]
_PIECES = st.sampled_from(
    ['"', "\\", ",", "=", " ", "\t", "Digest ", "nonce=", 'qop="auth"', "å", "\xff", "nc=", ", ,"]
)
texts = st.one_of(
    st.text(max_size=200),
    st.lists(_PIECES, max_size=60).map(lambda pieces: "Digest " + "".join(pieces)),
    damaged(HEADERS).map(lambda data: data.decode("latin-1")),
)


@fuzzed
@given(st.lists(texts, max_size=3))
def test_a_header_is_read_or_passed_over(headers):
    found = read_credentials(headers)
    if found is not None:
        assert isinstance(found, Credentials)
        assert found.realm == "nattljus"
        assert 0 <= found.number < 1 << 32


@fuzzed
@given(texts, st.integers(-1, 1 << 32), st.floats(0, 1e9))
def test_no_text_is_a_nonce_of_ours(nonce, count, at):
    nonces = Nonces()
    assert nonces.use(nonce, count, at) is Freshness.STALE
    assert len(nonces) == 0


quotable = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters='"\\\x7f'), min_size=1, max_size=30
)


@fuzzed
@given(quotable, quotable, st.sampled_from(["MD5", "SHA-256"]))
def test_what_a_device_quotes_is_read_as_it_was_meant(username, cnonce, algorithm):
    found = read_credentials([header(username=f'"{username}"', cnonce=f'"{cnonce}"', algorithm=algorithm)])
    assert found is not None
    assert (found.username, found.cnonce, found.algorithm) == (username, cnonce, algorithm)


@conversations
@given(st.lists(st.one_of(texts, st.sampled_from(["wrong", "answer", "again"])), max_size=8))
def test_only_the_password_lets_anybody_in(script):
    asyncio.run(play(script))


async def play(script):
    async with Station(known=Some(a26317=DIGEST), keys=KEYS) as station:
        wire, refusal, shown, right = Wire(), b"", "", 0
        for n, step in enumerate(["", *script]):
            match step:
                case "answer" if refusal:
                    shown, right = answer_to(refusal, PASSWORD, count=n), right + 1
                case "again":
                    pass
                case "wrong" if refusal:
                    shown = answer_to(refusal, "red car", count=n)
                case _:
                    shown = "Authorization: " + step.encode("latin-1", "replace").decode("latin-1")
            message = sip_message(mrq(ref=str(n)), branch=f"z9hG4bK{n}", more=["X-Y: z"])
            station.exchange.take(message.replace(b"X-Y: z", shown.encode("latin-1")), wire, ("192.0.2.7", 5060))
            await station.settle()
            challenged = [data for data in wire.responses() if data.startswith(b"SIP/2.0 401 ")]
            refusal = challenged[-1] if challenged else b""
        assert len([signal for signal in station.intake.signals if signal.reference]) <= right
