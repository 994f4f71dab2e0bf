"""`nattljus client add|token|list|remove`: other systems of a principal's that ask for themselves."""

from datetime import timedelta
from typing import Annotated

import typer

from alarms.outward.drawing import begin
from deploy.commands.opened import Data, give_up, keys_of, settings_with, with_store
from deploy.commands.registry import SENTENCES
from kit.clock import SystemClock
from kit.errors import Refusal
from kit.store import Store
from kit.tokens import Signer
from registry.access import Scope
from registry.clients import add_client, client_token, clients, end_client

client_app = typer.Typer(no_args_is_help=True, help="Other systems of a principal's.")

Client = Annotated[str, typer.Argument(metavar="ID", help="The client's id.")]


def mount(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(client_app, name="client")


@client_app.command("add")
def client_add(
    client: Client,
    of: Annotated[str, typer.Option("--principal", help="Of this principal.")],
    scopes: Annotated[list[Scope], typer.Option("--scope", help="What it may do; several times for several.")],
    data: Data = None,
) -> None:
    """Enter a system. Events of its principal are kept for it from now on."""

    async def enter(store: Store) -> None:
        at = SystemClock().now()
        async with store.write() as connection:
            await add_client(connection, client, of, scopes, at)
            await begin(connection, of, at)

    try:
        with_store(settings_with(data), enter)
    except Refusal as refusal:
        give_up(SENTENCES[refusal.code].format_map(refusal.detail))
    typer.echo(f"{client} may {' '.join(scopes)} at {of}.")


@client_app.command("token")
def client_token_command(
    client: Client,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is valid.")] = 365,
    renew: Annotated[bool, typer.Option("--renew", help="Tokens from before are worth nothing from now on.")] = False,
    data: Data = None,
) -> None:
    """A bearer token for the system, alone on a line."""
    settings = settings_with(data)
    signer = Signer(keys_of(settings))

    async def issue(store: Store) -> str | None:
        async with store.write() as connection:
            at = SystemClock().now()
            return await client_token(connection, signer, client, at, timedelta(days=days), renew=renew)

    token = with_store(settings, issue)
    if token is None:
        give_up(f"There is no client {client}. Enter it with: nattljus client add")
    typer.echo(token)


@client_app.command("list")
def client_list(data: Data = None) -> None:
    """Every system, a line each: id, principal, scopes, and when it was removed."""

    async def read(store: Store) -> list[str]:
        async with store.read() as connection:
            rows = await clients(connection)
        ended = {row["id"]: f"removed {row['ends_at']:%Y-%m-%d}" for row in rows if row["ends_at"] is not None}
        return ["\t".join((row["id"], row["principal"], row["scopes"], ended.get(row["id"], ""))) for row in rows]

    for line in with_store(settings_with(data), read):
        typer.echo(line)


@client_app.command("remove")
def client_remove(client: Client, data: Data = None) -> None:
    """From now on its tokens are worth nothing."""

    async def end(store: Store) -> bool:
        async with store.write() as connection:
            return await end_client(connection, client, SystemClock().now())

    if not with_store(settings_with(data), end):
        give_up(f"There is no client {client}.")
