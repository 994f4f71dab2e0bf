"""Positions as devices write them."""

from datetime import UTC, datetime

import pytest

from alarms.receivers.scaip.parse import parse
from alarms.receivers.scaip.place import Fix, read_geo, read_gga, read_time
from tests.unit.alarms.scaip.device import mrq

GGA = "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,"


def test_coordinates_are_read():
    assert read_geo("57.7089, -11.9746") == Fix(57.7089, -11.9746)


@pytest.mark.parametrize("text", ["", "57", "91,0", "0,181", "57;11", "nan,nan", "1e5,1", "57,11,3"])
def test_what_is_no_place_on_earth_is_no_position(text):
    assert read_geo(text) is None


def test_a_gga_sentence_is_read_with_its_accuracy():
    assert read_gga(f"${GGA}*47") == Fix(48.1173, 11.5166667, None, 0.9, 8)
    assert read_gga(GGA.replace(",N,", ",S,").replace(",E,", ",W,")) == Fix(-48.1173, -11.5166667, None, 0.9, 8)


@pytest.mark.parametrize(
    "text",
    [
        f"${GGA}*48",
        GGA.replace(",E,1,", ",E,0,"),
        GGA.replace("4807.038", "4867.038"),
        GGA.replace("4807.038", ""),
        GGA.replace(",N,", ",NS,"),
        "GPGGA,123519",
        "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W",
    ],
)
def test_a_gga_sentence_without_a_trustworthy_fix_is_no_position(text):
    assert read_gga(text) is None


def test_a_time_needs_its_offset():
    assert read_time("2026-01-15T04:09:30+01:00") == datetime(2026, 1, 15, 3, 9, 30, tzinfo=UTC)
    assert read_time("2026-01-15T03:09:30Z") == datetime(2026, 1, 15, 3, 9, 30, tzinfo=UTC)
    assert read_time("2026-01-15T04:09:30") is None
    assert read_time("yesterday") is None


def test_satellites_are_believed_before_bare_coordinates_and_the_better_fix_before_the_worse():
    poor = GGA.replace(",0.9,", ",12.5,").replace("4807.038", "4707.038")
    where = parse(mrq(lge=f"<geo>1,1</geo><gga>{poor}</gga><gga>{GGA}</gga>")).lge
    assert where == Fix(48.1173, 11.5166667, None, 0.9, 8)


def test_coordinates_stand_in_when_the_sentence_cannot_be_trusted():
    request = parse(mrq(lge=f"<gga>${GGA}*48</gga><geo>57.7,11.9</geo>"))
    assert request.lge == Fix(57.7, 11.9)
    assert request.defects == ("gga",)
