"""The sockets' messages as an AsyncAPI 3.0 document, made from the same schema as the pages' types."""

from typing import Any

from kit.wire.schema import wire_schema

CHANNELS = {
    "desk": ("/api/v1/desk", ["Hello", "Command"], ["Snapshot", "Change", "Beat", "Done", "Refused"]),
    "home": ("/api/v1/home", [], ["HomeStatus", "HomeBeat"]),
    "meet": (
        "/api/v1/meet",
        ["MeetHello", "MeetHere", "MeetSeen", "MeetTrouble", "MeetLeave"],
        ["MeetState", "MeetVisit", "MeetBeat"],
    ),
    "missions": ("/api/v1/missions/live", [], ["MissionsNow", "MissionsBeat"]),
}


def asyncapi() -> dict[str, Any]:
    """What a page sends and hears on each socket."""
    schemas = _moved(wire_schema()["$defs"])
    operations: dict[str, Any] = {}
    channels: dict[str, Any] = {}
    for name, (address, sent, heard) in CHANNELS.items():
        channels[name] = {
            "address": address,
            "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in [*sent, *heard]},
        }
        # AsyncAPI speaks from the server's side: it receives what the page sends.
        for action, messages in (("receive", sent), ("send", heard)):
            if messages:
                operations[f"{name}-{action}"] = {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{name}"},
                    "messages": [{"$ref": f"#/channels/{name}/messages/{each}"} for each in messages],
                }
    used = [each for _, sent, heard in CHANNELS.values() for each in [*sent, *heard]]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Nattljus", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {each: {"payload": {"$ref": f"#/components/schemas/{each}"}} for each in used},
            "schemas": schemas,
        },
    }


def _moved(part: Any) -> Any:
    """The same schema with references to where AsyncAPI keeps schemas."""
    if isinstance(part, dict):
        return {
            name: value.replace("#/$defs/", "#/components/schemas/") if name == "$ref" else _moved(value)
            for name, value in part.items()
        }
    return [_moved(each) for each in part] if isinstance(part, list) else part
