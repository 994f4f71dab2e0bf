"""Tables of residents, homes and devices: what is taken in, and that every problem is named with its line."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.sheet import COLUMNS, Problem, read_sheet

HEADER = "resident,name,born,home,unit,address,town,device,protocol,account"


def sheet(*lines, header=HEADER):
    return read_sheet("\n".join([header, *lines]).encode())


def test_a_line_is_a_resident_with_home_and_device():
    read = sheet("r1,Elsa Lindqvist,1938-03-14,h1,norr,Björkgatan 12,Alingsås,d1,scaip,26317")
    assert read.problems == []
    assert read.residents == {"r1": {"name": "Elsa Lindqvist", "born": date(1938, 3, 14), "home": "h1", "unit": "norr"}}
    assert read.homes == {"h1": {"unit": "norr", "address": "Björkgatan 12", "town": "Alingsås"}}
    assert read.devices == {
        "d1": {"kind": "alarm", "protocol": "scaip", "account": "26317", "resident": "r1", "home": "h1"}
    }


def test_a_shared_home_and_a_second_device_are_told_once():
    read = sheet(
        "r1,Nils,,h1,norr,Strandvägen 31,Uddevalla,d1,scaip,1",
        "r1,,,h1,norr,,,d2,http,d2",
        "r2,Rut,,h1,norr,,,,,",
    )
    assert read.problems == []
    assert (len(read.residents), len(read.homes), len(read.devices)) == (2, 1, 2)


def test_the_same_id_may_name_a_home_and_a_resident():
    assert sheet("1,Nils,,1,norr,Strandvägen 31,Uddevalla,1,scaip,1").problems == []


def test_semicolons_and_a_byte_order_mark_are_a_spreadsheets_way():
    read = read_sheet(b"\xef\xbb\xbf" + f"{HEADER}\nr1,Elsa,,h1,norr,Väg 1,Vara,,,\n".replace(",", ";").encode())
    assert read.problems == []
    assert list(read.residents) == ["r1"]


def test_yes_and_no_are_understood_in_both_languages():
    header = HEADER + ",protected,do_not_enter_alone"
    read = sheet("r1,Elsa,,h1,norr,Väg 1,Vara,,,,ja,no", header=header)
    assert (read.residents["r1"]["protected"], read.residents["r1"]["do_not_enter_alone"]) == (True, False)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (",Elsa,,h1,norr,Väg 1,Vara,,,", "resident is empty."),
        ("r1,,,h1,norr,Väg 1,Vara,,,", "name is empty."),
        ("r1,Elsa,,h1,norr,,Vara,,,", "address is empty."),
        ("r 1,Elsa,,h1,norr,Väg 1,Vara,,,", "resident is no id: use letters a-z, digits, and . _ : - (at most 80)."),
        ("r1,Elsa,14/3 1938,h1,norr,Väg 1,Vara,,,", "born is not a date such as 1938-03-14."),
        ("r1,Elsa,19380314,h1,norr,Väg 1,Vara,,,", "born is not a date such as 1938-03-14."),
        ("r1,Elsa,,h1,norr,Väg 1,Vara,d1,morse,1", "protocol is none of: scaip, http, dc09, webhook."),
        ("r1,Elsa,,h1,norr,Väg 1,Vara,d1,scaip,12345678901234567", "account is not one that scaip devices have."),
        ("r1,Elsa,,h1,norr,Väg 1,Vara,d1,http,d2", "account is not the device's own id, as it must be for http."),
        ("r1,Elsa,,h1,norr,Väg 1,Vara,,scaip,1", "device is empty, though protocol or account is there."),
        ("r1,Elsa", "There are 2 cells, and the header has 10."),
        (f"r1,{'a' * 2001},,h1,norr,Väg 1,Vara,,,", "name is longer than 2000 letters."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(line, text):
    assert sheet("", line).problems == [Problem(3, text)]


def test_what_is_told_twice_must_be_told_alike():
    read = sheet("r1,Elsa,,h1,norr,Väg 1,Vara,,,", "r1,Anna,,h1,norr,Väg 2,Vara,,,", "r1,,,h2,soder,Väg 3,Vara,,,")
    assert read.problems == [
        Problem(3, "name of resident r1 is not what line 2 says."),
        Problem(3, "address of home h1 is not what line 2 says."),
        Problem(4, "home of resident r1 is not what line 2 says."),
        Problem(4, "unit of resident r1 is not what line 2 says."),
    ]


def test_a_device_belongs_to_one_resident():
    read = sheet("r1,Elsa,,h1,norr,Väg 1,Vara,d1,scaip,1", "r2,Anna,,h1,norr,,,d1,scaip,1")
    assert read.problems == [Problem(3, "resident of device d1 is not what line 2 says.")]


def test_every_problem_is_listed_not_only_the_first():
    assert [one.line for one in sheet("r1", "r2", "r3,Elsa,x,h1,norr,Väg 1,Vara,,,").problems] == [2, 3, 4]


def test_a_wrong_header_is_said():
    texts = [one.text for one in sheet("a,b", header="resident,resident,names").problems]
    assert "The column name is missing." in texts
    assert "The column resident is there twice." in texts
    assert any(text.startswith("There is no column called names.") for text in texts)


def test_other_encodings_and_control_characters_are_said():
    assert read_sheet(HEADER.encode() + b"\nr1,\xc5ke").problems[0].line == 2
    assert "UTF-8" in read_sheet(HEADER.encode() + b"\nr1,\xc5ke").problems[0].text
    assert read_sheet(HEADER.encode() + b"\n\n\x00").problems[0].line == 3
    assert read_sheet(b"").problems


def test_no_problem_repeats_what_a_person_is_called():
    lines = [
        "Elsa Lind,Elsa,Elsa,Elsa Lind,Elsa Lind,Elsa,Elsa,Elsa Lind,Elsa,Elsa",
        "r,Elsa,,h,u,Elsa,Elsa,d,scaip,Elsa",
    ]
    assert not any("Elsa" in one.text for one in sheet(*lines).problems)


cells = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["r1", "h1", "norr", "scaip", "1", "ja"])


@given(st.lists(st.lists(cells, max_size=len(COLUMNS)), max_size=5), st.booleans())
@example([["r1", "N", "h1", "norr", "V", "T"]], True)
def test_no_table_makes_it_fail(rows, semicolons):
    mark = ";" if semicolons else ","
    header = mark.join(("resident", "name", "home", "unit", "address", "town"))
    read = read_sheet("\n".join([header, *(mark.join(row) for row in rows)]).encode())
    for row in read.residents.values():
        assert row["home"] in read.homes


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(content):
    assert read_sheet(content).problems
