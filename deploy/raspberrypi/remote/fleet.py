"""`make provision FLEET=stores.csv`: a machine a row; all faults first, then all work."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from deploy.plans.course import counted
from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.remote.provision import Provisioned
from shared.errors import SemblanteError, SettingsError

MUST: Final = ("host", "store", "register", "device")
MAY: Final = ("join_code", "hostname", "time_zone", "rotation", "ssid", "passphrase", "country")
AT_ONCE: Final = 8
"""Machines that are worked on at the same time: each waits for itself most of the time."""

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
    one: Callable[[Row, Callable[[str], None]], Provisioned],
    say: Callable[[str], None],
) -> tuple[Provisioned, ...]:
    """Some at a time; a fault of one keeps no other from its turn."""
    wide = max(len(row.host) for row in rows)

    def turn(row: Row) -> Provisioned:
        def tell(line: str) -> None:
            say(f"{row.host:{wide}}  {line}")

        tell(f"… {row.wishes.store}/{row.wishes.point}, {row.wishes.kiosk}")
        try:
            return one(row, tell)
        except SemblanteError as fault:
            tell(f"✗ {fault}")
            return Provisioned(row.host, 0, str(fault), fault.hint)

    with ThreadPoolExecutor(AT_ONCE) as workers:
        ended = [workers.submit(turn, row) for row in rows]
        try:
            return tuple(each.result() for each in ended)
        except BaseException:
            workers.shutdown(wait=False, cancel_futures=True)
            raise


def summary(ended: Sequence[Provisioned]) -> str:
    """A line for each machine, and how many are kiosks now."""
    wide = max(len(one.name) for one in ended)
    lines = [f"{one.name:{wide}}  {_told(one, wide)}" for one in ended]
    well, of = sum(not one.fault for one in ended), len(ended)
    if any(one.checked for one in ended):
        lines.append(f"{well} of {of} can be done; nothing was changed")
    elif well < of:
        lines.append(f"{well} of {of} are kiosks; run the same again for the others")
    else:
        lines.append(f"{'it is a kiosk' if of == 1 else f'all {of} are kiosks'}")
    return "\n".join(lines)


def _told(one: Provisioned, wide: int) -> str:
    if one.fault:
        # A fault of one machine begins with its name, which stands in front already.
        return f"✗ {one.fault.removeprefix(f'{one.name}: ')}\n{'':{wide}}    → {one.hint}"
    changes = counted(one.changes, "change")
    return f"~ {changes} to be made" if one.checked and one.changes else f"✓ {changes}"
