"""Every setting, with its unit, default and meaning; read from the environment and `.env` as NATTLJUS_…"""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What can be set from outside. `nattljus settings` prints this list."""

    model_config = SettingsConfigDict(env_prefix="NATTLJUS_", env_file=".env", extra="ignore")

    data: Path = Field(Path("var"), description="The data folder: embedded database, keys of the demonstration.")
    database_url: str = Field(
        "", description="The database: postgresql+asyncpg://… ; empty is SQLite in the data folder."
    )
    database_connections: int = Field(8, ge=2, description="Open connections to PostgreSQL for each process.")
    redis_url: str = Field("", description="The bus between processes: redis://… ; empty is within the process.")
    mqtt_url: str = Field(
        "",
        description="The broker of locks and devices: mqtt://user:password@host:port or mqtts://… ; empty is none.",
    )
    mqtt_broker: Literal["on", "off"] = Field(
        "on", description="Whether `run` starts Mosquitto on loopback, where it is installed and no broker is named."
    )
    sip_listen: str = Field(
        "udp:127.0.0.1:5060 tcp:127.0.0.1:5060", description="Where SCAIP devices are heard; several with spaces."
    )
    public_url: str = Field("", description="The address people type, such as https://larm.example.se.")
    secret_keys: SecretStr = Field(
        SecretStr(""), description="Keys that sign tokens and seal the access log, newest first, with spaces."
    )
    call_number: str = Field(
        "", description="Where a device that was heard places its call: gsm:+46… or sip:… ; empty asks for no speech."
    )
    media_listen: str = Field("udp:127.0.0.1:0", description="Where the relay takes and gives pictures and sound.")
    media_announce: str = Field(
        "", description="Addresses browsers find the relay at, when not the one it listens on; several with spaces."
    )
    media_http: str = Field("127.0.0.1:0", description="Where the relay takes WHIP and WHEP from the front: host:port.")
    media_node: str = Field("relay-1", description="This relay's name in /media/<node>/ and in leg tokens.")
    demo_life: Literal["on", "off"] = Field(
        "on", description="Whether simulated people keep the demonstration's pages alive: on or off."
    )
    log_level: str = Field("info", description="debug, info, warning or error.")

    def store_url(self) -> str:
        """The database's address, embedded when none is set."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'nattljus.db'}"
