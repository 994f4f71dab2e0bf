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


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language. `of_what` is the language's place in `WHAT`."""

    of_what: int
    caller: str
    address: str
    no_address: str
    floor: str
    door: str
    code: str
    position: str
    near: str
    years: str
    somebody: str
    one_of: str
    first: str
    again: str
    account: str
    not_alone: str
    facts: tuple[str, ...]
    call_back: str


SWEDISH = Words(
    of_what=0,
    caller="Jag heter {} och ringer från {}.",
    address="Adressen är",
    no_address="Adressen är inte känd här.",
    floor="våning",
    door="på dörren står det",
    code="portkod",
    position="Larmets position klockan {}: {}, {}{}.",
    near=", på {} meter när",
    years="år,",
    somebody="En person",
    one_of="Någon av",
    first="Första larmet kom klockan {}.",
    again=" Det har larmat {} gånger.",
    account="Larmet är inte registrerat hos oss. Det kallar sig {}.",
    not_alone="Gå inte in ensam.",
    facts=("Telefon", "Språk", "Hörsel", "Syn", "Tal", "Djur"),
    call_back="Ring tillbaka till oss på {}.",
)

ENGLISH = Words(
    of_what=1,
    caller="My name is {}, calling from {}.",
    address="The address is",
    no_address="The address is not known here.",
    floor="floor",
    door="name on the door",
    code="door code",
    position="The alarm's position at {}: {}, {}{}.",
    near=", within {} metres",
    years="years old,",
    somebody="A person",
    one_of="One of",
    first="The first alarm came at {}.",
    again=" There have been {} alarms.",
    account="The alarm is not registered with us. It calls itself {}.",
    not_alone="Do not enter alone.",
    facts=("Phone", "Language", "Hearing", "Sight", "Speech", "Animals"),
    call_back="Call us back on {}.",
)


def in_swedish(sheet: Sheet) -> list[str]:
    """The sentences, in Swedish."""
    return _sentences(sheet, SWEDISH)


def in_english(sheet: Sheet) -> list[str]:
    """The sentences, in English."""
    return _sentences(sheet, ENGLISH)


def _sentences(sheet: Sheet, words: Words) -> list[str]:
    lines = [words.caller.format(sheet.operator, sheet.desk), _where(sheet.place, words)]
    if at := sheet.position:
        near = words.near.format(at.accuracy) if at.accuracy else ""
        lines.append(words.position.format(_clock(at.at), at.latitude, at.longitude, near))
    lines.append(f"{_who(sheet, words)} {WHAT.get(sheet.reason, OTHERWISE)[words.of_what]}.")
    again = words.again.format(sheet.presses) if sheet.presses > 1 else ""
    lines.append(words.first.format(_clock(sheet.raised_at)) + again)
    if sheet.account:
        lines.append(words.account.format(sheet.account))
    if one := sheet.person:
        if one.not_alone:
            lines.append(words.not_alone)
        said = (one.phone, one.language, one.hearing, one.sight, one.speech, one.pets)
        lines += [f"{word}: {text}." for word, text in zip(words.facts, said, strict=True) if text]
    if sheet.number:
        lines.append(words.call_back.format(sheet.number))
    return lines


def _where(place: Place | None, words: Words) -> str:
    if place is None:
        return words.no_address
    parts = [
        ", ".join(part for part in (place.address, place.town) if part),
        f"{words.floor} {place.floor}" if place.floor else "",
        f"{words.door} {place.door}" if place.door else "",
        f"{words.code} {place.code}" if place.code else "",
    ]
    return f"{words.address} {', '.join(part for part in parts if part)}."


def _who(sheet: Sheet, words: Words) -> str:
    if sheet.person:
        age = f", {sheet.person.age} {words.years}" if sheet.person.age is not None else ""
        return f"{sheet.person.name}{age}"
    return f"{words.one_of} {', '.join(sheet.household)}" if sheet.household else words.somebody


def _clock(at: datetime) -> str:
    return at.astimezone(SWEDEN).strftime("%H.%M")
