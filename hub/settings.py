"""hub.toml and the environment become Settings; every fault is told at once, with what to do."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from shared.errors import SettingsError

DEFAULT_FILE = Path("hub.toml")
Port = Annotated[int, Field(ge=1, le=65535)]


class Duty(StrEnum):
    """What a process does; one process does all of it unless told otherwise."""

    INTAKE = "intake"
    WEB = "web"
    JOBS = "jobs"


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
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="addresses or networks whose X-Forwarded-For and -Proto are believed",
    )

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _listed(cls, proxies: Any) -> Any:
        return _split(proxies)

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            if ip_network(proxy).prefixlen == 0:
                raise ValueError(f"{proxy} is everybody")
        return proxies


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

    command: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("semblante-kiosk",), description="the kiosk's program; [] where there is none"
    )

    @field_validator("command", mode="before")
    @classmethod
    def _listed(cls, command: Any) -> Any:
        return _split(command)


class Mosquitto(Section):
    """The broker's files, where this hub keeps them (see “semblante-hub broker files”)."""

    folder: Path = Field(default=Path("mosquitto"), description="a folder of its own")
    listen: str = Field(default="127.0.0.1", min_length=1, description="0.0.0.0 lets kiosks in")
    seen_as: str = Field(default="", description="the broker's name or address for the kiosks")
    run_as: str | None = Field(default=None, description="the broker's system user, if root starts")


class Log(Section):
    """How the hub tells what it does."""

    format: Literal["console", "json"] = Field(default="console", description="console or json")
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )


class Settings(BaseSettings):
    """Everything that can be set; `SEMBLANTE_WEB__PORT=81` wins over `port` in the table `web`."""

    model_config = SettingsConfigDict(
        env_prefix="SEMBLANTE_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    roles: Annotated[frozenset[Duty], NoDecode] = Field(
        default=frozenset(Duty), min_length=1, description="intake, web, jobs: one or more"
    )
    database: Database = Database()
    broker: BrokerTable = BrokerTable()
    web: Web = Web()
    privacy: Privacy = Privacy()
    keep: Keep = Keep()
    jobs: Jobs = Jobs()
    preview: Preview = Preview()
    mosquitto: Mosquitto = Mosquitto()
    log: Log = Log()

    @field_validator("roles", mode="before")
    @classmethod
    def _listed(cls, roles: Any) -> Any:
        return _split(roles)

    @property
    def public_url(self) -> str:
        """The address that people type."""
        return self.web.public_url or f"http://{self.web.host}:{self.web.port}"

    @property
    def broker_password(self) -> str:
        """What this hub signs in with at the broker; raises SettingsError where there is none."""
        if self.broker.password is not None:
            return self.broker.password.get_secret_value()
        try:
            return (self.broker.password_file or Path()).read_text().strip()
        except OSError as fault:
            raise SettingsError("broker", [_no_password(self.broker.password_file)]) from fault

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which comes as the initial values."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def _split(words: Any) -> Any:
    """A list, as the environment can only write it: separated by commas."""
    if not isinstance(words, str):
        return words
    return [word.strip() for word in words.split(",") if word.strip()]


def load_settings(file: Path | None = None) -> Settings:
    """Read the file (hub.toml here, if there is one) and the environment; raises SettingsError."""
    chosen = file or DEFAULT_FILE
    tables = _read(chosen) if file is not None or chosen.exists() else {}
    try:
        settings = Settings(**tables)
    except ValidationError as faults:
        raise SettingsError(str(chosen), [_told(fault) for fault in faults.errors()]) from None
    return _anchored(settings, chosen.resolve().parent)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except (OSError, ValueError) as fault:
        raise SettingsError(str(file), [str(fault)]) from fault


def _told(fault: Any) -> str:
    """One fault in one sentence: where, what, and what it should be; never a value, for secrets."""
    place = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        return f"{place}: nobody knows this key"
    text = fault["msg"].removeprefix("Value error, ").removeprefix("Input ").strip()
    wanted = _description(fault["loc"])
    return f"{place}: {text}" + (f" ({wanted})" if wanted else "")


def _description(place: tuple[str | int, ...]) -> str | None:
    model: Any = Settings
    wanted = None
    for part in place:
        if part not in getattr(model, "model_fields", {}):
            break
        field = model.model_fields[part]
        wanted, model = field.description, field.annotation
    return wanted


def _no_password(file: Path | None) -> str:
    if file is None:
        return "broker: neither password nor password_file (run “semblante-hub broker files”)"
    return f"broker.password_file: {file} cannot be read (run “semblante-hub broker files”)"


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Paths in the file are meant from where the file lies."""
    broker, mosquitto = settings.broker, settings.mosquitto
    password_file = broker.password_file and folder / broker.password_file
    ca_file = broker.ca_file and folder / broker.ca_file
    files = {"password_file": password_file, "ca_file": ca_file}
    return settings.model_copy(
        update={
            "database": settings.database.model_copy(update={"url": _url(settings, folder)}),
            "broker": broker.model_copy(update=files),
            "mosquitto": mosquitto.model_copy(update={"folder": folder / mosquitto.folder}),
        }
    )


def _url(settings: Settings, folder: Path) -> str:
    scheme, separator, path = settings.database.url.partition(":///")
    if scheme != "sqlite":
        return settings.database.url
    return f"{scheme}{separator}{folder / path}"
