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
    database_connections: int = Field(
        8, ge=2, description="Connections to PostgreSQL for pages in each process; alarms have 22 besides."
    )
    redis_url: str = Field("", description="The bus between processes: redis://… ; empty is within the process.")
    mqtt_url: str = Field(
        "",
        description="The broker of locks and devices: mqtt://user:password@host:port, or "
        "mqtts://host/name?ca=FILE&cert=FILE&key=FILE ; empty is none.",
    )
    mqtt_broker: Literal["on", "off"] = Field(
        "on", description="Whether `run` starts Mosquitto on loopback, where it is installed and no broker is named."
    )
    sip_listen: str = Field(
        "udp:127.0.0.1:5060 tcp:127.0.0.1:5060",
        description="Where SCAIP devices are heard: udp:, tcp: or tls:HOST:PORT; several with spaces.",
    )
    tls_cert: str = Field("", description="The certificate that devices see on tls: (PEM file, with its chain).")
    tls_key: str = Field("", description="The key of that certificate (PEM file, without a passphrase).")
    tls_client_ca: str = Field(
        "", description="Who signs devices' certificates (PEM file); empty asks no device for one."
    )
    receiver_strangers: int = Field(
        1_000,
        ge=1,
        description="Connections from one address on which no known device has been heard yet; "
        "of more the one silent longest is closed. Known devices are not counted.",
    )
    tls_handshakes: float = Field(
        200,
        ge=0,
        description="TLS handshakes of one address a second; more wait two seconds at the most and are then sent away. "
        "0 is no limit.",
    )
    scaip_refusals: float = Field(
        200,
        ge=0,
        description="Refusals and challenges a second that one address is given over UDP before it is not read for a "
        "while; five times as many where a known device or a proxy has been heard from. 0 is no limit.",
    )
    scaip_models: str = Field(
        "", description="A folder with models of SCAIP devices (TOML), beside those that come with the platform."
    )
    dc09_listen: str = Field(
        "", description="Where SIA DC-09 devices are heard: tcp:HOST:PORT udp:HOST:PORT ; empty is nowhere."
    )
    public_url: str = Field("", description="The address people type, such as https://larm.example.se.")
    secret_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys that sign tokens, seal the access log and seal secrets; newest first, with spaces.",
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
    map_tiles: str = Field(
        "",
        description="Map pictures for the desk: https://…/{z}/{x}/{y}.png ; empty shows positions as coordinates only.",
    )
    map_attribution: str = Field("", description="Whose map it is, as its licence wants it said beside the map.")
    demo_life: Literal["on", "off"] = Field(
        "on", description="Whether simulated people keep the demonstration's pages alive: on or off."
    )
    watchdog: Literal["on", "off"] = Field(
        "on", description="Whether `nattljus run` starts the watchdog beside: on or off."
    )
    watchdog_name: str = Field("watchdog-1", description="This watchdog's name in what it tells and in the database.")
    watchdog_every: float = Field(60.0, gt=0, le=60, description="Seconds between two rounds of the watchdog.")
    watchdog_url: str = Field(
        "http://127.0.0.1:8080", description="Where the watchdog finds the platform's web: desk, devices, /readyz."
    )
    watchdog_sip: str = Field(
        "", description="Where the watchdog tests SCAIP, as in NATTLJUS_SIP_LISTEN; empty is what that says."
    )
    watchdog_http: str = Field("127.0.0.1:0", description="Where the watchdog has its own /healthz and /metrics.")
    watchdog_heartbeat_url: SecretStr = Field(
        SecretStr(""), description="Asked with GET each round while all is well; whoever is there pages on silence."
    )
    watchdog_webhook_url: SecretStr = Field(
        SecretStr(""), description="Where findings are posted as JSON when they begin, last and end."
    )
    watchdog_webhook_secret: SecretStr = Field(
        SecretStr(""), description="Key of the webhooks' signatures (HMAC-SHA256); empty leaves them unsigned."
    )
    outward_networks: str = Field(
        "",
        description="Private networks that subscriptions and alarm centres may be in: 10.20.0.0/16 …; empty is none.",
    )
    forward_ca: str = Field(
        "",
        description="Who signs external alarm centres' certificates (PEM file); empty is whom the machine trusts.",
    )
    smtp_url: SecretStr = Field(
        SecretStr(""),
        description="The mail server for outages: smtp://user:password@host:port (STARTTLS where offered) or smtps://…",
    )
    smtp_from: str = Field("nattljus@localhost", description="Who outage mails come from.")
    log_level: str = Field("info", description="debug, info, warning or error.")

    def store_url(self) -> str:
        """The database's address, embedded when none is set."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data / 'nattljus.db'}"
