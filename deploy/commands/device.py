"""`nattljus device ask`: what a SCAIP device must show before it is heard."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy.ext.asyncio import AsyncConnection

from alarms.receivers.scaip.enter import ask_certificate, ask_nothing, ask_password, enter_model
from alarms.receivers.scaip.models import read_models
from deploy.commands.opened import Data, give_up, keys_of, settings_with, with_store
from kit.clock import SystemClock
from kit.errors import Refusal
from kit.settings import Settings
from kit.store import Store

Work = Callable[[AsyncConnection], Awaitable[None]]

SENTENCES = {
    "not_scaip": "There is no SCAIP device {id} in the registry. Look at how it is spelled.",
    "bad_password": "A password has 1 to 200 letters that can be typed.",
    "bad_fingerprint": "A certificate is named by its PEM file or its SHA-256: 64 hexadecimal digits.",
}


def device_ask(
    device: Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id.")],
    password: Annotated[
        str | None, typer.Option(help="This password, by digest; - reads it from standard input.")
    ] = None,
    certificate: Annotated[
        str | None, typer.Option(help="This client certificate over TLS: its PEM file or its SHA-256.")
    ] = None,
    nothing: Annotated[bool, typer.Option("--nothing", help="Nothing: it is heard as it is.")] = False,
    data: Data = None,
) -> None:
    """Say what a SCAIP device must show before it is heard. It counts within seconds."""
    if (password is not None) + (certificate is not None) + nothing != 1:
        raise typer.BadParameter("give exactly one of --password, --certificate, --nothing")
    settings, at = settings_with(data), SystemClock().now()

    async def work(connection: AsyncConnection) -> None:
        if certificate is not None:
            await ask_certificate(connection, device, _fingerprint(certificate), at)
        elif nothing:
            await ask_nothing(connection, device, at)

    _write(settings, work if password is None else asking(settings, device, password))
    shown = "nothing" if nothing else "its certificate" if password is None else "its password"
    typer.echo(f"{device} is asked for {shown}.")
    if certificate is not None and not settings.tls_client_ca:
        typer.echo("No device is asked for a certificate yet. Set NATTLJUS_TLS_CLIENT_CA.", err=True)


def asking(settings: Settings, device: str, password: str) -> Work:
    """What enters a device's password, for the transaction that enters the device too; ends with a sentence."""
    keys = tuple(keys_of(settings))
    said = typer.get_text_stream("stdin").readline().rstrip("\r\n") if password == "-" else password  # noqa: S105

    async def work(connection: AsyncConnection) -> None:
        try:
            await ask_password(connection, keys, device, said, SystemClock().now())
        except Refusal as refusal:
            _refused(refusal)

    return work


async def promise(connection: AsyncConnection, settings: Settings, model: str) -> None:
    """Enter what a model's file says of its heartbeats; ends with a sentence when a file cannot be used."""
    try:
        models = read_models(*([Path(settings.scaip_models)] if settings.scaip_models else []))
    except ValueError as error:
        give_up(str(error))
    await enter_model(connection, models, model)


def _fingerprint(certificate: str) -> str:
    """That of a PEM file, or what was written."""
    try:
        return x509.load_pem_x509_certificate(Path(certificate).read_bytes()).fingerprint(SHA256()).hex()
    except (OSError, ValueError):
        return certificate


def _write(settings: Settings, work: Work) -> None:
    async def within(store: Store) -> None:
        async with store.write() as connection:
            await work(connection)

    try:
        with_store(settings, within)
    except Refusal as refusal:
        _refused(refusal)


def _refused(refusal: Refusal) -> NoReturn:
    give_up(SENTENCES[refusal.code].format_map(refusal.detail))
