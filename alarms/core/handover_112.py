"""What to tell 112 about a case: sentences to read aloud or copy, in Swedish and in English.

In the order in which 112 asks: where, what, who, since when, how to get in, how to speak. What is not known is left
out, except the address, whose lack is said. Times are Swedish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kit.wire.words import Reason

SWEDEN = ZoneInfo("Europe/Stockholm")

WHAT: Mapping[Reason, tuple[str, str]] = {
    Reason.PRESSED: ("har tryckt på sitt trygghetslarm", "has pressed the safety alarm"),
    Reason.FELL: ("har fallit", "has fallen"),
    Reason.ATTACK: ("har utlöst överfallslarm", "has set off an attack alarm"),
    Reason.FIRE: ("har brandlarm i bostaden", "has a fire alarm at home"),
    Reason.GAS: ("har gaslarm i bostaden", "has a gas alarm at home"),
    Reason.FLOOD: ("har vattenläcka i bostaden", "has a water leak at home"),
    Reason.INACTIVITY: ("har inte rört sig på länge", "has not moved for a long time"),
    Reason.WANDERING: ("har gått ut och kan vara vilse", "has gone out and may be lost"),
    Reason.LEFT_ZONE: ("har lämnat sin trygga zon och kan vara vilse", "has left the safe zone and may be lost"),
    Reason.ENTERED_ZONE: ("är där det kan vara farligt", "is where it may be dangerous"),
    Reason.EPILEPSY: ("har epilepsilarm", "has an epilepsy alarm"),
    Reason.LEFT_BED: ("har lämnat sängen", "has left the bed"),
    Reason.PILL_NOT_TAKEN: ("har inte tagit sin medicin", "has not taken the medicine"),
    Reason.DOOR: ("har larm från dörren", "has an alarm from the door"),
    Reason.DOOR_FORCED: ("har fått dörren uppbruten", "has had the door forced"),
    Reason.DURESS: (
        "kan vara hotad: dörren öppnades under tvång",
        "may be threatened: the door was opened under duress",
    ),
    Reason.INTRUDER: ("har inbrottslarm i bostaden", "has an intruder alarm at home"),
    Reason.ASSISTANCE: ("behöver hjälp", "needs help"),
}
OTHERWISE = ("har larmat", "has raised an alarm")


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives. `code` is the door's, none where the asker may not see it."""

    address: str
    town: str
    floor: str
    door: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is about, as the registry knows them."""

    name: str
    age: int | None
    phone: str
    language: str
    hearing: str
    sight: str
    speech: str
    pets: str
    not_alone: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Where the device says that it is, in degrees, and when it said so."""

    latitude: str
    longitude: str
    accuracy: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that 112 may need. `place` is none where it is not known or is secret to the asker."""

    reason: Reason
    presses: int
    raised_at: datetime
    person: Person | None
    household: tuple[str, ...]
    place: Place | None
    position: Position | None
    account: str | None
    desk: str
    operator: str
    number: str


def in_swedish(sheet: Sheet) -> list[str]:
    """The sentences, in Swedish."""
    lines = [f"Jag heter {sheet.operator} och ringer från {sheet.desk}."]
    lines.append(
        _where(sheet.place, "Adressen är", "Adressen är inte känd här.", "våning", "på dörren står det", "portkod")
    )
    if sheet.position:
        near = f", på {sheet.position.accuracy} meter när" if sheet.position.accuracy else ""
        where = f"{sheet.position.latitude}, {sheet.position.longitude}"
        lines.append(f"Larmets position klockan {_clock(sheet.position.at)}: {where}{near}.")
    what = WHAT.get(sheet.reason, OTHERWISE)[0]
    lines.append(f"{_who(sheet, 'år,', 'En person', 'Någon av')} {what}.")
    pressed = f" Det har larmat {sheet.presses} gånger." if sheet.presses > 1 else ""
    lines.append(f"Första larmet kom klockan {_clock(sheet.raised_at)}.{pressed}")
    if sheet.account:
        lines.append(f"Larmet är inte registrerat hos oss. Det kallar sig {sheet.account}.")
    if one := sheet.person:
        if one.not_alone:
            lines.append("Gå inte in ensam.")
        lines += _facts(one, ("Telefon", "Språk", "Hörsel", "Syn", "Tal", "Djur"))
    return lines + ([f"Ring tillbaka till oss på {sheet.number}."] if sheet.number else [])


def in_english(sheet: Sheet) -> list[str]:
    """The sentences, in English."""
    lines = [f"My name is {sheet.operator}, calling from {sheet.desk}."]
    lines.append(
        _where(
            sheet.place, "The address is", "The address is not known here.", "floor", "name on the door", "door code"
        )
    )
    if sheet.position:
        near = f", within {sheet.position.accuracy} metres" if sheet.position.accuracy else ""
        where = f"{sheet.position.latitude}, {sheet.position.longitude}"
        lines.append(f"The alarm's position at {_clock(sheet.position.at)}: {where}{near}.")
    what = WHAT.get(sheet.reason, OTHERWISE)[1]
    lines.append(f"{_who(sheet, 'years old,', 'A person', 'One of')} {what}.")
    pressed = f" There have been {sheet.presses} alarms." if sheet.presses > 1 else ""
    lines.append(f"The first alarm came at {_clock(sheet.raised_at)}.{pressed}")
    if sheet.account:
        lines.append(f"The alarm is not registered with us. It calls itself {sheet.account}.")
    if one := sheet.person:
        if one.not_alone:
            lines.append("Do not enter alone.")
        lines += _facts(one, ("Phone", "Language", "Hearing", "Sight", "Speech", "Animals"))
    return lines + ([f"Call us back on {sheet.number}."] if sheet.number else [])


def _where(place: Place | None, begins: str, unknown: str, floor: str, door: str, code: str) -> str:
    if place is None:
        return unknown
    parts = [
        ", ".join(part for part in (place.address, place.town) if part),
        f"{floor} {place.floor}" if place.floor else "",
        f"{door} {place.door}" if place.door else "",
        f"{code} {place.code}" if place.code else "",
    ]
    return f"{begins} {', '.join(part for part in parts if part)}."


def _who(sheet: Sheet, years: str, somebody: str, one_of: str) -> str:
    if sheet.person:
        age = f", {sheet.person.age} {years}" if sheet.person.age is not None else ""
        return f"{sheet.person.name}{age}"
    return f"{one_of} {', '.join(sheet.household)}" if sheet.household else somebody


def _facts(one: Person, words: tuple[str, ...]) -> list[str]:
    said = (one.phone, one.language, one.hearing, one.sight, one.speech, one.pets)
    return [f"{word}: {text}." for word, text in zip(words, said, strict=True) if text]


def _clock(at: datetime) -> str:
    return at.astimezone(SWEDEN).strftime("%H.%M")
