"""Who plays: people and things of the demonstration, by the names that it promises to keep."""

from dataclasses import dataclass

EVERYBODY = 20
GENTLE = range(13, 21)  # the others are left to whoever tries things out
IN_NORR = 10  # the unit of residents 1 to 10; the others are of Söder
WITH_LOCK = 5
WITH_NUKI = 3

OPERATORS = ("demo-operator-1", "demo-operator-2")
SUPERVISOR = "demo-supervisor"
WORKERS = {True: ("demo-worker-1", "demo-worker-2"), False: ("demo-worker-3", "demo-worker-4")}
PRINCIPAL = "demo-kommun"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody at home, with a SCAIP device, a tablet and perhaps a lock."""

    number: int

    @property
    def id(self) -> str:
        """The resident's id; being that resident is having the tablet."""
        return f"demo-resident-{self.number}"

    @property
    def account(self) -> str:
        """What the SCAIP device calls itself."""
        return f"{100_000 + self.number}"

    @property
    def app(self) -> str:
        """The tablet."""
        return f"demo-app-{self.number}"

    @property
    def lock(self) -> str | None:
        """The lock of the door, none where there is none."""
        return f"demo-lock-{self.number}" if self.number <= WITH_LOCK else None

    @property
    def nuki(self) -> bool:
        """Whether that lock speaks Nuki's own topics."""
        return self.number <= WITH_NUKI

    @property
    def workers(self) -> tuple[str, ...]:
        """Who works where this resident lives, and so may visit."""
        return WORKERS[self.number <= IN_NORR]


def residents(count: int, *, gentle: bool) -> tuple[Resident, ...]:
    """The residents who take part."""
    numbers = GENTLE if gentle else range(1, min(count, EVERYBODY) + 1)
    return tuple(Resident(number) for number in numbers)
