"""hub.toml and the environment become Settings; every fault is told at once, with what to do."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from hub.sections import (
    Alerts,
    AuthorityTable,
    BrokerTable,
    Bundles,
    Database,
    Jobs,
    Keep,
    Log,
    Mosquitto,
    Preview,
    Privacy,
    Web,
    listed,
)
from shared.errors import SettingsError

DEFAULT_FILE = Path("hub.toml")


class Duty(StrEnum):
    """What a process does; one process does all of it unless told otherwise."""

    INTAKE = "intake"
    WEB = "web"
    JOBS = "jobs"


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
    alerts: Alerts = Alerts()
    mosquitto: Mosquitto = Mosquitto()
    bundles: Bundles = Bundles()
    authority: AuthorityTable = AuthorityTable()
    log: Log = Log()

    @field_validator("roles", mode="before")
    @classmethod
    def _listed(cls, roles: Any) -> Any:
        return listed(roles)

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
    keys = settings.authority.folder and folder / settings.authority.folder
    vouchers = settings.alerts.ca_file and folder / settings.alerts.ca_file
    return settings.model_copy(
        update={
            "database": settings.database.model_copy(update={"url": _url(settings, folder)}),
            "broker": broker.model_copy(update=files),
            "alerts": settings.alerts.model_copy(update={"ca_file": vouchers}),
            "authority": settings.authority.model_copy(update={"folder": keys}),
            "bundles": _bundles(settings.bundles, folder),
            "mosquitto": mosquitto.model_copy(update={"folder": folder / mosquitto.folder}),
        }
    )


def _bundles(bundles: Bundles, folder: Path) -> Bundles:
    keys = bundles.keys and folder / bundles.keys
    return bundles.model_copy(update={"folder": folder / bundles.folder, "keys": keys})


def _url(settings: Settings, folder: Path) -> str:
    scheme, separator, path = settings.database.url.partition(":///")
    if scheme != "sqlite":
        return settings.database.url
    return f"{scheme}{separator}{folder / path}"
