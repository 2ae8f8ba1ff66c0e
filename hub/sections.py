"""The tables of hub.toml: what each key may be, and what it is when nobody sets it."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
)
from pydantic_settings import NoDecode

Port = Annotated[int, Field(ge=1, le=65535)]


def listed(words: Any) -> Any:
    """A list, as the environment can only write it: separated by commas."""
    if not isinstance(words, str):
        return words
    return [word.strip() for word in words.split(",") if word.strip()]


def _bounded(networks: tuple[str, ...]) -> tuple[str, ...]:
    for network in networks:
        if ip_network(network).prefixlen == 0:
            raise ValueError(f"{network} is everybody")
    return networks


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed)]
Networks = Annotated[Listed, AfterValidator(_bounded)]
"""Addresses or networks, and never all there are."""


class Section(BaseModel):
    """A table of the file: a key that nobody knows is a fault, not a wish unheard."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(Section):
    """Where everything is kept."""

    url: str = Field(
        default="sqlite:///data/hub.db",
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("is no database that the hub knows")
        return url


class BrokerTable(Section):
    """The MQTT broker, as this hub reaches it."""

    host: str = Field(default="127.0.0.1", min_length=1, description="name or address")
    port: Port = Field(default=1883, description="1883 unless you chose another")
    user: str = Field(default="hub", min_length=1, description="as in the broker's passwords")
    password: SecretStr | None = Field(
        default=None, description="better in SEMBLANTE_BROKER__PASSWORD, or as password_file"
    )
    password_file: Path | None = Field(
        default=None, description="written by “semblante-hub broker files”"
    )
    ca_file: Path | None = Field(
        default=None, description="where it is given the line is encrypted, and the broker checked"
    )
    client_id: str = Field(
        default="semblante-hub",
        min_length=1,
        max_length=64,
        description="the name of the session: keep it, or the broker forgets what waits for us",
    )


class Web(Section):
    """Where the dashboard, the API, health and metrics are served."""

    host: str = Field(default="127.0.0.1", min_length=1, description="0.0.0.0 is every interface")
    port: Port = Field(default=8080, description="one that is free")
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/]+)?$",
        description="as people type it, https://… without a path; https makes cookies secure",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="addresses or networks whose X-Forwarded-For and -Proto are believed",
    )


class Privacy(Section):
    """Under which number of answers nothing is shown."""

    floor: int = Field(default=5, ge=3, le=1000, description="answers; never under 3")


class Keep(Section):
    """How long raw records and the bytes in quarantine are kept; counts stay for ever."""

    days: int | None = Field(
        default=None, ge=30, description="30 or more; leave it out to keep everything"
    )
    quarantine_days: int = Field(
        default=90, ge=1, le=3650, description="1 or more; then the bytes go, and the count stays"
    )


class Jobs(Section):
    """When the nightly work begins."""

    hour: int = Field(default=3, ge=0, le=23, description="hour of the day in `zone`")
    zone: str = Field(default="UTC", description="an IANA name such as Europe/Madrid")

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("is no time zone")
        return zone


class Preview(Section):
    """Pictures of questionnaires, drawn by the kiosk's own program."""

    command: Listed = Field(
        default=("semblante-kiosk",), description="the kiosk's program; [] where there is none"
    )


class Alerts(Section):
    """Where alerts of stores' lines may be sent, beside receivers on the internet."""

    networks: Networks = Field(
        default=(),
        description="networks in which receivers of alerts may stand, then also without https",
    )
    ca_file: Path | None = Field(
        default=None, description="who vouches for receivers, beside those whom the system knows"
    )


class Mosquitto(Section):
    """The broker's files, where this hub keeps them (see “semblante-hub broker files”)."""

    folder: Path = Field(default=Path("mosquitto"), description="a folder of its own")
    listen: str = Field(default="127.0.0.1", min_length=1, description="0.0.0.0 lets kiosks in")
    seen_as: str = Field(default="", description="the broker's name or address for the kiosks")
    run_as: str | None = Field(default=None, description="the broker's system user, if root starts")
    tls_listen: str = Field(
        default="0.0.0.0",  # noqa: S104 - kiosks with certificates come from everywhere
        min_length=1,
        description="where kiosks with certificates come in, if there is an authority",
    )
    tls_port: Port = Field(default=8883, description="8883 unless you chose another")


class AuthorityTable(Section):
    """Whose certificates make a device a kiosk (see “semblante-hub authority init”)."""

    folder: Path | None = Field(
        default=None, description="a folder for its keys; without one kiosks have passwords"
    )
    url: str = Field(
        default="",
        pattern=r"^(https?://[^\s/]+)?$",
        description="the hub's address for kiosks; `web.public_url` if not given",
    )
    names: Listed = Field(
        default=(), description="more names and addresses under which kiosks reach web and broker"
    )


class Bundles(Section):
    """Versions of the kiosks' program (see “semblante-hub bundle add”)."""

    folder: Path = Field(default=Path("bundles"), description="a folder of its own")
    keys: Path | None = Field(
        default=None,
        description="release keys as kiosks carry them; what nobody of them signed is refused",
    )


class Log(Section):
    """How the hub tells what it does."""

    format: Literal["console", "json"] = Field(default="console", description="console or json")
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
