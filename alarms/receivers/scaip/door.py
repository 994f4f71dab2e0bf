"""Who is heard: each message is held against its device's policy, by the account that it names.

Rules: the account in the message, its credentials' user and the policy's device are one. A wrong password hears 403
and is counted; whoever has shown none, or an old nonce, is challenged (401). Nothing is stored of what is refused, and
it is answered without asking the database.
"""

import json
from dataclasses import dataclass
from hmac import compare_digest

from alarms.receivers.scaip import sip
from alarms.receivers.scaip.digest import (
    Algorithm,
    Credentials,
    Freshness,
    Nonces,
    challenges,
    hashed_password,
    knows,
    read_credentials,
)
from alarms.receivers.scaip.flow import Way
from alarms.receivers.scaip.policy import Asks, Known, Nothing, Policy
from alarms.receivers.scaip.unproven import Unproven
from kit.clock import Clock
from kit.log import get_logger
from kit.metrics import counter
from kit.seal import SealError, open_sealed, seal

log = get_logger(__name__)

PURPOSE = "scaip digest"

admissions = counter("scaip_admissions_total", "Messages of devices that are asked who they are", ["outcome"])


@dataclass(frozen=True, slots=True)
class Refused:
    """What a message that is not let in is answered."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()


class Door:
    """Asks devices for what their policies say. `keys` are the secret keys that passwords are sealed with."""

    def __init__(self, clock: Clock, unproven: Unproven, *, known: Known | None = None, keys: tuple[str, ...] = ()):
        self._clock = clock
        self._unproven = unproven
        self._known = known or Nothing()
        self._keys = keys
        self._nonces = Nonces()

    @property
    def ready(self) -> bool:
        """Whether it is known who is to be asked."""
        return self._known.ready

    def policy(self, account: str) -> Policy:
        """What is asked of that account, and how it is answered."""
        return self._known.of(account)

    def refuses(self, account: str, request: sip.Request, way: Way, *, person: bool) -> Refused | None:
        """None for a message that may be heard, else what to answer. `person`: it is a person's alarm."""
        policy = self.policy(account)
        match policy.asks:
            case Asks.NONE:
                return None
            case Asks.CERTIFICATE:
                why, refused = self._certificate(policy, way)
            case Asks.DIGEST:
                why, refused = self._digest(account, policy, request)
        admissions.labels(outcome=why).inc()
        if refused is None:
            self._unproven.proven(account)
        else:
            challenged = refused.status == 401
            self._unproven.attempted(account, why, request.body, challenged=challenged, person=person)
        return refused

    @staticmethod
    def _certificate(policy: Policy, way: Way) -> tuple[str, Refused | None]:
        shown = way.flow.certificate
        if shown and policy.fingerprint and compare_digest(shown, policy.fingerprint):
            return "let_in", None
        return "wrong_certificate" if shown else "no_certificate", Refused(403)

    def _digest(self, account: str, policy: Policy, request: sip.Request) -> tuple[str, Refused | None]:
        credentials = read_credentials(request.head.all("authorization"))
        at = self._clock.monotonic()
        if credentials is None:
            return "no_password", self._challenge(policy, at, stale=False)
        if credentials.username != account or not self._knows(policy, credentials, request.method):
            return "wrong_password", Refused(403)
        match self._nonces.use(credentials.nonce, credentials.number, at):
            case Freshness.FRESH:
                return "let_in", None
            case other:
                return other.value, self._challenge(policy, at, stale=True)

    def _challenge(self, policy: Policy, at: float, *, stale: bool) -> Refused:
        offered = (Algorithm.MD5,) if policy.model.md5_only else tuple(Algorithm)
        return Refused(401, challenges(self._nonces.issue(at), stale=stale, algorithms=offered))

    def _knows(self, policy: Policy, credentials: Credentials, method: str) -> bool:
        try:
            hashed = open_sealed(policy.secret, self._keys, purpose=PURPOSE, about=policy.device)
        except SealError as error:
            log.error("scaip_password_unreadable", device=policy.device, why=str(error))
            return False
        return knows(credentials, method, json.loads(hashed)[credentials.algorithm])


def sealed_password(keys: tuple[str, ...], device: str, account: str, password: str) -> bytes:
    """A password as it is kept: its two hashes, sealed for that device."""
    hashed = {algorithm.value: hashed_password(algorithm, account, password) for algorithm in Algorithm}
    return seal(json.dumps(hashed).encode(), keys, purpose=PURPOSE, about=device)
