"""Vendors' webhooks: how a vendor's integration is entered, how its calls are signed, and where its JSON says what.

`POST /api/v1/vendor-integrations` takes `AddIntegration` and answers `IntegrationAdded`, the only time the secret is
shown; `GET` lists `Integrations`. The vendor then calls `POST /api/v1/device/webhooks/{vendor}/{integration}`.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kit.wire.model import At, Wire

Vendor = Literal["generic", "tedee"]
Header = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Pointer = Annotated[str, Field(pattern=r"^(/[^/\x00]{1,64}){0,8}$")]
"""A JSON pointer (RFC 6901) into a vendor's event; empty is the whole."""
Name = Annotated[str, Field(min_length=1, max_length=64)]


class SignatureScheme(Wire):
    """How a vendor signs its calls: HMAC over `id.timestamp.body`, each part where the vendor has it.

    `header` holds one signature or several (with commas or spaces between), each after `prefix`. Where there is no
    `timestamp_header`, the time stands in `header` as `t=`. As it is, this is how Nattljus signs its own webhooks;
    Standard Webhooks are `webhook-signature`, `base64`, `timestamp_header` `webhook-timestamp`, `id_header`
    `webhook-id`, no prefix, and `key_encoding` `base64`.
    """

    header: Header = "nattljus-signature"
    digest: Literal["sha256", "sha384", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9_=-]{0,20}$")] = "v1="
    timestamp_header: Header | None = None
    id_header: Header | None = None
    key_encoding: Literal["text", "base64"] = "text"
    tolerance_s: Annotated[int, Field(ge=30, le=3600)] = 300


class MappedType(Wire):
    """What a vendor's event type is here: our `type`, `data` as it is written here, and what is `taken` from theirs."""

    type: Annotated[str, Field(pattern=r"^nattljus\.[a-z._]{1,60}$")]
    data: Annotated[dict[Name, str | int], Field(max_length=20)] = Field(default_factory=dict)
    taken: Annotated[dict[Name, Pointer], Field(max_length=20)] = Field(default_factory=dict)


class EventMapping(Wire):
    """Where a vendor's JSON says what. As it is, CloudEvents whose `subject` is the device.

    `events` is where the event, or the list of events, stands. Of `times` the first that is there is when it occurred:
    put `occurred_at` before `created_at`. Without `types` theirs are taken as ours, with `data` as it stands; with
    them, types that are not named are passed over.
    """

    events: Pointer = ""
    id: Pointer = "/id"
    type: Pointer = "/type"
    device: Pointer = "/subject"
    times: Annotated[list[Pointer], Field(min_length=1, max_length=4)] = Field(default_factory=lambda: ["/time"])
    data: Pointer = "/data"
    types: Annotated[dict[Annotated[str, Field(max_length=128)], MappedType], Field(max_length=100)] | None = None


class AddIntegration(Wire):
    """A vendor's integration to enter. Without a `secret` one is drawn.

    Without `scheme` a generic vendor signs as we do; Tedee signs nothing, and its secret stands in the address.
    """

    vendor: Vendor
    name: Annotated[str, Field(min_length=1, max_length=120)]
    secret: Annotated[str, Field(min_length=16, max_length=200)] | None = None
    scheme: SignatureScheme | None = None
    mapping: EventMapping | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.vendor != "generic" and self.mapping is not None:
            raise ValueError("only a generic vendor has a mapping")
        return self


class Integration(Wire):
    """An integration as administrators see it: never its secret. `path` is where the vendor calls."""

    id: str
    vendor: Vendor
    name: str
    path: str
    scheme: SignatureScheme | None
    mapping: EventMapping | None
    added_by: str
    added_at: At


class IntegrationAdded(Wire):
    """What is there now, and the secret, this once. `path` has it in it where the vendor signs nothing."""

    integration: Integration
    secret: str
    path: str


class Integrations(Wire):
    """A principal's integrations, by id."""

    items: list[Integration]


class VendorAccepted(Wire):
    """`accepted` events are stored, `passed` are of no interest here, `refused` could not be understood."""

    accepted: int
    passed: int
    refused: int
