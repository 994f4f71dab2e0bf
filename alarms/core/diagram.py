"""State diagrams, drawn from the machines' tables: `python -m alarms.core.diagram` prints them for README.md."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from alarms.core import call, case


def mermaid(table: Mapping[Any, Mapping[type, tuple[Any, StrEnum]]] = case.TABLE) -> str:
    """The table as a Mermaid state diagram; events that stay in a state stand on one line.

    The table's first state is where it begins, its last where it ends.
    """
    states = list(table)
    lines = ["stateDiagram-v2", f"    [*] --> {states[0]}"]
    for state in states:
        staying = [_words(event.__name__) for event, (_, to) in table[state].items() if to is state]
        for event, (_, to) in table[state].items():
            if to is not state:
                lines.append(f"    {state} --> {to}: {_words(event.__name__)}")
        if staying:
            lines.append(f"    {state} --> {state}: {', '.join(staying)}")
    lines.append(f"    {states[-1]} --> [*]")
    return "\n".join(lines)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


if __name__ == "__main__":
    for table in (case.TABLE, call.TABLE):
        print(mermaid(table))  # noqa: T201 - this is its purpose
