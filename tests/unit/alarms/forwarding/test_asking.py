"""One request to an external alarm centre, byte by byte and second by second."""

import itertools
import re

import pytest

from alarms.core.forwarding import Told, Unheard
from alarms.forwarding.asking import Asking, Wanted
from alarms.receivers.scaip import sip
from alarms.receivers.scaip.digest import Algorithm, Nonces, challenges, hashed_password, knows, read_credentials
from kit.wire.forwarding_words import ForwardOutcome

HERE, THERE = ("192.0.2.7", 40123), ("192.0.2.1", 5060)
PASSWORD = "blå cykel"


def asking(transport="udp", user="", password=""):
    names = (f"drawn{number}" for number in itertools.count())
    wanted = Wanted(*THERE, transport, "larm", "77", user, password, "REF1", b"<mrq/>")
    return Asking(wanted, HERE, 0.0, lambda: next(names))


def answer(sent, status=200, *more):
    data = sip.respond(sip.parse(sent).head, status, HERE, "t1", more)
    assert data is not None
    return data


def mrs(inside="<ref>REF1</ref><snu>0</snu>", method="MESSAGE"):
    headers = [
        ("via", f"SIP/2.0/UDP {THERE[0]}:5060;branch=z9hG4bKm1"),
        ("from", "<sip:larm@192.0.2.1>;tag=a"),
        ("to", "<sip:77@192.0.2.7>"),
        ("call-id", "m1"),
        ("cseq", f"1 {method}"),
    ]
    return sip.write(f"{method} sip:77@192.0.2.7 SIP/2.0", headers, f"<mrs>{inside}</mrs>".encode())


def test_the_200_promises_nothing_and_the_mrs_is_confirmed_as_often_as_it_comes():
    one = asking()
    assert one.hear(answer(one.begin(0.0)), THERE, 0.1) is None
    assert one.result is None
    said = "<ref>REF1</ref><snu>0</snu><ste>tack</ste><mre>1</mre><tnu>sip:x@y</tnu>"
    for _ in range(2):
        assert one.hear(mrs(said), THERE, 0.2).startswith(b"SIP/2.0 200 OK\r\n")
        assert one.result == Told(0, "tack", "1", "sip:x@y")


def test_an_answer_to_somebody_elses_reference_is_no_answer():
    one = asking()
    one.begin(0.0)
    assert b" 481 " in one.hear(mrs("<ref>REF2</ref><snu>0</snu>"), THERE, 0.1)
    assert one.result is None


@pytest.mark.parametrize("snu", ["", "x", "-1", "٣", "1000"])
def test_an_answer_whose_code_cannot_be_read_is_no_yes(snu):
    one = asking()
    one.begin(0.0)
    one.hear(mrs(f"<ref>REF1</ref><snu>{snu}</snu>"), THERE, 0.1)
    assert one.result.snu == 99


def test_over_udp_it_is_sent_again_until_twenty_seconds_have_passed():
    one = asking()
    first, again = one.begin(0.0), 0
    while one.result is None:
        again += one.due(one.deadline) == first
    assert one.result == Unheard(ForwardOutcome.SILENT)
    assert again >= 4


def test_over_tcp_it_is_sent_once():
    one = asking("tcp")
    assert b";transport=tcp" in one.begin(0.0)
    assert one.deadline == 20.0
    assert one.due(20.0) is None
    assert one.result == Unheard(ForwardOutcome.SILENT)


def test_a_refusal_is_said_with_its_status():
    one = asking()
    one.hear(answer(one.begin(0.0), 503), THERE, 0.1)
    assert one.result == Unheard(ForwardOutcome.SIP_REFUSED, 503)


@pytest.mark.parametrize("offered", [tuple(Algorithm), (Algorithm.MD5,)])
def test_a_challenge_is_answered_with_the_best_there_is(offered):
    one = asking(user="nattljus", password=PASSWORD)
    first = one.begin(0.0)
    offers = challenges(Nonces().issue(0.0), stale=False, algorithms=reversed(offered))
    second = sip.parse(one.hear(answer(first, 401, *offers), THERE, 0.1))
    credentials = read_credentials(second.head.all("authorization"))
    assert credentials.algorithm is offered[0]
    assert credentials.uri == second.uri
    assert knows(credentials, "MESSAGE", hashed_password(offered[0], "nattljus", PASSWORD))
    assert (second.sequence, second.call_id) == (2, sip.parse(first).call_id)
    assert second.body == b"<mrq/>"


def test_a_wrong_password_is_not_tried_for_ever_and_none_is_given_unasked_for():
    one = asking(user="nattljus", password="wrong")
    sent = one.begin(0.0)
    for _ in range(10):
        if one.result is None:
            sent = one.hear(answer(sent, 401, *challenges("n" * 43, stale=True)), THERE, 0.1)
    assert one.result == Unheard(ForwardOutcome.NOT_LET_IN, 401)
    without = asking()
    without.hear(answer(without.begin(0.0), 401, *challenges("n" * 43, stale=False)), THERE, 0.1)
    assert without.result == Unheard(ForwardOutcome.NOT_LET_IN, 401)


def test_a_scheme_or_a_qop_that_we_cannot_answer_is_not_answered():
    one = asking(user="nattljus", password=PASSWORD)
    offer = ("www-authenticate", 'Digest realm="x", nonce="y", qop="auth-int"')
    one.hear(answer(one.begin(0.0), 401, ("www-authenticate", "Basic x"), offer), THERE, 0.1)
    assert one.result == Unheard(ForwardOutcome.NOT_LET_IN, 401)


def test_garbage_strangers_answers_and_other_requests_change_nothing():
    one = asking()
    sent = one.begin(0.0)
    assert one.hear(b"\xff\x00", THERE, 0.1) is None
    assert one.hear(re.sub(rb"branch=[^;\r]*", b"branch=z9hG4bKother", answer(sent, 503)), THERE, 0.1) is None
    assert one.hear(mrs(method="OPTIONS"), THERE, 0.1).startswith(b"SIP/2.0 200 ")
    assert one.hear(mrs(method="INVITE"), THERE, 0.1).startswith(b"SIP/2.0 405 ")
    assert one.result is None
    one.cut()
    assert one.result == Unheard(ForwardOutcome.UNREACHABLE)
