"""The words of what is told: JSON for webhooks, plain text for mails. No care data, no resident, no device: pure."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from hashlib import sha256

from alarms.core.watch import Acts, Finding, Outage
from alarms.posting import signed
from alarms.watchdog.kept import Contact, Message, Phase
from kit.wire.watch import FindingView, OutageNote, PageNote

SIGNATURE = "nattljus-signature"
"""The header: `t=` seconds since 1970, `v1=` HMAC-SHA256 in hex of those digits, a full stop, and the body."""


def signature(secret: str, key: str, at: datetime, body: bytes) -> str:
    """The signature of a body for whoever goes by `key`; see `key_of`."""
    seconds = int(at.timestamp())
    return f"t={seconds},v1={signed(key_of(secret, key).encode(), str(seconds).encode(), body).hex()}"


def key_of(secret: str, key: str) -> str:
    """What a receiver checks signatures with: the secret itself for pages, one of its own for each contact.

    So no municipality can sign in the name of the platform to another.
    """
    return hmac.new(secret.encode(), key.encode(), sha256).hexdigest() if key else secret


def views(findings: Sequence[Finding]) -> list[FindingView]:
    """Findings as others see them."""
    return [
        FindingView(
            code=finding.trouble.code,
            subject=finding.trouble.subject,
            since=finding.since,
            told_at=finding.told_at,
            details=dict(finding.trouble.details),
        )
        for finding in findings
    ]


def page(acts: Acts, watchdog: str, message_id: str, at: datetime, url: str) -> Message:
    """What the webhook is told of a round."""
    note = PageNote(
        id=message_id,
        watchdog=watchdog,
        at=at,
        begun=views(acts.begun),
        lasting=views(acts.lasting),
        over=views(acts.over),
    )
    return Message(message_id, "page", "", url, note.model_dump_json(), at)


def outage(
    about: Outage, phase: Phase, contact: Contact, message_id: str, at: datetime, *, by_mail: bool, sender: str
) -> Message:
    """What a municipality is told at the start or the end of an outage."""
    if by_mail:
        body = _mail(about, phase, contact, message_id, at, sender)
    else:
        until = at if phase == "over" else None
        codes = sorted(about.codes)
        note = OutageNote(id=message_id, outage=about.id, phase=phase, since=about.since, until=until, codes=codes)
        body = note.model_dump_json()
    return Message(
        id=message_id,
        means="email" if by_mail else "webhook",
        key=contact.id,
        address=contact.email if by_mail else contact.webhook,
        body=body,
        made_at=at,
        outage=about.id,
        phase=phase,
        principal=contact.principal,
    )


def _mail(about: Outage, phase: Phase, contact: Contact, message_id: str, at: datetime, sender: str) -> str:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, contact.email
    mail["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    mail["Date"] = at
    since, until = f"{about.since:%Y-%m-%d %H:%M} UTC", f"{at:%Y-%m-%d %H:%M} UTC"
    codes = ", ".join(sorted(about.codes))
    if phase == "begun":
        mail["Subject"] = f"Nattljus: driftstörning sedan {since} / outage since {since}"
        lines = [
            f"Larm kan vara fördröjda eller utebli sedan {since}. Följ er reservrutin.",
            "Ni får ett nytt meddelande när störningen är över.",
            "",
            f"Alarms may be late or missing since {since}. Follow your fallback routine.",
            "You will be told when it is over.",
        ]
    else:
        mail["Subject"] = f"Nattljus: driftstörningen är över {until} / outage over {until}"
        lines = [
            f"Störningen som började {since} är över sedan {until}.",
            "",
            f"The outage that began at {since} is over since {until}.",
        ]
    mail.set_content("\n".join([*lines, "", f"{about.id}: {codes}", ""]))
    return mail.as_string()
