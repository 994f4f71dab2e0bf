"""What was promised and seen, for machines (JSON) and for people (Markdown)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from clients.simulated.demo import Played

JSON, MARKDOWN = "report.json", "report.md"


def written(folder: Path, played: Played, order: Mapping[str, object]) -> None:
    """Write both into that folder, which is made. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"scenario": "demo", **order, "kept": played.kept, "promises": [asdict(one) for one in played.promises]}
    (folder / JSON).write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    lines = [
        "# Simulated life: demo",
        "",
        ", ".join(f"{name} {value}" for name, value in order.items()),
        "",
        "| Promise | Goal | Seen | Kept |",
        "|---|---|---|---|",
        *(f"| {one.name} | {one.goal} | {one.seen} | {'yes' if one.holds else '**no**'} |" for one in played.promises),
    ]
    if played.ledger.faults:
        lines += ["", "## Faults", "", *(f"- {fault}" for fault in list(played.ledger.faults)[:50])]
    (folder / MARKDOWN).write_text("\n".join(lines) + "\n", encoding="utf-8")
