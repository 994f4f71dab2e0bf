"""What pages say on their sockets and what tokens they bring: understood or refused, and never somebody else's."""

import contextlib
import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alarms.desk.socket import _id_in
from kit.legs import LegClaims, issue_leg, read_leg
from kit.tokens import Signer
from kit.wire.desk import desk_in
from kit.wire.meet import meet_in
from kit.wire.words import Direction
from registry.session_socket import BadMessage
from registry.sessions import issue_device_token, issue_person_token, read_token
from tests.fuzz.http_input import SPLINTERS
from tests.fuzz.scaip_input import damaged, fuzzed, patient

pytestmark = patient

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
SIGNER = Signer(["k" * 40])
DESK = [
    {"type": "hello", "version": 1, "resume_from": 4711, "sight": "abc"},
    *(
        {"type": "command", "id": "c1", "case": "case-1", "act": act}
        for act in (
            {"act": "take", "seen": 3},
            {"act": "note", "text": "svarar inte"},
            {"act": "hold", "minutes": 5},
            {"act": "close", "cause": "fall", "measure": "spoke", "resident": "demo-resident-1"},
            {"act": "dispatch", "unit": "demo-norr", "note": "nyckel i rör"},
        )
    ),
]
MEET = [
    {"type": "hello", "version": 1, "resume": "visit-1"},
    {"type": "here"},
    {"type": "seen", "visit": "visit-1"},
    {"type": "trouble", "visit": "visit-1", "trouble": []},
    {"type": "leave", "visit": "visit-1"},
]
LEG = LegClaims("leg-1", "relay-1", "visit-1", "a", Direction.PUBLISH, "a")
TOKENS = [
    issue_person_token(SIGNER, "demo-operator-1", "demo-operator-1", AT),
    issue_device_token(SIGNER, "demo-app-1", 0, AT),
]
LEGS = [issue_leg(SIGNER, LEG, AT)]


def texts(whole):
    odd = st.builds(
        lambda said, name, splinter: json.dumps(said)[:-1] + f", {json.dumps(name)}: {splinter}}}",
        st.sampled_from(whole),
        st.sampled_from(["type", "version", "id", "case", "act", "visit", "trouble", "resume", "resume_from"]),
        st.sampled_from(SPLINTERS),
    )
    whole = [json.dumps(said, ensure_ascii=False).encode() for said in whole]
    return st.one_of(damaged(whole).map(lambda data: data.decode("latin-1")), odd, st.text(max_size=60))


@fuzzed
@given(texts(DESK))
def test_what_a_desk_says_is_understood_or_refused_under_its_id(text):
    try:
        message = desk_in.validate_json(text)
    except (ValidationError, RecursionError):
        with contextlib.suppress(BadMessage):
            assert len(_id_in(text)) <= 80
        return
    assert desk_in.validate_json(message.model_dump_json()) == message


@fuzzed
@given(texts(MEET))
def test_what_a_visits_page_says_is_understood_or_refused(text):
    try:
        message = meet_in.validate_json(text)
    except (ValidationError, RecursionError):
        return
    assert meet_in.validate_json(message.model_dump_json()) == message


def lasting(token):
    """What of a token counts: base64 has bits to spare in a part's last letter."""
    return token.rpartition(".")[0]


@fuzzed
@given(damaged([token.encode() for token in TOKENS]).map(lambda data: data.decode("latin-1")))
def test_a_damaged_session_is_none(token):
    assert token in TOKENS or lasting(token) in map(lasting, TOKENS) or read_token(SIGNER, token, AT) is None


@fuzzed
@given(damaged([token.encode() for token in LEGS]).map(lambda data: data.decode("latin-1")), st.integers(0, 120))
def test_a_damaged_or_old_leg_is_none(token, seconds):
    read = read_leg(SIGNER, token, AT + timedelta(seconds=seconds))
    if token in LEGS:
        assert read == (LEG if seconds < 60 else None)
    else:
        assert read is None or (read == LEG and lasting(token) == lasting(LEGS[0]) and seconds < 60)
