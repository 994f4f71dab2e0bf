"""Three kinds of error, kept apart (design.md, rule 7).

- a bug of ours is any other exception: the task crashes, somebody is paged;
- `PeerError`: the other side broke its protocol: refuse, count, log without personal data;
- `Refusal`: normal business that may not happen now: a stable code, text made at the edge.

`StorageDown` and `Conflict` are none of these: the store cannot answer, which each protocol has its own words for, or
another transaction was in the way, which a second try mends.
"""


class PeerError(Exception):
    """The peer broke its protocol. `code` is stable; the text carries no personal data."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Refusal(Exception):
    """What was asked may not happen now. `status` is the HTTP status; `detail` completes the sentence."""

    def __init__(self, code: str, status: int = 409, **detail: str | None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.detail = detail


class StorageDown(Exception):
    """Nothing was stored. The caller tells its peer so, in the peer's own protocol."""


class Conflict(Exception):
    """Nothing was stored, because another transaction was in the way (a deadlock, for one): begin again.

    Who may not begin again treats it as `StorageDown`.
    """
