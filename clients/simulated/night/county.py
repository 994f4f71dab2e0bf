"""Who lives in the night's county: invented municipalities, people and devices, the same ones every time. Pure.

Resident number n is the same person in the same place whatever the number of residents, so that nights of different
sizes share one registry. All ids begin with `night-`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from random import Random

CENTRAL = ("night-larmcentral", "Larmcentralen Natt")
SUPERVISOR = "night-supervisor"
FIRST_ACCOUNT = 77_000_000


class Way(StrEnum):
    """How a device speaks."""

    UDP = "SCAIP/UDP"
    TCP = "SCAIP/TCP"
    HTTP = "HTTP"


@dataclass(frozen=True, slots=True)
class Area:
    """Homes around one mast: one unit of a municipality."""

    id: str
    principal: str
    name: str
    town: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A principal with its share of the county's residents and its two units."""

    id: str
    name: str
    share: float
    areas: tuple[Area, Area]


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody at home with one device."""

    number: int
    name: str
    area: Area
    way: Way

    @property
    def id(self) -> str:
        """The resident's id."""
        return f"night-resident-{self.number}"

    @property
    def home(self) -> str:
        """The home's id."""
        return f"night-home-{self.number}"

    @property
    def device(self) -> str:
        """The device's id, by which an HTTP device calls itself too."""
        return f"night-device-{self.number}"

    @property
    def account(self) -> str:
        """What the device calls itself."""
        return self.device if self.way is Way.HTTP else str(FIRST_ACCOUNT + self.number)


def _municipality(key: str, name: str, share: float, towns: tuple[str, str]) -> Municipality:
    principal = f"night-{key}"
    north, south = (
        Area(f"{principal}-{place}", principal, f"Hemtjänst {town}", town)
        for place, town in zip(("norr", "soder"), towns, strict=True)
    )
    return Municipality(principal, f"{name} kommun", share, (north, south))


COUNTY: Sequence[Municipality] = (
    _municipality("granstad", "Granstads", 0.32, ("Granstad", "Mosslunda")),
    _municipality("sjovalla", "Sjövalla", 0.22, ("Sjövalla", "Vassudden")),
    _municipality("asbohult", "Åsbohults", 0.16, ("Åsbohult", "Kråkebo")),
    _municipality("kvarnlosa", "Kvarnlösa", 0.12, ("Kvarnlösa", "Hjulnäs")),
    _municipality("lindvad", "Lindvads", 0.10, ("Lindvad", "Ängsmark")),
    _municipality("skarvholm", "Skarvholms", 0.08, ("Skarvholm", "Yttervik")),
)


def areas() -> tuple[Area, ...]:
    """Every area of the county."""
    return tuple(area for one in COUNTY for area in one.areas)


FIRST_NAMES = (
    "Aina", "Alf", "Anna-Lisa", "Arne", "Astrid", "Bengt", "Birgit", "Britta", "Dagny", "Edvin", "Elsa", "Erik",
    "Folke", "Gerd", "Greta", "Gunnar", "Gustav", "Hjördis", "Inga", "Ivar", "Karl-Erik", "Karin", "Lennart",
    "Maj-Britt", "Margit", "Nils", "Olle", "Ragnhild", "Rune", "Sigvard", "Siv", "Stina", "Sven", "Tage", "Vera", "Åke",
)  # fmt: skip
LAST_NAMES = (
    "Alm", "Berg", "Blom", "Dal", "Ek", "Fors", "Gran", "Hed", "Holm", "Kvist", "Lind", "Ljung", "Mark", "Norén",
    "Rask", "Sand", "Sjö", "Strand", "Sund", "Vik", "Wall", "Ås", "Öberg", "Österman",
)  # fmt: skip


@cache
def resident(number: int) -> Resident:
    """The resident of that number, from 1."""
    dice = Random(f"night resident {number}")  # noqa: S311 - it settles invented people, and guards nothing
    [municipality] = dice.choices(COUNTY, [one.share for one in COUNTY])
    area = municipality.areas[dice.random() < 0.5]
    [way] = dice.choices(list(Way), [0.4, 0.4, 0.2])
    return Resident(number, f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}", area, way)


def residents(count: int) -> tuple[Resident, ...]:
    """The first so many."""
    return tuple(resident(number) for number in range(1, count + 1))


def operators(count: int) -> tuple[str, ...]:
    """The ids of that many operators at the central."""
    return tuple(f"night-operator-{number}" for number in range(1, count + 1))


def responders(area: Area, count: int) -> tuple[str, ...]:
    """The ids of that many responders of an area."""
    return tuple(f"{area.id}-worker-{number}" for number in range(1, count + 1))


def name_of(staff: str) -> str:
    """What somebody of the staff with that id is called."""
    dice = Random(f"night staff {staff}")  # noqa: S311 - as above
    return f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}"


def area_near(people: Iterable[Resident], share: float) -> Area:
    """The area in which about that share of these people live. Raises ValueError when there are none."""
    living: dict[Area, int] = {}
    for one in people:
        living[one.area] = living.get(one.area, 0) + 1
    total = sum(living.values())
    return min(living, key=lambda area: (abs(living[area] / total - share), area.id))
