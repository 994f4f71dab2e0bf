"""The form of `mrq` and `mrs` as the kit sees it, element by element."""

import pytest

from alarms.receivers.scaip.parse import ParseError, parse
from clients.simulated.conformance import body as bodies
from tests.unit.alarms.scaip.device import mrq


def judged(data):
    return bodies.read(data, "mrq", bodies.REQUEST)


RIGHT = {
    "ref": ["1", "00001883", "A9"], "ver": ["01.00"], "sco": ["0", "3", "03"], "cha": ["0", "1", "01"],
    "mty": ["ME", "RE", "IN", "PI"], "hbo": ["0", "3"], "cid": ["26317"], "dty": ["3", "03", "0003", "00003"],
    "did": ["00", "12345678"], "dco": ["2", "002"], "dte": ["x", "å" * 32],
    "crd": ["sip:", "gsm:+46313900600", "no-voice:", "sip-pp:a@b", "tel:112"], "stc": ["10", "010", "0010"],
    "stt": ["TEST"], "pri": ["9", "09"], "lco": ["19"], "lva": ["12"], "lte": ["hall"], "ico": ["7"],
    "ite": ["x" * 128], "ame": ["0", "1", ""], "mreq": ["4"], "geo": ["57.7, 11.9", "-33,151"],
    "tim": ["2026-01-15T03:10:00+01:00"],
    "gga": ["$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47"],
}  # fmt: skip
WRONG = {
    "ref": ["", "a-b", "x" * 17], "ver": ["1", "1.0"], "sco": ["4", "x"], "cha": ["2"], "mty": ["me", "XX"],
    "hbo": ["4"], "cid": ["12a", "1" * 17], "dty": ["abc", "12345"], "did": ["123456789"], "dco": ["1234"],
    "dte": ["x" * 33], "crd": ["+4631", "mailto:a", "sip:" + "x" * 253], "stc": ["1O", "12345"], "stt": ["x" * 33],
    "pri": ["10", "high"], "lco": ["1000"], "lva": ["123"], "lte": ["x" * 33], "ico": ["1000"], "ite": ["x" * 129],
    "ame": ["2"], "mreq": ["x"], "geo": ["57.7", "91,0"], "tim": ["2026-01-15T03:10:00", "yesterday"],
    "gga": ["$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*48"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values])
def test_what_is_in_its_form_is_no_deviation(name, value):
    element = f"<lge><{name}>{value}</{name}></lge>" if name in {"geo", "tim", "gga"} else f"<{name}>{value}</{name}>"
    read = judged(f"<mrq>{element}</mrq>".encode())
    assert (read.values, read.faults) == ({name: [value]}, {})


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_each_deviation_is_named(name, value):
    element = f"<lge><{name}>{value}</{name}></lge>" if name in {"geo", "tim", "gga"} else f"<{name}>{value}</{name}>"
    assert list(judged(f"<mrq>{element}</mrq>".encode()).faults) == [name]


def test_every_element_has_a_form_that_is_tried():
    assert set(RIGHT) == set(WRONG) == set(bodies.REQUEST)


def test_an_element_that_stands_there_twice_is_named_and_several_callers_are_not():
    read = judged(b"<mrq><stc>1</stc><stc>2</stc><crd>sip:</crd><crd>gsm:+46</crd></mrq>")
    assert read.faults == {"stc": "stands there 2 times"}


BODIES = {
    "whole": mrq(),
    "padded": mrq(dty="0003", stc="010"),
    "a heartbeat": mrq(mty="PI", dty="2"),
    "without cid": b"<mrq><ref>1</ref><dty>3</dty></mrq>",
    "without dty": b"<mrq><ref>1</ref><cid>1</cid></mrq>",
    "cut off": b"<mrq><ref>1</ref><cid>",
    "another root": b"<mrs><ref>1</ref></mrs>",
    "with a DTD": b"<!DOCTYPE mrq><mrq><ref>1</ref><cid>1</cid><dty>3</dty></mrq>",
    "too large": mrq(ite="x" * 9000),
    "an alarm with a defect": mrq(pri="high"),
    "a heartbeat with a defect": mrq(mty="PI", hbo="seldom"),
    "nothing": b"",
}


@pytest.mark.parametrize("data", BODIES.values(), ids=BODIES)
def test_the_kit_and_the_platform_read_the_facts_alike(data):
    try:
        parse(data)
        theirs = 0
    except ParseError as error:
        theirs = error.snu
    assert judged(data).verdict == theirs


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("<ref>1</ref><snu>0</snu><mre>1</mre><cre>62</cre><tnu>sip:larm@example.org</tnu>", []),
        ("<ref>1</ref><snu>8</snu>", ["snu"]),
        ("<ref>1</ref><snu>0</snu><mre>4</mre><cre>63</cre>", ["mre", "cre"]),
        ("<ref>1</ref><snu>0</snu><tnu>sip:a@b,sip:c@d</tnu>", ["tnu"]),
        ("<ref>1</ref><snu>0</snu><tnu>sip:a@b sip:c@d</tnu>", ["tnu"]),
    ],
)
def test_an_answer_is_held_against_its_form(answer, faults):
    assert list(bodies.read(f"<mrs>{answer}</mrs>".encode(), "mrs", bodies.ANSWER).faults) == faults
