"""The table of who may do what, drawn from `access.RULES` for README.md: `python -m registry.access_table`."""

import sys

from kit.wire.words import Role
from registry.access import CLIENT, DEVICE, RULES, Act

PARTS = (*(role.value for role in Role), DEVICE, CLIENT)


def access_table() -> str:
    """The rules as a Markdown table: a line for each act, a column for each part; empty cells may not."""
    head = f"| act | {' | '.join(PARTS)} |"
    lines = [head, "|" + "---|" * (len(PARTS) + 1)]
    for act in Act:
        if act is Act.PUBLIC:
            continue  # log-in pages, the page to choose from: nobody is asked who they are
        cells = [(rule.__doc__ or "") if (rule := RULES[act].get(part)) is not None else "" for part in PARTS]
        lines.append(f"| `{act}` | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(access_table() + "\n")
