"""Sending one message: a webhook over HTTP, a mail over SMTP, the heartbeat. Each says in a word what came of it."""

import asyncio
import smtplib
import ssl
from datetime import datetime
from email import message_from_string, policy
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import httpx

from alarms.posting import asked
from alarms.watchdog.kept import Message
from alarms.watchdog.notes import SIGNATURE, signature

DELIVERED = "delivered"
SEND_WITHIN = 10.0  # seconds
PORTS = {"smtp": 25, "smtps": 465}


def read_smtp(url: str) -> None:
    """See that a mail server's address can be understood. Raises ValueError with a sentence."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("NATTLJUS_SMTP_URL is smtp://[user:password@]host[:port] or smtps://…")


class Sender:
    """What messages go out through. `secret` signs webhooks; empty leaves them unsigned. `smtp_url` empty: no mail."""

    def __init__(self, http: httpx.AsyncClient, secret: str, smtp_url: str) -> None:
        self._http = http
        self._secret = secret
        self._smtp_url = smtp_url

    async def send(self, message: Message, at: datetime) -> str:
        """`delivered`, or in a word why not: what is not delivered is sent again."""
        if message.means == "email":
            return await self._mail(message)
        body = message.body.encode()
        headers = {"content-type": "application/json"}
        if self._secret:
            headers[SIGNATURE] = signature(self._secret, message.key, at, body)
        return await self._ask("POST", message.address, body, headers)

    async def heartbeat(self, url: str) -> bool:
        """Say that all is well; whether it was heard."""
        return await self._ask("GET", url, None, {}) == DELIVERED

    async def _ask(self, method: str, url: str, body: bytes | None, headers: dict[str, str]) -> str:
        said = await asked(self._http, method, url, body, headers, within=SEND_WITHIN)
        return DELIVERED if said.status is not None and 200 <= said.status < 300 else said.word

    async def _mail(self, message: Message) -> str:
        mail = message_from_string(message.body, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return await send_mail(self._smtp_url, mail)


async def send_mail(smtp_url: str, mail: EmailMessage) -> str:
    """`delivered`, or in a word why not."""
    if not smtp_url:
        return "no mail server"
    try:
        await asyncio.to_thread(_submit, smtp_url, mail)
    except smtplib.SMTPResponseException as error:
        return f"smtp {error.smtp_code}"
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return type(error).__name__
    return DELIVERED


def _submit(url: str, mail: EmailMessage) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    trust = ssl.create_default_context()
    kind = smtplib.SMTP_SSL(host, port, timeout=SEND_WITHIN, context=trust) if parts.scheme == "smtps" else None
    with kind or smtplib.SMTP(host, port, timeout=SEND_WITHIN) as server:
        server.ehlo()
        if kind is None and server.has_extn("starttls"):
            server.starttls(context=trust)
            server.ehlo()
        if parts.username is not None:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(mail)
