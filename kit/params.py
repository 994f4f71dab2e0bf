"""What routes take in their path and query, where it is the same everywhere."""

from typing import Annotated

from fastapi import Path, Query

from kit.ids import ID

Id = Annotated[str, Path(pattern=ID)]
OptionalId = Annotated[str | None, Query(pattern=ID)]
ForCase = Annotated[str | None, Query(pattern=ID, description="The case for which one looks.")]
Limit = Annotated[int, Query(ge=1, le=200)]
"""How many of a list to show at the most."""
