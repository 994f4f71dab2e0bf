"""The mission's state diagram, drawn from its table; `python -m alarms.core.mission_diagram` prints it."""

import re

from alarms.core.mission import TABLE
from kit.wire.mission_words import MissionState


def mermaid() -> str:
    """The table as a Mermaid state diagram; events with the same way out stand on one line."""
    lines = ["stateDiagram-v2", "    [*] --> sent"]
    for state in MissionState:
        ways: dict[MissionState, list[str]] = {}
        for event, (_, targets) in TABLE[state].items():
            for to in targets:
                ways.setdefault(to, []).append(_words(event.__name__))
        lines += [f"    {state} --> {to}: {', '.join(ways[to])}" for to in MissionState if to in ways]
        if not TABLE[state]:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines)


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


if __name__ == "__main__":
    print(mermaid())  # noqa: T201 - this is its purpose
