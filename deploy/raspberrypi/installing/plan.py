"""The plan of a kiosk: every step from a bare Raspberry Pi OS, in the order of need."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.plans.folders import Folders
from deploy.plans.machine import Machine, Text
from deploy.plans.steps import Files, Step
from deploy.raspberrypi.installing.carrying import Bundle
from deploy.raspberrypi.installing.layout import FOLDERS, UNITS
from deploy.raspberrypi.installing.packages import Packages, wanted_packages
from deploy.raspberrypi.installing.people import Groups, Users
from deploy.raspberrypi.installing.services import Started, Units
from deploy.raspberrypi.installing.version import Current, Version, is_compiled


def kiosk_plan(machine: Machine, bundle: Bundle, drawing: bool, bytecode: bool) -> Sequence[Step]:
    """All steps; without `drawing` the packages for the glass and the pins are left out."""
    wanted = wanted_packages(bundle.text("packages.txt"))
    carried = bundle.path.parent / "debs"
    version = bundle.manifest.version
    return (
        *((Packages(machine, wanted, carried),) if drawing else ()),
        Groups(machine),
        Users(machine),
        Folders(machine, FOLDERS),
        Version(machine, bundle, bytecode),
        Files("system files", machine, system_files(bundle)),
        Units(machine),
        Current(machine, version),
        Started(machine, version),
    )


def version_plan(machine: Machine, bundle: Bundle, bytecode: bool) -> Sequence[Step]:
    """An update's part: the version beside the one that runs, and nothing switched."""
    return (Version(machine, bundle, bytecode and is_compiled(machine)),)


def system_files(bundle: Bundle) -> tuple[Text, ...]:
    """Units, and what else of the system is ours, at their places."""
    units = bundle.below("units").items()
    others = bundle.below("system").items()
    return (
        *(Text(f"{UNITS}/{name}", text) for name, text in units),
        *(Text(f"/{path}", text) for path, text in others),
    )
