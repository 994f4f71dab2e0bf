"""Who is using a page."""

from kit.wire.model import At, Wire
from kit.wire.words import Role


class SessionView(Wire):
    """The person, role and unit behind this session. A resident's device has `device` and no role."""

    person: str | None
    name: str
    role: Role | None
    unit: str | None
    device: str | None
    expires_at: At


class DemoPerson(Wire):
    """Somebody to be, in the demonstration only. `page` is where that person works."""

    id: str
    name: str
    what: str
    page: str


class DemoPeople(Wire):
    """Everybody the demonstration offers."""

    items: list[DemoPerson]
