"""What receivers keep of their own: vendors' integrations."""

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, String, Table, Text

from kit.store import Id, Moment, metadata

# A vendor's service that calls us for a principal. `secret` is sealed about the integration's id; `scheme` is how calls
# are signed (none: the secret stands in the address), `mapping` where the vendor's JSON says what. `ended_at`: no more.
vendor_integration = Table(
    "vendor_integration",
    metadata,
    Column("id", Id, primary_key=True),
    Column("principal", Id, ForeignKey("principal.id"), nullable=False, index=True),
    Column("vendor", String(20), nullable=False),
    Column("name", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("scheme", JSON(none_as_null=True)),
    Column("mapping", JSON(none_as_null=True)),
    Column("added_by", Id, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("ended_by", Id),
    Column("ended_at", Moment),
)
