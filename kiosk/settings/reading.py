"""kiosk.toml becomes Settings: every fault is told at once, with what was wanted instead."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from kiosk.core import service
from kiosk.core.presses import button_settings_from
from kiosk.core.tables import Table
from kiosk.core.tills import door_settings_from, drawer_settings_from, till_settings_from
from kiosk.core.toml_lines import in_plain_words
from kiosk.settings.values import (
    BrokerSettings,
    IdentitySettings,
    LogSettings,
    OutboxSettings,
    Place,
    ScreenSettings,
    Settings,
)
from shared.errors import PlaceError, SettingsError
from shared.places import kiosk_id, point_id, store_id
from shared.programme import LANGUAGES, TRANSLATED

PASSWORD_VARIABLE: Final = "SEMBLANTE_KIOSK_PASSWORD"  # noqa: S105 the name, not the word
"""The environment wins over the file, for this alone: it is the one secret of a kiosk."""

PLAIN_PORT, TLS_PORT = 1_883, 8_883
"""A broker's usual ones."""

PARTS: Final = ("till", "drawer", "buttons", "door", "panel", "sound")
TABLES: Final = ("broker", "identity", "outbox", "screen", *PARTS, "log")

DRIVERS: Final = ("kmsdrm", "x11", "offscreen", "none")

Values = Mapping[str, Any]
T = TypeVar("T")


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the file; raises SettingsError with every fault in it."""
    reading = _Reading(_read(file), file.resolve().parent, environment)
    settings = reading.settings()
    if reading.faults:
        raise SettingsError(str(file), reading.faults)
    return settings


def faults_in(values: Values, folder: Path) -> list[str]:
    """Every fault of a kiosk.toml of these values that would lie in that folder."""
    reading = _Reading(values, folder, {})
    reading.settings()
    return reading.faults


def screen_in(file: Path) -> ScreenSettings | None:
    """The glass of a kiosk.toml that may be wrong otherwise; None where it names no driver."""
    try:
        values = _read(file).get("screen")
    except SettingsError:
        return None
    if not isinstance(values, Mapping) or "driver" not in values:
        return None
    return screen_from(Table("screen", values))


def language_in(file: Path) -> str:
    """The first language of a kiosk.toml that may be wrong otherwise; a store's own without."""
    try:
        values = _read(file).get("languages")
    except SettingsError:
        values = None
    first = values[0] if isinstance(values, list) and values else ""
    return first if isinstance(first, str) and first in TRANSLATED else LANGUAGES[0]


def screen_from(table: Table) -> ScreenSettings:
    """Read the table [screen]; its faults are the table's."""
    return ScreenSettings(
        driver=table.choice("driver", "kmsdrm", DRIVERS),
        size=(table.whole("width", 800, 240, 8_192), table.whole("height", 480, 240, 8_192)),
        fullscreen=table.flag("fullscreen", True),
        rotation=table.among("rotation", 0, (0, 90, 180, 270)),
        inches=table.whole("inches", 7, 5, 55),
    )


def _read(file: Path) -> Values:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fault = "there is no such file; start from deploy/raspberrypi/kiosk.toml.example"
    except OSError as failure:
        fault = f"cannot be read: {failure.strerror}"
    except (ValueError, RecursionError) as failure:
        fault = in_plain_words(str(failure))
    raise SettingsError(str(file), [fault])


class _Reading:
    """One file being read: `faults` grows, and where there are any the settings are worthless."""

    def __init__(self, values: Values, folder: Path, environment: Mapping[str, str]) -> None:
        self.faults: list[str] = []
        self._folder = folder
        self._environment = environment
        self._tables = {name: table for name, table in values.items() if isinstance(table, dict)}
        self._plain = {name: one for name, one in values.items() if name not in self._tables}

    def settings(self) -> Settings:
        settings = Settings(
            place=self._of("", self._place),
            broker=self._of("broker", self._broker),
            identity=self._part("identity", self._identity),
            outbox=self._of("outbox", self._outbox),
            screen=self._of("screen", screen_from),
            till=self._part("till", till_settings_from),
            drawer=self._part("drawer", drawer_settings_from),
            buttons=self._part("buttons", button_settings_from),
            door=self._part("door", door_settings_from),
            panel=self._part("panel", service.panel_settings_from),
            sound=self._part("sound", service.sound_settings_from),
            log=self._of("log", self._log),
            folder=self._folder,
        )
        self._check_tables()
        self._check_wires(settings)
        return settings

    def _check_wires(self, settings: Settings) -> None:
        """Nothing tells that what comes by two wires is the same sale, so there may be only one."""
        wires = {
            "[till]": settings.till is not None,
            "[drawer]": settings.drawer is not None,
            # A drill's /sale is the tester's own, whatever the till says beside it.
            "[door]": settings.door is not None and not settings.door.drills,
        }
        told = [wire for wire, is_there in wires.items() if is_there]
        if len(told) > 1:
            self.faults.append(f"{' and '.join(told)}: each tells of the same sale; keep only one")

    def _check_tables(self) -> None:
        for name in self._plain.keys() & set(TABLES):
            self.faults.append(f"{name}: must be a table, [{name}]")
        for name in self._tables.keys() - set(TABLES):
            near = get_close_matches(name[:50], TABLES, 1)
            meant = f"; did you mean [{near[0]}]?" if near else ""
            self.faults.append(f"[{name[:50]}]: nobody knows this table{meant}")
        if not self._joins and "broker" not in self._tables and "broker" not in self._plain:
            self.faults.append("[broker]: this table is missing")

    @property
    def _joins(self) -> bool:
        """Whether a join tells where the broker is, and a certificate stands for the password."""
        return "identity" in self._tables

    def _of(self, name: str, read: Callable[[Table], T]) -> T:
        # That every key of a missing [broker] is missing goes without saying.
        unheard = name == "broker" and name not in self._tables
        values = self._tables.get(name, {}) if name else self._top()
        table = Table(name, values, [] if unheard else self.faults)
        settings = read(table)
        table.unknown()
        return settings

    def _top(self) -> Values:
        return {key: value for key, value in self._plain.items() if key not in TABLES}

    def _part(self, name: str, read: Callable[[Values], tuple[T | None, list[str]]]) -> T | None:
        """A part of the kiosk that is there only where its table is."""
        if name not in self._tables:
            return None
        settings, faults = read(self._tables[name])
        self.faults += faults
        return settings

    def _place(self, table: Table) -> Place:
        languages = table.choices("languages", LANGUAGES, TRANSLATED)
        return Place(
            store_id=_name(table, "store", store_id),
            point_id=_name(table, "point", point_id),
            kiosk_id=_name(table, "kiosk", kiosk_id),
            store_name=table.text("store_name", least=0, most=100),
            point_name=table.text("point_name", least=0, most=100),
            languages=tuple(dict.fromkeys(languages)),
            always_on=table.flag("always_on", False),
        )

    def _broker(self, table: Table) -> BrokerSettings:
        host = table.text("host", least=0 if self._joins else 1) or None
        port = table.whole("port", TLS_PORT if self._joins else PLAIN_PORT, 1, 65_535)
        return BrokerSettings(
            host=host,
            port=port if host or not self._joins else None,
            password=self._password(table),
            ca_file=self._file(table, "ca_file"),
            keepalive=table.whole("keepalive", 30, 5, 120),
            receipt_timeout=table.whole("receipt_timeout", 10, 2, 120),
            longest_wait=table.whole("longest_wait", 300, 1, 3_600),
            status_every=table.whole("status_every", 300, 10, 3_600),
        )

    def _password(self, table: Table) -> str:
        told = len(table.faults)
        written = table.text("password", least=0)
        file = self._file(table, "password_file")
        if from_outside := self._environment.get(PASSWORD_VARIABLE):
            return from_outside
        if file is not None:
            written = self._first_line(table, file)
        elif not written and not self._joins and len(table.faults) == told:
            table.faults.append(
                "broker.password: is missing; write it or password_file, or set "
                f"{PASSWORD_VARIABLE}; “semblante-hub kiosk enrol” tells it"
            )
        return written

    def _first_line(self, table: Table, file: Path) -> str:
        try:
            line = file.read_text(encoding="utf-8").partition("\n")[0].strip()
        except (OSError, ValueError):
            line = ""
        if not line:
            table.faults.append(f"broker.password_file: {file} cannot be read, or is empty")
        return line

    def _file(self, table: Table, key: str) -> Path | None:
        name = table.text(key, least=0, most=1_000)
        if not name:
            return None
        if (self._folder / name).exists():
            return self._folder / name
        table.faults.append(f"broker.{key}: there is no file {name}")
        return None

    def _outbox(self, table: Table) -> OutboxSettings:
        return OutboxSettings(
            path=self._folder / table.text("path", "outbox.db", most=1_000),
            quota=table.whole("quota", 200_000, 1_000, 2_000_000),
            keep_days=table.whole("keep_days", 7, 0, 365),
        )

    def _identity(self, values: Values) -> tuple[IdentitySettings, list[str]]:
        table = Table("identity", values)
        settings = IdentitySettings(
            folder=self._folder / table.text("folder", "identity", most=1_000),
            hub=table.text("hub", least=0),
            fingerprint=table.text("fingerprint", least=0),
        )
        table.unknown()
        return settings, table.faults

    def _log(self, table: Table) -> LogSettings:
        return LogSettings(
            format=table.choice("format", "console", ("console", "json")),
            level=table.choice("level", "info", ("debug", "info", "warning", "error")),
        )


def _name(table: Table, key: str, check: Callable[[str], T]) -> T:
    text = table.text(key)
    try:
        return check(text)
    except PlaceError as fault:
        if text:  # else its absence has been told
            table.faults.append(f"{key}: is no name. {fault.hint}")
        return cast(T, "")
