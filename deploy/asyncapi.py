"""The sockets' messages as an AsyncAPI 3.0 document, made from the same schema as the pages' types."""

from typing import Any

from fastapi import FastAPI

from kit.wire.event import DeviceEvent
from kit.wire.schema import wire_schema
from registry.access import Act
from registry.session_web import asks

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

# What is not a socket: address (none where the principal's own is posted to), method, what it is.
OUTWARD = {
    "webhook": (None, "POST", "Each event at least once, in order within its case; signed (alarms/outward/README.md)."),
    "events": ("/api/v1/events", "GET", "The same events, fetched with a cursor (EventPage in the OpenAPI)."),
}
HEADERS = {
    "type": "object",
    "properties": {
        "webhook-id": {"type": "string", "description": "The event's id."},
        "webhook-timestamp": {"type": "string", "description": "When it was sent, in seconds since 1970."},
        "webhook-signature": {"type": "string", "description": "v1, and HMAC-SHA256 in base64; two while keys change."},
    },
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
    for name, (where, method, description) in OUTWARD.items():
        event = {"OutwardEvent": {"$ref": "#/components/messages/OutwardEvent"}}
        channels[name] = {"address": where, "description": description, "messages": event}
        operations[f"{name}-send"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/OutwardEvent"}],
            "bindings": {"http": {"method": method}},
        }
    used = [each for _, sent, heard in CHANNELS.values() for each in [*sent, *heard]]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Nattljus", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {
                **{each: {"payload": {"$ref": f"#/components/schemas/{each}"}} for each in used},
                "OutwardEvent": {
                    "contentType": "application/cloudevents+json",
                    "headers": HEADERS,
                    "payload": {"$ref": "#/components/schemas/OutwardEvent"},
                },
            },
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


def document_events(app: FastAPI) -> None:
    """Name the event's shape in the OpenAPI, since its route reads the body itself, and serve the sockets' AsyncAPI."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        described = made()
        event = DeviceEvent.model_json_schema(ref_template="#/components/schemas/{model}")
        described["components"]["schemas"].setdefault("DeviceEvent", event)
        return described

    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/api/asyncapi.json", tags=["health"], openapi_extra=asks(Act.PUBLIC))
    async def sockets() -> dict[str, Any]:
        """The messages of the sockets, as AsyncAPI 3."""
        return asyncapi()
