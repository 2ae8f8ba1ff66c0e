"""semblante.toml, the one settings file of a device, as a technician's wishes make it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.errors import SemblanteError, SettingsError
from shared.joining import read_code
from shared.places import kiosk_id, point_id, store_id

_TOLD: Final = "# Read at first boot, then emptied of its secrets. See docs/devices.md.\n"
_HOSTNAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ROTATIONS: Final = ("", "0", "90", "180", "270")


@dataclass(frozen=True, slots=True)
class DeviceWishes:
    """What one kiosk is to be; texts as they were given, empty where nothing was."""

    store: str
    point: str
    kiosk: str
    hub: str = ""
    fingerprint: str = ""
    join_code: str = field(default="", repr=False)
    ssid: str = ""
    passphrase: str = field(default="", repr=False)
    country: str = ""
    hostname: str = ""
    time_zone: str = ""
    rotation: str = ""
    ssh_keys: tuple[str, ...] = ()
    more: str = ""

    def faults(self) -> list[str]:
        """Everything that cannot be, in words for people."""
        names = ((store_id, self.store, "STORE"), (point_id, self.point, "REGISTER"))
        faults = [_fault(*one) for one in (*names, (kiosk_id, self.kiosk, "DEVICE"))]
        if not self.hub.startswith("https://"):
            faults.append("HUB: begins with https://")
        if not re.fullmatch("[0-9a-fA-F]{64}", self.fingerprint):
            faults.append("FINGERPRINT: is 64 hexadecimal digits (semblante-hub authority show)")
        if self.join_code:
            faults.append(_fault(read_code, self.join_code, "JOIN_CODE"))
        if self.ssid and self.passphrase and not 8 <= len(self.passphrase) <= 64:
            faults.append("PASSPHRASE: has 8 to 64 characters")
        if self.country and not re.fullmatch("[A-Z]{2}", self.country):
            faults.append("COUNTRY: is two capitals, such as ES")
        if self.hostname and not _HOSTNAME.fullmatch(self.hostname):
            faults.append("HOSTNAME: is made of a–z, 0–9 and “-”")
        if self.rotation not in _ROTATIONS:
            faults.append("ROTATION: is 0, 90, 180 or 270")
        return [fault for fault in faults if fault]

    def checked(self, source: str) -> DeviceWishes:
        """Itself; raises SettingsError with all faults at once."""
        if faults := self.faults():
            raise SettingsError(source, faults)
        return self


def settings_file(wishes: DeviceWishes) -> str:
    """The text of semblante.toml."""
    top = {
        "store": wishes.store, "point": wishes.point, "kiosk": wishes.kiosk, "hub": wishes.hub,
        "fingerprint": wishes.fingerprint, "join_code": wishes.join_code,
        "hostname": wishes.hostname, "time_zone": wishes.time_zone,
    }  # fmt: skip
    parts = [_TOLD, _table("", top)]
    network = {"ssid": wishes.ssid, "passphrase": wishes.passphrase, "country": wishes.country}
    parts += [_table("network", network)] if wishes.ssid else []
    if wishes.ssh_keys:
        parts.append(f"\n[ssh]\nkeys = {json.dumps(list(wishes.ssh_keys))}\n")
    if wishes.rotation:
        parts.append(f"\n[screen]\nrotation = {int(wishes.rotation)}\n")
    return "".join([*parts, f"\n{wishes.more.strip()}\n" if wishes.more.strip() else ""])


def _table(name: str, values: Mapping[str, str]) -> str:
    head = f"\n[{name}]\n" if name else ""
    # A text of JSON is one of TOML, as long as nothing outside of the first plane is escaped.
    lines = (f"{key} = {_text(one)}\n" for key, one in values.items() if one)
    return head + "".join(lines)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _fault(read: object, value: str, name: str) -> str:
    try:
        read(value)  # type: ignore[operator]
    except SemblanteError as fault:
        return f"{name}: {fault}. {fault.hint}"
    return ""
