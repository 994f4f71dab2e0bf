"""Whatever an alarm centre answers to what was forwarded: heard or passed over, never taken for another answer."""

import itertools
import re

from hypothesis import given
from hypothesis import strategies as st

from alarms.core.forwarding import Told, Unheard
from alarms.forwarding.challenge import credentials_for
from alarms.receivers.scaip import sip
from alarms.receivers.scaip.digest import (
    Algorithm,
    Nonces,
    challenges,
    hashed_password,
    knows,
    read_credentials,
    read_pairs,
)
from alarms.receivers.scaip.parse import read_answer
from tests.fuzz.scaip_input import conversations, damaged, fuzzed, patient
from tests.unit.alarms.forwarding.test_asking import PASSWORD, THERE, answer, asking, mrs

pytestmark = patient

ANSWERS = [
    b"<mrs><ref>REF1</ref><snu>0</snu><mre>1</mre><cre>62</cre><tnu>sip:larm@192.0.2.1</tnu></mrs>",
    b"<?xml version='1.0' encoding='utf-8'?>\r\n<mrs><snu>4</snu><ref> REF1 </ref><ste>v\xc3\xa4nta</ste></mrs>\r\n",
    b"<mrs xmlns='urn:x'><ref>REF1</ref><snu>0</snu><hbi/><ste>a &amp; b</ste></mrs>",
]
CHALLENGES = [
    *(value.encode() for _, value in challenges(Nonces().issue(0.0), stale=False)),
    b'Digest realm="larm \\"norr\\"", nonce="abc", qop="auth,auth-int", opaque="x", algorithm=MD5',
    b'Digest realm="r", nonce="abc", stale=TRUE, qop=auth, algorithm=SHA-256',
    b'Basic realm="r"',
]


@fuzzed
@given(st.binary(max_size=300) | damaged(ANSWERS))
def test_an_answer_is_read_or_none(body):
    said = read_answer(body)
    if said is not None:
        assert all(isinstance(value, str) and value == value.strip() for value in said.values())
        "".join([*said, *said.values()]).encode()


# As the SIP parser hands them on: without control characters.
offers = damaged(CHALLENGES).map(lambda data: re.sub("[\0-\x1f\x7f]", "", data.decode("latin-1")))
REFUSALS = {401: "www-authenticate", 407: "proxy-authenticate", 403: "x", 503: "x"}


@fuzzed
@given(st.lists(offers, max_size=3))
def test_a_challenge_is_answered_in_a_way_that_can_be_read_or_not_at_all(challenged):
    said = credentials_for(challenged, "MESSAGE", "sip:larm@192.0.2.1", "77", PASSWORD, "c")
    if said is None:
        return
    assert not set(said) & {"\r", "\n", "\0"}
    pairs = read_pairs(said)
    if len(said) <= 2_048:
        assert pairs is not None
        assert (pairs["username"], pairs["uri"], pairs["qop"]) == ("77", "sip:larm@192.0.2.1", "auth")
        ours = read_credentials([said])
        if ours is not None:
            assert knows(ours, "MESSAGE", hashed_password(Algorithm(pairs["algorithm"]), "77", PASSWORD))


MESSAGES = [mrs(), mrs("<ref>REF1</ref><snu>4</snu>"), mrs("<ref>other</ref><snu>0</snu>"), mrs(method="OPTIONS")]
steps = st.lists(
    st.one_of(
        st.sampled_from(["ok", "mrs", "due", "cut"]),
        st.tuples(st.sampled_from(sorted(REFUSALS)), offers),
        damaged(MESSAGES),
        st.binary(max_size=60),
    ),
    max_size=8,
)


@conversations
@given(steps, st.sampled_from(["udp", "tcp"]))
def test_only_an_answer_to_this_request_ends_it_as_told(script, transport):
    one, at = asking(transport, "77", PASSWORD), itertools.count()
    sent = one.begin(next(at))
    result, told = None, False
    for step in script:
        match step:
            case "ok":
                one.hear(answer(sent), THERE, next(at))
            case (status, challenge):
                refusal = answer(sent, 401, (REFUSALS[status], challenge)).replace(b" 401 ", b" %d " % status, 1)
                sent = one.hear(refusal, THERE, next(at)) or sent
            case "due":
                one.due(next(at))
            case "cut":
                one.cut()
            case _:
                data = mrs() if step == "mrs" else step
                told |= speaks_of_it(data)
                out = one.hear(data, THERE, next(at))
                assert out is None or isinstance(sip.parse(out), sip.Response)
        if result is not None:
            assert one.result == result  # what was told is told
        result = one.result
        assert result is None or isinstance(result, Told | Unheard)
        assert told or not isinstance(result, Told)
        if isinstance(result, Told):
            assert 0 <= result.snu <= 999
            assert (len(result.text) <= 128, len(result.tnu) <= 256) == (True, True)


def speaks_of_it(data):
    """Whether somebody who reads generously finds an answer to this request in it."""
    return b"REF1" in data and b"mrs" in data.lower()
