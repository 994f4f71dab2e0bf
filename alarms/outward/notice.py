"""The administrator is told that a receiver takes nothing any more, and that it does again: a mail, no care data."""

from datetime import datetime
from email.message import EmailMessage
from typing import Literal

from sqlalchemy import update

from alarms.core.outward import Receiver, notice_due
from alarms.outward.tables import subscription
from alarms.watchdog.contacts import contacts_of
from alarms.watchdog.sending import DELIVERED, send_mail
from kit.log import get_logger
from kit.store import Store

log = get_logger(__name__)

Phase = Literal["begun", "over"]


class Notices:
    """Tells the outage contacts of the subscription's principal. Without a mail server it is only in the log."""

    def __init__(self, store: Store, smtp_url: str, smtp_from: str) -> None:
        self._store = store
        self._smtp_url = smtp_url
        self._from = smtp_from

    async def tell(self, subscription_id: str, principal: str, receiver: Receiver, told: bool, at: datetime) -> None:
        """Tell what is to be told of this subscription now, if anything is."""
        phase = notice_due(receiver, told, at)
        if phase is None:
            return
        if not await self._claim(subscription_id, phase, at):
            return  # another process tells it
        async with self._store.read() as connection:
            addresses = [row["email"] for row in await contacts_of(connection, principal) if row["email"]]
        outcomes = [await send_mail(self._smtp_url, self._mail(subscription_id, phase, to, at)) for to in addresses]
        log.warning("subscription_notice", subscription=subscription_id, phase=phase, outcomes=outcomes)
        if outcomes and self._smtp_url and DELIVERED not in outcomes:
            await self._claim(subscription_id, "over" if phase == "begun" else "begun", at)  # told at the next round

    async def _claim(self, subscription_id: str, phase: Phase, at: datetime) -> bool:
        """Note that it is told; whether nobody had noted it before."""
        one = subscription
        untold = one.c.notice_at.is_(None) if phase == "begun" else one.c.notice_at.is_not(None)
        noted = (
            update(one).where(one.c.id == subscription_id, untold).values(notice_at=at if phase == "begun" else None)
        )
        async with self._store.write() as connection:
            return (await connection.execute(noted)).rowcount == 1

    def _mail(self, subscription_id: str, phase: Phase, to: str, at: datetime) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Date"] = self._from, to, at
        if phase == "begun":
            mail["Subject"] = f"Nattljus: prenumeration {subscription_id} är pausad / subscription paused"
            lines = [
                "Mottagaren tar inte emot händelser. Inget är förlorat: de sparas i sju dygn och sänds när den svarar.",
                "Larm och larmmottagning påverkas inte.",
                "",
                "The receiver takes no events. None is lost: they are kept for seven days and sent when it answers.",
                "Alarms and their handling are not affected.",
            ]
        else:
            mail["Subject"] = f"Nattljus: prenumeration {subscription_id} går igen / subscription resumed"
            lines = ["Mottagaren tar emot händelser igen.", "", "The receiver takes events again."]
        mail.set_content("\n".join([*lines, "", f"{subscription_id} {at:%Y-%m-%d %H:%M} UTC", ""]))
        return mail
