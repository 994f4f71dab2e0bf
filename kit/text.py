"""Text from outside, made fit to be stored and shown."""

import unicodedata


def printable(text: str, most: int) -> str:
    """The text without control characters, lone surrogates and NUL (which no database takes), at most that long."""
    kept = (letter for letter in text[: most * 2] if unicodedata.category(letter) not in {"Cc", "Cs", "Cn"})
    return "".join(kept)[:most]
