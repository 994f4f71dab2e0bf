"""The messages as one JSON Schema, from which the pages' TypeScript types are made: `python -m kit.wire.schema`."""

import json
import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from kit.wire import (
    case,
    client,
    desk,
    event,
    handling,
    home,
    inward,
    lock,
    meet,
    mission,
    outward,
    planning,
    position,
    reserve,
    resident,
    routing,
    session,
    statistics,
    vendors,
    visit,
    watch,
)

MODULES = (
    case,
    client,
    desk,
    event,
    handling,
    home,
    inward,
    lock,
    meet,
    mission,
    outward,
    planning,
    position,
    reserve,
    resident,
    routing,
    session,
    statistics,
    vendors,
    visit,
    watch,
)


class _Untitled(GenerateJsonSchema):
    """Titles would become type names of their own in TypeScript."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False


def _models() -> list[type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {}
    for module in MODULES:
        for name, thing in vars(module).items():
            if isinstance(thing, type) and issubclass(thing, BaseModel) and thing.__module__ == module.__name__:
                found[name] = thing
    return [found[name] for name in sorted(found)]


def wire_schema() -> dict[str, Any]:
    """Every message under `$defs`, sorted; a field with a default counts as there, since we always send it."""
    _, schema = models_json_schema([(model, "serialization") for model in _models()], schema_generator=_Untitled)
    definitions = schema["$defs"]
    for definition in definitions.values():
        definition.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    }


if __name__ == "__main__":
    json.dump(wire_schema(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
