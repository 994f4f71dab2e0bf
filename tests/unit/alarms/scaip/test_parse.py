"""The request body: what devices really send, and what is said to the rest."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alarms.receivers import scaip
from alarms.receivers.scaip.parse import MessageType, ParseError, parse
from alarms.receivers.scaip.place import Fix
from tests.unit.alarms.scaip.device import mrq

SAMPLES = Path(scaip.__file__).parent / "samples"


def refusal(body):
    with pytest.raises(ParseError) as caught:
        parse(body)
    return caught.value.snu, caught.value.ref


REQUESTS = sorted(path for path in SAMPLES.glob("*.xml") if not path.name.endswith(".sipp.xml"))


@pytest.mark.parametrize("sample", REQUESTS, ids=lambda path: path.name)
def test_every_sample_is_read_without_a_defect(sample):
    assert parse(sample.read_bytes()).defects == ()


def test_a_press_is_read():
    request = parse((SAMPLES / "press.xml").read_bytes())
    assert (request.ref, request.cid, request.mty) == ("00001883", "26317", MessageType.MESSAGE)
    assert (request.dty, request.stc, request.did) == (3, 10, "00")
    assert request.crd == ("gsm:+46700000001",)


def test_what_is_absent_has_its_default():
    request = parse(mrq())
    assert (request.ver, request.mty, request.stc, request.crd) == ("01.00", MessageType.MESSAGE, 10, ("sip:",))
    assert (request.sco, request.cha, request.hbo, request.pri, request.lco, request.mreq) == (0, 0, 0, 0, 0, 0)
    assert (request.dco, request.ico, request.lge, request.ame, request.defects) == (None, None, None, False, ())


def test_a_fall_with_a_position_is_read_by_its_best_evidence():
    request = parse((SAMPLES / "fall.xml").read_bytes())
    assert request.cid == "26317"
    assert request.crd == ("sip:26317@192.0.2.7", "gsm:+46700000001")
    assert request.lge == Fix(57.7089, 11.9746, datetime(2026, 1, 15, 3, 9, 30, tzinfo=UTC), 0.9, 8)


@pytest.mark.parametrize("code", ["3", "03", "003", "0003", "  3\n", "000000000003"])
def test_zero_padding_and_space_are_the_same_code(code):
    assert parse(mrq(dty=code, stc=code)).dty == 3
    assert parse(mrq(dty=code, stc=code)).stc == 3


@pytest.mark.parametrize("missing", ["ref", "cid", "dty"])
def test_a_mandatory_element_that_is_missing_or_empty_is_7(missing):
    ref = None if missing == "ref" else "1"
    assert refusal(mrq(**{missing: " "})) == (7, ref)
    assert refusal(mrq().replace(f"<{missing}>".encode(), b"<x>").replace(f"</{missing}>".encode(), b"</x>")) == (
        7,
        ref,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"<mrq><ref>1</ref>",
        b"<mro><ref>1</ref></mro>",
        b"<!DOCTYPE mrq>" + mrq(),
        b"<!DOCTYPE mrq [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + mrq(dte="&b;"),
        b"<!DOCTYPE mrq SYSTEM 'file:///etc/passwd'>" + mrq(),
        mrq(dte="&#0;"),
        mrq(dte="&#xD800;"),
        mrq(dte="x" * 8192),
        mrq() + b"<mrq/>",
    ],
)
def test_what_is_no_request_is_2_with_its_ref_where_one_can_be_read(body):
    assert refusal(body) == (2, "1" if b"<ref>1</ref>" in body else None)


@pytest.mark.parametrize(
    ("more", "defect"),
    [
        ({"stc": "hot"}, "stc"),
        ({"stc": "99999"}, "stc"),
        ({"sco": "7"}, "sco"),
        ({"lco": "-1"}, "lco"),
        ({"stt": "x" * 33}, "stt"),
        ({"crd": "x" * 257}, "crd"),
        ({"ame": "yes"}, "ame"),
        ({"ver": "one"}, "ver"),
        ({"mty": "XX"}, "mty"),
        ({"ref": "a-b"}, "ref"),
        ({"cid": "26A17"}, "cid"),
        ({"dty": "button"}, "dty"),
        ({"lge": "<geo>north</geo>"}, "geo"),
        ({"lge": "<tim>2026-01-15T03:09:30</tim>"}, "tim"),
        ({"lge": "<gga>$GPGGA,1*00</gga>"}, "gga"),
        ({"stt": "a</stt><stt>b"}, "stt"),
        ({"dte": "Anna & Olle"}, "ampersand"),
        ({"dte": "a\x01b"}, "characters"),
    ],
)
def test_an_alarm_with_a_defect_is_still_an_alarm_and_the_defect_is_noted(more, defect):
    request = parse(mrq(**more))
    assert request.mty is MessageType.MESSAGE
    assert request.defects == (defect,)


@pytest.mark.parametrize("mty", ["PI", "RE", "IN"])
def test_wrong_content_in_anything_but_an_alarm_is_3(mty):
    assert refusal(mrq(mty=mty, sco="7")) == (3, "1")


def test_an_ampersand_that_was_not_escaped_is_shown_as_it_was_meant():
    assert parse(mrq(dte="Anna & Olle &amp; Co")).dte == "Anna & Olle & Co"


@pytest.mark.parametrize(
    "body",
    [
        mrq(dte="Björn").decode().encode("latin-1"),
        b"<?xml version='1.0' encoding='ISO-8859-1'?>" + mrq(dte="Björn").decode().encode("latin-1"),
        b'<?xml version="1.0" encoding="windows-1252" ?>\r\n' + mrq(dte="Björn").decode().encode("cp1252"),
        b'<?xml version="1.0"?>' + mrq(dte="Björn"),
        b'<?xml version="1.0" encoding="klingon"?>' + mrq(dte="Björn"),
        b"\xef\xbb\xbf" + mrq(dte="Björn"),
        mrq(dte="Björn").decode().encode("utf-16"),
        mrq(dte="Björn") + b"\x00",
    ],
)
def test_no_alarm_dies_of_its_encoding(body):
    assert parse(body).dte == "Björn"


def test_text_leaves_as_one_line_without_anything_a_page_would_obey():
    request = parse(mrq(dte="a\r\n\tb&#x202e;c&#x85;d", stt=" &lt;b&gt; "))
    assert request.dte == "a b c d"
    assert request.stt == "<b>"


def test_unknown_elements_namespaces_and_comments_are_ignored():
    body = (
        b'<s:mrq xmlns:s="urn:x"><!-- c --><s:ref>1</s:ref><x><ref>9</ref></x><s:cid>2</s:cid><s:dty>3</s:dty></s:mrq>'
    )
    assert (parse(body).ref, parse(body).cid) == ("1", "2")


def test_a_tower_of_elements_is_no_trouble():
    assert parse(mrq(dte="<a>" * 1000 + "x" + "</a>" * 1000)).dte == "x"


def test_an_answer_is_no_request_and_has_no_reference_to_answer():
    assert refusal(b"<mrs><ref>1</ref><snu>0</snu></mrs>") == (2, None)
