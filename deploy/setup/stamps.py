"""What is done already: a stamp lies beside each thing made and holds the hash of all it was made from.

A stamp that matches means there is nothing to do; a thing that is deleted takes its stamp with it.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from deploy.setup.places import ROOT


def digest(files: Iterable[Path], *words: str) -> str:
    """One hash over the names and contents of these files, in any order, and these words."""
    total = hashlib.sha256()
    for word in words:
        total.update(f"{len(word)}:{word}".encode())
    for file in sorted(files):
        content = file.read_bytes()
        total.update(f"{file.relative_to(ROOT)}:{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()


def stands(stamp: Path, wanted: str) -> bool:
    """Whether the stamp is there and says just this."""
    return stamp.is_file() and stamp.read_text() == wanted


def put(stamp: Path, wanted: str) -> None:
    """Say that it is done."""
    stamp.write_text(wanted)
