"""The case's state diagram, drawn from its table: `python -m alarms.core.diagram` prints it for README.md."""

import re

from alarms.core.case import TABLE
from kit.wire.words import CaseState


def mermaid() -> str:
    """The table as a Mermaid state diagram; events that stay in a state stand on one line."""
    lines = ["stateDiagram-v2", "    [*] --> raised"]
    for state in CaseState:
        staying = [_words(event.__name__) for event, (_, to) in TABLE[state].items() if to is state]
        for event, (_, to) in TABLE[state].items():
            if to is not state:
                lines.append(f"    {state} --> {to}: {_words(event.__name__)}")
        if staying:
            lines.append(f"    {state} --> {state}: {', '.join(staying)}")
    lines.append("    closed --> [*]")
    return "\n".join(lines)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


if __name__ == "__main__":
    print(mermaid())  # noqa: T201 - this is its purpose
