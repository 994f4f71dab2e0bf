"""What is told, in words: enough to act on, and nothing of anybody."""

from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from email.message import EmailMessage

from alarms.core.watch import Acts, Finding, Outage, Trouble
from alarms.watchdog import notes
from alarms.watchdog.kept import Contact
from kit.wire.watch import FindingCode, OutageNote, PageNote

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
CONTACT = Contact("contact-1", "kommun", "Larmansvarig", "larm@kommun.test", "https://kommun.test/hook")
OUTAGE = Outage("outage-1", AT, frozenset({FindingCode.RECEIVER_SILENT}), AT + timedelta(minutes=2))


def mail(phase: notes.Phase) -> EmailMessage:
    message = notes.outage(
        OUTAGE, phase, CONTACT, "told-1", AT + timedelta(hours=1), by_mail=True, sender="nattljus@central.test"
    )
    assert (message.means, message.address, message.key) == ("email", CONTACT.email, CONTACT.id)
    read = message_from_string(message.body, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_mail_says_since_when_and_what_to_do_in_both_languages() -> None:
    begun = mail("begun")
    assert begun["To"] == CONTACT.email
    assert begun["Message-ID"] == "<told-1@central.test>"
    text = begun.get_content()
    assert "2026-01-15 03:10 UTC" in text
    assert "Följ er reservrutin" in text
    assert "Follow your fallback routine" in text
    assert "outage-1: receiver_silent" in text


def test_the_end_is_told_with_its_time() -> None:
    text = mail("over").get_content()
    assert "2026-01-15 04:10 UTC" in text
    assert "är över" in text


def test_a_webhook_says_the_same_in_json_that_its_schema_reads() -> None:
    message = notes.outage(OUTAGE, "over", CONTACT, "told-2", AT + timedelta(hours=1), by_mail=False, sender="")
    note = OutageNote.model_validate_json(message.body)
    assert (note.outage, note.phase, note.since, note.until) == ("outage-1", "over", AT, AT + timedelta(hours=1))
    assert (message.means, message.address) == ("webhook", CONTACT.webhook)


def test_a_page_holds_what_began_what_lasts_and_what_is_over() -> None:
    finding = Finding(Trouble(FindingCode.CASE_WITHOUT_STEP, "", {"cases": 1, "case": "case-1"}), AT, AT)
    message = notes.page(Acts(begun=(finding,), over=(finding,)), "watchdog-1", "page-1", AT, "https://pager.test/")
    note = PageNote.model_validate_json(message.body)
    assert [one.code for one in (*note.begun, *note.over)] == [FindingCode.CASE_WITHOUT_STEP] * 2
    assert note.lasting == []
    assert note.begun[0].details == {"cases": 1, "case": "case-1"}


def test_each_contact_has_a_key_of_its_own_and_the_pager_has_the_secret() -> None:
    assert notes.key_of("secret", "") == "secret"
    keys = {notes.key_of("secret", contact) for contact in ("contact-1", "contact-2")}
    assert len(keys) == 2
    assert "secret" not in keys
    assert notes.signature("secret", "", AT, b"a") != notes.signature("secret", "", AT, b"b")
