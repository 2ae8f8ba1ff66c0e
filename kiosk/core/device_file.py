"""semblante.toml: the one settings file of a device, as somebody with a laptop wrote it.

What concerns the machine and the join is read here; the tables that a kiosk knows (`till`,
`screen` …) go into its kiosk.toml as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, TypeVar, cast

from kiosk.core.tables import Table
from shared.errors import JoinRefused, PlaceError
from shared.joining import read_code
from shared.places import KioskId, PointId, StoreId, kiosk_id, point_id, store_id

PASSED_ON: Final = (
    "screen", "till", "drawer", "buttons", "door", "panel", "sound", "outbox", "log", "broker",
)  # fmt: skip
"""Tables of kiosk.toml."""

_OWN: Final = ("network", "ssh")
_KIOSKS: Final = ("store_name", "point_name", "languages", "always_on")
"""Keys of kiosk.toml that may stand above."""

KEPT: Final = "(kept on the device)"

_SECRETS: Final = (
    ("network", "passphrase"), ("door", "token"), ("broker", "password"), ("panel", "pin"),
)  # fmt: skip

_HOSTNAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FINGERPRINT = re.compile(r"[0-9a-fA-F]{64}")
_HTTPS = re.compile(r"https://.*")
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_PORT = r"([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])"
_HUB = re.compile(rf"https://(({_LABEL}\.)*{_LABEL}\.?|\[[0-9A-Fa-f:.]{{2,45}}\])(:{_PORT})?/?")
"""Names of other scripts in their ASCII form, as certificates have them."""
_COUNTRY = re.compile(r"[A-Z]{2}")
_SSH_KEY = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-\S+|sk-\S+) [A-Za-z0-9+/=]{40,4000}( .*)?")
_MOST_KEYS: Final = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Network:
    """A Wi-Fi; without a passphrase an open one."""

    ssid: str
    passphrase: str = field(default="", repr=False)
    country: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether the passphrase is only on the device."""
        return self.passphrase == KEPT


@dataclass(frozen=True, slots=True)
class DeviceFile:
    """Everything that was wished; what is empty was not, and stays as it is on the machine."""

    store_id: StoreId
    point_id: PointId
    kiosk_id: KioskId
    hub: str
    fingerprint: str
    join_code: str = field(repr=False)
    hostname: str
    time_zone: str
    network: Network | None
    ssh_keys: tuple[str, ...]
    kiosk: Mapping[str, Any]  # what else kiosk.toml is to say


def device_file_from(values: Mapping[str, Any]) -> tuple[DeviceFile, list[str]]:
    """What the file says, and every fault found, in words for people.

    Whether a time zone is one, only the machine knows.
    """
    tables = {key: one for key, one in values.items() if isinstance(one, Mapping)}
    known = {*tables, *_OWN, *PASSED_ON}
    top = Table("", {key: one for key, one in values.items() if key not in known})
    file = DeviceFile(
        store_id=_name(top, "store", store_id),
        point_id=_name(top, "point", point_id),
        kiosk_id=_name(top, "kiosk", kiosk_id),
        hub=_hub(top),
        fingerprint=_fingerprint(top),
        join_code=_code(top),
        hostname=_like(top, "hostname", _HOSTNAME, "is made of a–z, 0–9 and “-”"),
        time_zone=top.text("time_zone", least=0),
        network=_network(tables, top.faults),
        ssh_keys=_ssh_keys(tables, top.faults),
        kiosk=_passed_on(values, tables, top),
    )
    top.unknown()
    _check_tables(tables, values, top.faults)
    return file, top.faults


def emptied(values: Mapping[str, Any]) -> dict[str, Any]:
    """The same file with nothing in it that would let anybody in; what it says else stays.

    A join code is spent, so it goes. Where another secret was stands KEPT, which leaves what the
    device has as it is: the file can be changed and used again without any of them.
    """
    found = {key: one for key, one in values.items() if key != "join_code"}
    for table, key in _SECRETS:
        held = found.get(table)
        if isinstance(held, Mapping) and held.get(key):
            found[table] = {**held, key: KEPT}
    return found


def filled(values: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The same file with what KEPT stands for, as far as it is in `known` (the kiosk.toml)."""
    found = dict(values)
    for table, key in _SECRETS:
        held, before = found.get(table), known.get(table)
        is_kept = isinstance(held, Mapping) and held.get(key) == KEPT
        if is_kept and isinstance(before, Mapping) and before.get(key):
            found[table] = {**found[table], key: before[key]}
    return found


def _network(tables: Mapping[str, Any], faults: list[str]) -> Network | None:
    if "network" not in tables:
        return None
    table = Table("network", tables["network"], faults)
    network = Network(
        ssid=table.text("ssid", most=32),
        passphrase=table.text("passphrase", least=0, most=64),
        country=_like(table, "country", _COUNTRY, "is two capitals, such as ES"),
    )
    if network.passphrase and len(network.passphrase) < 8:
        faults.append("network.passphrase: is too short: WPA takes 8 characters or more")
    table.unknown()
    return network


def _ssh_keys(tables: Mapping[str, Any], faults: list[str]) -> tuple[str, ...]:
    if "ssh" not in tables:
        return ()
    table = Table("ssh", tables["ssh"], faults)
    keys = table.texts("keys", _MOST_KEYS)
    table.unknown()
    for number, key in enumerate(keys, 1):
        if not _SSH_KEY.fullmatch(key):
            faults.append(
                f"ssh.keys: number {number} is no public key; take the line of a .pub file"
            )
    return tuple(keys)


def _passed_on(values: Mapping[str, Any], tables: Mapping[str, Any], top: Table) -> dict[str, Any]:
    rotation = top.among("rotation", 0, (0, 90, 180, 270))
    for key in _KIOSKS:
        top.leave(key)
    kiosk = {key: values[key] for key in _KIOSKS if key in values}
    kiosk |= {key: dict(tables[key]) for key in PASSED_ON if key in tables}
    if "rotation" in values:
        kiosk["screen"] = {"rotation": rotation} | kiosk.get("screen", {})
    return kiosk


def _check_tables(tables: Mapping[str, Any], values: Mapping[str, Any], faults: list[str]) -> None:
    known = (*_OWN, *PASSED_ON)
    for name in tables.keys() - set(known):
        near = get_close_matches(name[:50], known, 1)
        meant = f"; did you mean [{near[0]}]?" if near else ""
        faults.append(f"[{name[:50]}]: nobody knows this table{meant}")
    faults.extend(
        f"{name}: must be a table, [{name}]"
        for name in known
        if name in values and name not in tables
    )


def _hub(top: Table) -> str:
    """An address as the page “Kiosks” shows it: one of a page on the hub would lead nowhere."""
    text = _like(top, "hub", _HTTPS, "begins with https://", must=True)
    if text and _HTTPS.fullmatch(text) and not _HUB.fullmatch(text):
        top.fault("hub", f"{text!r:.60} is none: it is https://, a name, and nothing more")
    return text.rstrip("/")


def _fingerprint(top: Table) -> str:
    plain = re.sub(r"[\s:]", "", top.text("fingerprint")).lower()
    if plain and not _FINGERPRINT.fullmatch(plain):
        top.faults.append("fingerprint: is not the 64 digits (0–9, a–f) that the hub shows")
    return plain


def _code(top: Table) -> str:
    code = top.text("join_code", least=0)
    try:
        if code:
            read_code(code)
    except JoinRefused as fault:
        top.faults.append(f"join_code: {fault}. {fault.hint}")  # it is not repeated: it lets in
    return code


def _like(table: Table, key: str, shape: re.Pattern[str], rule: str, *, must: bool = False) -> str:
    text = table.text(key, least=1 if must else 0)
    if text and not shape.fullmatch(text):
        table.fault(key, f"{text!r:.60} is none: it {rule}")
    return text


def _name(table: Table, key: str, check: Callable[[str], T]) -> T:
    text = table.text(key)
    try:
        return check(text)
    except PlaceError as fault:
        if text:  # else its absence has been told
            table.fault(key, f"is no name. {fault.hint}")
        return cast(T, "")
