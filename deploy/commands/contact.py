"""`nattljus contact add|list|remove`: who in a municipality is told of an outage."""

from typing import Annotated

import typer
from sqlalchemy import select

from alarms.watchdog.contacts import ANY_WEB, contact_fault, put_contact, remove_contact
from alarms.watchdog.notes import key_of
from alarms.watchdog.tables import outage_contact
from deploy.commands.opened import Data, give_up, settings_with, with_store
from kit.store import Store
from registry.sheet import ID
from registry.tables import principal

contact_app = typer.Typer(no_args_is_help=True, help="Who in a municipality is told of an outage.")


def mount(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(contact_app, name="contact")


@contact_app.command("add")
def contact_add(
    contact: Annotated[str, typer.Argument(metavar="ID", help="The contact's id.")],
    of: Annotated[str, typer.Option("--principal", help="Of this principal.")],
    name: Annotated[str, typer.Option(help="What the contact is called, such as a function.")],
    email: Annotated[str, typer.Option(help="Told by mail here.")] = "",
    webhook: Annotated[str, typer.Option(help="Told by a POST of JSON to this https address.")] = "",
    data: Data = None,
) -> None:
    """Enter somebody, or change who is entered already. The watchdog knows of it within a minute."""
    if not ID.fullmatch(contact):
        give_up(f"{contact} cannot be an id. Use letters a-z, digits, and . _ : - (at most 80).")
    match contact_fault(email, webhook, ANY_WEB):
        case "contact_means":
            give_up("Say how with --email, --webhook, or both.")
        case "contact_email":
            give_up(f"{email} is no mail address.")
        case "contact_webhook":
            give_up(f"{webhook} is no web address.")
    settings = settings_with(data)

    async def enter(store: Store) -> bool:
        async with store.write() as connection:
            if await connection.scalar(select(principal.c.id).where(principal.c.id == of)) is None:
                return False
            row = {"id": contact, "principal": of, "name": name, "email": email, "webhook": webhook}
            await put_contact(connection, row)
            return True

    if not with_store(settings, enter):
        give_up(f"There is no {of} in the registry. Look at how it is spelled.")
    secret = settings.watchdog_webhook_secret.get_secret_value()
    if webhook and secret:
        typer.echo(f"Its webhooks are signed with {key_of(secret, contact)}")
    elif webhook:
        typer.echo("Its webhooks are not signed. Set NATTLJUS_WATCHDOG_WEBHOOK_SECRET.", err=True)


@contact_app.command("list")
def contact_list(data: Data = None) -> None:
    """Everybody who is told, a line each."""

    async def read(store: Store) -> list[str]:
        async with store.read() as connection:
            rows = (await connection.execute(select(outage_contact).order_by(outage_contact.c.id))).mappings().all()
        return ["\t".join(row[name] for name in ("id", "principal", "name", "email", "webhook")) for row in rows]

    for line in with_store(settings_with(data), read):
        typer.echo(line)


@contact_app.command("remove")
def contact_remove(
    contact: Annotated[str, typer.Argument(metavar="ID", help="The contact's id.")], data: Data = None
) -> None:
    """Tell somebody no more."""

    async def remove(store: Store) -> int:
        async with store.write() as connection:
            return await remove_contact(connection, contact)

    if not with_store(settings_with(data), remove):
        give_up(f"There is no contact {contact}.")
