"""What 112 is told, as it is read aloud."""

from dataclasses import replace
from datetime import UTC, datetime

from alarms.core.handover_112 import OTHERWISE, WHAT, Person, Place, Position, Sheet, in_english, in_swedish
from kit.wire.words import Reason

SHEET = Sheet(
    reason=Reason.FELL,
    presses=3,
    raised_at=datetime(2026, 1, 15, 2, 10, tzinfo=UTC),
    person=Person("Elsa Lindqvist", 87, "031-390 06 01", "svenska", "Hörapparat", "", "", "Katten Sotis", True),
    household=(),
    place=Place("Björkgatan 12", "Alingsås", "2 tr", "Lindqvist", "2580"),
    position=None,
    account=None,
    desk="Larmcentralen Väst",
    operator="Karin Ekdahl",
    number="+46313900600",
)


def test_it_says_where_what_who_since_when_and_how_to_get_in_and_speak() -> None:
    assert in_swedish(SHEET) == [
        "Jag heter Karin Ekdahl och ringer från Larmcentralen Väst.",
        "Adressen är Björkgatan 12, Alingsås, våning 2 tr, på dörren står det Lindqvist, portkod 2580.",
        "Elsa Lindqvist, 87 år, har fallit.",
        "Första larmet kom klockan 03.10. Det har larmat 3 gånger.",
        "Gå inte in ensam.",
        "Telefon: 031-390 06 01.",
        "Språk: svenska.",
        "Hörsel: Hörapparat.",
        "Djur: Katten Sotis.",
        "Ring tillbaka till oss på +46313900600.",
    ]


def test_it_says_the_same_in_english() -> None:
    said = in_english(SHEET)
    assert len(said) == len(in_swedish(SHEET))
    assert said[1] == "The address is Björkgatan 12, Alingsås, floor 2 tr, name on the door Lindqvist, door code 2580."
    assert "Do not enter alone." in said


def test_what_is_secret_or_not_known_is_said_to_be_and_nothing_is_made_up() -> None:
    bare = replace(SHEET, person=None, place=None, number="", presses=1, account="26317", reason=Reason.UNKNOWN_ALARM)
    assert in_swedish(bare) == [
        "Jag heter Karin Ekdahl och ringer från Larmcentralen Väst.",
        "Adressen är inte känd här.",
        "En person har larmat.",
        "Första larmet kom klockan 03.10.",
        "Larmet är inte registrerat hos oss. Det kallar sig 26317.",
    ]


def test_a_household_is_named_where_nobody_knows_who_it_is() -> None:
    both = replace(SHEET, person=None, household=("Nils", "Rut"))
    assert "Någon av Nils, Rut har fallit." in in_swedish(both)
    assert "One of Nils, Rut has fallen." in in_english(both)


def test_a_position_has_its_time_and_accuracy() -> None:
    away = replace(SHEET, position=Position("57.7089", "11.9746", "8", SHEET.raised_at))
    assert "Larmets position klockan 03.10: 57.7089, 11.9746, på 8 meter när." in in_swedish(away)
    assert "The alarm's position at 03.10: 57.7089, 11.9746, within 8 metres." in in_english(away)


def test_each_reason_that_is_a_persons_has_words_of_its_own_and_the_others_a_plain_one() -> None:
    assert all(swedish and english for swedish, english in [*WHAT.values(), OTHERWISE])
    assert Reason.PRESSED in WHAT
