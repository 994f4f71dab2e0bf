"""The visit's state diagram, drawn from its table: `python -m signaling.core.diagram` prints it for README.md."""

import re

from kit.wire.words import VisitState
from signaling.core.visit import TABLE


def mermaid() -> str:
    """The table as a Mermaid state diagram; events with the same way out stand on one line."""
    lines = ["stateDiagram-v2", "    [*] --> planned"]
    for state in VisitState:
        ways: dict[VisitState, list[str]] = {}
        for event, (_, targets) in TABLE[state].items():
            for to in targets:
                ways.setdefault(to, []).append(_words(event.__name__))
        for to in VisitState:
            if to in ways:
                lines.append(f"    {state} --> {to}: {', '.join(ways[to])}")
    lines.append("    ended --> [*]")
    return "\n".join(lines)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


if __name__ == "__main__":
    print(mermaid())  # noqa: T201 - this is its purpose
