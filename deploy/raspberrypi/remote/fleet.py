"""`make provision FLEET=stores.csv`: a machine a row; all faults first, then all work."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.remote.provision import Provisioned
from shared.errors import SemblanteError, SettingsError

MUST: Final = ("host", "store", "register", "device")
MAY: Final = ("join_code", "hostname", "time_zone", "rotation", "ssid", "passphrase", "country")
_MOST: Final = 10_000  # rows; more are no chain of stores but a mistaken file


@dataclass(frozen=True, slots=True)
class Row:
    """One machine: where it is, and what it is to be."""

    line: int
    host: str
    wishes: DeviceWishes


def read_fleet(text: str, name: str, common: DeviceWishes) -> tuple[Row, ...]:
    """Every row, with what all have in `common`; raises SettingsError with every fault at once."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), skipinitialspace=True)
    columns = [column.strip() for column in reader.fieldnames or ()]
    reader.fieldnames = columns
    faults = [f"line 1: the column “{one}” is missing" for one in MUST if one not in columns]
    known = {*MUST, *MAY}
    faults += [f"line 1: no column is called “{one}”" for one in columns if one not in known]
    if faults:
        raise SettingsError(name, faults)
    rows: list[Row] = []
    for cells in reader:
        if len(rows) >= _MOST:
            faults.append(f"line {reader.line_num}: more than {_MOST} rows")
            break
        if any(cells.values()):
            rows.append(_row(reader.line_num, cells, common, faults))
    faults += _twice(rows)
    if not rows:
        faults.append("there is no row in it")
    if faults:
        raise SettingsError(name, faults)
    return tuple(rows)


def _row(line: int, cells: dict[str, str | None], common: DeviceWishes, faults: list[str]) -> Row:
    told = {key: (one or "").strip() for key, one in cells.items() if isinstance(key, str)}
    if None in cells:
        faults.append(f"line {line}: has more cells than line 1 has columns")
    wishes = DeviceWishes(
        store=told["store"], point=told["register"], kiosk=told["device"],
        hub=common.hub, fingerprint=common.fingerprint, ssh_keys=common.ssh_keys,
        **{key: told.get(key) or getattr(common, key) for key in MAY},
    )  # fmt: skip
    if not told["host"] or told["host"].startswith("-"):
        faults.append(f"line {line}: host: names no machine")
    unknown_yet = not (wishes.join_code or wishes.hub)  # the hub will say its own address
    for fault in wishes.faults():
        if not (unknown_yet and fault.startswith(("HUB:", "FINGERPRINT:"))):
            faults.append(f"line {line}: {fault}")
    return Row(line, told["host"], wishes)


def _twice(rows: Sequence[Row]) -> list[str]:
    faults, before = [], dict[tuple[str, ...], int]()
    for row in rows:
        place = (row.wishes.store, row.wishes.point, row.wishes.kiosk)
        for what, key in (("host", (row.host,)), ("device", place)):
            line = before.setdefault(key, row.line)
            if line != row.line:
                faults.append(f"line {row.line}: the same {what} as in line {line}")
    return faults


def provision_all(
    rows: Sequence[Row],
    one: Callable[[Row], Provisioned],
    say: Callable[[str], None],
) -> tuple[Provisioned, ...]:
    """One after the other; a fault of one keeps no other from its turn."""
    ended = []
    for number, row in enumerate(rows, 1):
        say(f"{number}/{len(rows)} {row.host}: {row.wishes.store}/{row.wishes.point}")
        try:
            ended.append(one(row))
        except SemblanteError as fault:
            say(f"✗ {fault}")
            ended.append(Provisioned(row.host, 0, str(fault), fault.hint))
    return tuple(ended)


def summary(ended: Sequence[Provisioned]) -> str:
    """A line for each machine, and how many are kiosks now."""
    wide = max(len(one.name) for one in ended)
    lines = []
    for one in ended:
        what = (
            f"✗ {one.fault}\n{'':{wide}}   → {one.hint}"
            if one.fault
            else f"✓ {_counted(one.changes)}"
        )
        lines.append(f"{one.name:{wide}}  {what}")
    well = sum(not one.fault for one in ended)
    return "\n".join([*lines, f"{well} of {len(ended)} are kiosks; run it again for the others."
                      if well < len(ended) else f"all {well} are kiosks"])  # fmt: skip


def _counted(changes: int) -> str:
    return f"{changes} change{'' if changes == 1 else 's'}"
