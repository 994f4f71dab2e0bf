"""The registry from the shell: enter people and devices, import a table, make tokens, check the access log.

`nattljus person add`, `device add`, `device key`, `device token`, `lock add`, `product approve`, `import`,
`token create`, `audit verify`.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.receivers.dc09.keys import set_key
from deploy.commands.device import asking, device_ask, promise
from deploy.commands.opened import Data, give_up, keys_of, settings_with, with_store
from kit.clock import SystemClock
from kit.errors import Refusal
from kit.store import Store
from kit.tokens import Signer
from kit.wire.words import Radio, Role
from registry import enter, find
from registry.chain import ChainReport, Fault
from registry.inventory.acts import set_model
from registry.publication import Product, publish
from registry.seal import verify
from registry.sessions import choose_assignment, device_token, issue_person_token
from registry.sheet import Sheet, read_sheet

T = TypeVar("T")


class Opening(StrEnum):
    """What opens a door."""

    UNLATCH = "unlatch"
    UNLOCK = "unlock"


person_app = typer.Typer(no_args_is_help=True, help="People who work here.")
lock_app = typer.Typer(no_args_is_help=True, help="Locks at residents' doors.")
device_app = typer.Typer(no_args_is_help=True, help="Devices at residents' homes.")
product_app = typer.Typer(no_args_is_help=True, help="What a principal offers its residents.")
device_app.command("ask")(device_ask)
token_app = typer.Typer(no_args_is_help=True, help="Tokens for the API.")
audit_app = typer.Typer(no_args_is_help=True, help="The access log.")

# What went wrong, as a sentence that says what to do; `{…}` comes from the refusal's detail.
SENTENCES = {
    "bad_id": "{id} cannot be an id. Use letters a-z, digits, and . _ : - (at most 80).",
    "exists": "There is a {id} already. Choose another id.",
    "no_such_place": "There is no {id} in the registry. Look at how it is spelled.",
    "one_place": "Say for whom with exactly one of the options that name a place.",
    "not_in_a_unit": "A desk serves whole principals. Give --principal or --central for an operator or supervisor.",
    "only_desk_roles": "Only operators and supervisors work at a central. Give --unit or --principal.",
    "bad_protocol": "There is no such protocol. Known are: {known}.",
    "bad_account": "{id} cannot be an account there. SCAIP's are 1 to 16 digits, DC-09's 3 to 16 digits or "
    "capital letters, an HTTP device's is its id.",
    "account_taken": "The account belongs to {id} already. Give the device another account.",
    "bad_key": "A key is 32, 48 or 64 hexadecimal digits.",
    "not_dc09": "{id} is no device that speaks DC-09. Enter it with: nattljus device add --protocol dc09",
    "bad_model": "A model has a name of 1 to 120 letters, and 10 to 604800 seconds between heartbeats.",
    "no_assignment": "{id} has no role in force. Enter one with: nattljus person add",
    "several_assignments": "There are several roles. Name one with --assignment: {assignments}",
}
FAULTS = {
    Fault.ALTERED: "altered",
    Fault.MISSING: "missing from here on",
    Fault.CUT_OFF: "cut off from here on",
    Fault.NO_HEAD: "the head is gone",
    Fault.FORGED_HEAD: "the head is not the last row's",
    Fault.UNSEALED: "rows have waited over 10 s for their seal: does the platform run?",
}


def mount(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(person_app, name="person")
    app.add_typer(device_app, name="device")
    app.add_typer(lock_app, name="lock")
    app.add_typer(product_app, name="product")
    app.add_typer(token_app, name="token")
    app.add_typer(audit_app, name="audit")
    app.command("import")(import_file)


@person_app.command("add")
def person_add(
    person: Annotated[str, typer.Argument(metavar="ID", help="The person's id, such as a user name.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[Role, typer.Option(help="What the person is.")],
    unit: Annotated[str | None, typer.Option(help="In this unit.")] = None,
    principal: Annotated[str | None, typer.Option(help="Or in this whole principal.")] = None,
    central: Annotated[str | None, typer.Option(help="Or at this central.")] = None,
    data: Data = None,
) -> None:
    """Enter somebody with a role from now on."""
    if sum(place is not None for place in (unit, principal, central)) != 1:
        raise typer.BadParameter("give exactly one of --unit, --principal, --central")

    async def work(connection: AsyncConnection) -> None:
        at = SystemClock().now()
        await enter.add_person(
            connection, person, name, role, at, unit_id=unit, principal_id=principal, central_id=central
        )

    _write(data, work)
    typer.echo(f"{person} is {role.value} at {unit or principal or central}.")


@device_app.command("add")
def device_add(
    protocol: Annotated[str, typer.Option(help="scaip, http, dc09 or webhook.")],
    account: Annotated[str | None, typer.Option(help="What the device calls itself; SCAIP's cid.")] = None,
    key: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="What a DC-09 device encrypts with: 32, 48 or 64 hexadecimal digits."),
    ] = None,
    resident: Annotated[str | None, typer.Option(help="Whose it is.")] = None,
    home: Annotated[str | None, typer.Option(help="Or the home, where several share it.")] = None,
    device: Annotated[str | None, typer.Option("--id", help="The device's id; default PROTOCOL-ACCOUNT.")] = None,
    model: Annotated[str, typer.Option(help="Make and model.")] = "",
    password: Annotated[
        str | None, typer.Option(help="What a SCAIP device must show, by digest; - reads it from standard input.")
    ] = None,
    data: Data = None,
) -> None:
    """Enter a device; its alarms are answered at once."""
    settings = settings_with(data)
    if (resident is None) == (home is None):
        raise typer.BadParameter("give either --resident or --home")
    if account is None and not (protocol == "http" and device is not None):
        raise typer.BadParameter("give --account")
    if password is not None and protocol != "scaip":
        raise typer.BadParameter("--password is for --protocol scaip")
    ask = asking(settings, device or f"scaip-{account}", password) if password is not None else None
    secret = None if key is None else _key(key)
    secrets = keys_of(settings) if secret is not None else []

    async def work(connection: AsyncConnection) -> str:
        entered = await enter.add_device(
            connection,
            protocol=protocol,
            account=account,
            device_id=device,
            resident_id=resident,
            home_id=home,
            model=model,
        )
        if protocol == "scaip":
            await promise(connection, settings, model)
        if ask is not None:
            await ask(connection)
        if secret is not None:
            await set_key(connection, entered, secret, secrets)
        return entered

    typer.echo(f"{_write(data, work)} is in the registry.")


@device_app.command("key")
def device_key(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="A DC-09 device's id.")],
    key: Annotated[
        str, typer.Argument(metavar="HEX|none", help="32, 48 or 64 hexadecimal digits; none takes it away.")
    ],
    data: Data = None,
) -> None:
    """Say what a DC-09 device encrypts with, in place of what was said before."""
    secret = None if key == "none" else _key(key)
    secrets = keys_of(settings_with(data))

    async def work(connection: AsyncConnection) -> None:
        await set_key(connection, device, secret, secrets)

    _write(data, work)
    typer.echo(f"{device} {'has its key' if secret else 'has no key: it speaks in clear'}.")


@device_app.command("model")
def device_model_command(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="Make and model, as devices are entered with it.")],
    heartbeat: Annotated[
        int | None, typer.Option(help="Seconds between its heartbeats (10 to 604800); without it nobody calls it lost.")
    ] = None,
    radio: Annotated[Radio, typer.Option(help="How it reaches the platform.")] = Radio.UNKNOWN,
    radio_ends: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day from which that radio is no more.")
    ] = None,
    data: Data = None,
) -> None:
    """Say how often a model is heard and by which radio; said again, it takes the place of what was said before."""

    async def work(connection: AsyncConnection) -> None:
        ends = radio_ends.date() if radio_ends else None
        await set_model(connection, name, heartbeat_s=heartbeat, radio=radio, radio_ends_on=ends)

    _write(data, work)
    typer.echo(f"{name}: {f'a heartbeat each {heartbeat} s' if heartbeat else 'no heartbeats'}, radio {radio.value}.")


@lock_app.command("add")
def lock_add(
    lock: Annotated[str, typer.Argument(metavar="ID", help="The lock's id.")],
    home: Annotated[str, typer.Option(help="The home whose door it locks.")],
    protocol: Annotated[
        str, typer.Option(help="nuki, mqtt, homeassistant (they take commands), http, tedee, webhook.")
    ],
    account: Annotated[
        str | None, typer.Option(help="Its own name there: a Nuki ID, Home Assistant's NODE:OBJECT, Tedee's deviceId.")
    ] = None,
    door: Annotated[str, typer.Option(help="Which door, as staff call it.")] = "",
    action: Annotated[Opening, typer.Option(help="What opens this door.")] = Opening.UNLATCH,
    model: Annotated[str, typer.Option(help="Make and model.")] = "",
    data: Data = None,
) -> None:
    """Enter a lock of a home."""

    async def work(connection: AsyncConnection) -> None:
        await enter.add_lock(
            connection,
            lock,
            home_id=home,
            protocol=protocol,
            account=account,
            door=door,
            action=action.value,
            model=model,
        )

    _write(data, work)
    typer.echo(f"{lock} is in the registry.")


@device_app.command("token")
def device_token_command(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id.")], data: Data = None
) -> None:
    """A fresh token for a device, alone on a line."""
    settings = settings_with(data)
    signer = Signer(keys_of(settings))

    async def work(store: Store) -> str | None:
        async with store.read() as connection:
            return await device_token(connection, signer, device, SystemClock().now())

    token = with_store(settings, work)
    if token is None:
        give_up(f"There is no device {device} in use. Enter it with: nattljus device add")
    typer.echo(token)


@product_app.command("approve")
def product_approve(
    product: Annotated[Product, typer.Argument(help="What is approved.")],
    principal: Annotated[str, typer.Option(help="The principal that approves it.")],
    data: Data = None,
) -> None:
    """Say that a principal has approved a product: from now on it is offered to its residents."""

    async def work(connection: AsyncConnection) -> None:
        if not await find.principal_names(connection, [principal]):
            raise Refusal("no_such_place", id=principal)
        await publish(connection, principal, product, SystemClock().now())

    _write(data, work)
    typer.echo(f"{principal} has approved {product.value}.")


@token_app.command("create")
def token_create(
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="The person's id.")],
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long it is valid.")] = 60,
    assignment: Annotated[str | None, typer.Option(help="Which role, for who has several.")] = None,
    data: Data = None,
) -> None:
    """A bearer token for the API, alone on a line."""
    settings = settings_with(data)
    signer = Signer(keys_of(settings))

    async def work(store: Store) -> str:
        at = SystemClock().now()
        async with store.read() as connection:
            chosen = await choose_assignment(connection, person, at, assignment)
        return issue_person_token(signer, person, chosen.id, at, timedelta(minutes=minutes))

    try:
        typer.echo(with_store(settings, work))
    except Refusal as refusal:
        _refused(refusal, id=person)


def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV file; its columns are in registry/README.md.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    data: Data = None,
) -> None:
    """Take in residents, homes and devices from a CSV file: all of it, or nothing when anything is wrong."""
    try:
        sheet = read_sheet(file.read_bytes())
    except OSError as error:
        give_up(f"{file} cannot be read: {error.strerror}. Look at its name and who may read it.")

    async def work(store: Store) -> enter.Counts:
        async with store.write() as connection:
            problems = await enter.check_sheet(connection, sheet)
            if problems:
                give_up(*(f"line {one.line}: {one.text}" for one in problems), _nothing(len(problems), file))
            if not dry_run:
                return await enter.take_in(connection, sheet)
        return _counts(sheet)

    counts = with_store(settings_with(data), work)
    said = f"{counts.residents} residents, {counts.homes} homes, {counts.devices} devices"
    typer.echo(f"Would take in {said}. Nothing is written." if dry_run else f"Took in {said}.")


@audit_app.command("verify")
def audit_verify(data: Data = None) -> None:
    """Check the whole chain of the access log, a line for each principal.

    Number and seal of each last row are printed: kept elsewhere, they show later whether the end was cut off.
    """
    settings = settings_with(data)
    secrets = keys_of(settings)

    async def work(store: Store) -> list[ChainReport]:
        async with store.snapshot() as connection:
            return await verify(connection, secrets, SystemClock().now())

    reports = with_store(settings, work)
    for report in reports:
        typer.echo(_chain_line(report))
        for found in report.breaks:
            where = f" ({found.row})" if found.row else ""
            typer.echo(f"  number {found.number}{where}: {FAULTS[found.fault]}", err=True)
    if not reports:
        typer.echo("The access log is empty.")
    if not all(report.whole for report in reports):
        give_up("The access log is not as it was written. Keep the database as it is, and tell the log reviewers.")


def _chain_line(report: ChainReport) -> str:
    state = "whole" if report.whole else f"BROKEN in {report.broken} places"
    last = f"last {report.head.sealed_no} {report.head.seal.hex()}" if report.head else "no head"
    return f"{report.principal or '(no principal)'}: {report.rows} rows, {state}, {last}"


def _counts(sheet: Sheet) -> enter.Counts:
    return enter.Counts(len(sheet.residents), len(sheet.homes), len(sheet.devices))


def _nothing(problems: int, file: Path) -> str:
    return f"Nothing is written: {file} has {problems} problem{'s' if problems > 1 else ''}. Correct it and try again."


def _write(data: Path | None, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
    async def within(store: Store) -> T:
        async with store.write() as connection:
            return await work(connection)

    try:
        return with_store(settings_with(data), within)
    except Refusal as refusal:
        _refused(refusal)


def _key(said: str) -> bytes:
    try:
        return bytes.fromhex(said)
    except ValueError:
        _refused(Refusal("bad_key"))


def _refused(refusal: Refusal, **more: str) -> NoReturn:
    give_up(SENTENCES[refusal.code].format_map({**more, **refusal.detail}))
