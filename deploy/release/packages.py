"""What is installed with a program: its locked list, and what the packages say of themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.release.insides import Inside, insides
from deploy.release.licences import licence_of
from shared.errors import ReleaseRefused

LISTS: Final[Mapping[str, Path]] = {
    "kiosk": Path("deploy/raspberrypi/requirements.txt"),
    "hub": Path("deploy/hub/requirements.txt"),
}
"""The very lists from which kiosks and hubs are installed."""

MACHINES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "kiosk": (("3.13", "aarch64"),),  # Raspberry Pi OS, Trixie, 64 bit
    "hub": tuple(
        (python, machine)
        for python in ("3.11", "3.13")  # Debian 12 and 13
        for machine in ("x86_64", "aarch64")
    ),
}

_PIN: Final = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; ([^\\\n]*))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
_SUM: Final = re.compile(r"sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked version, where it is meant, and the SHA-256 of every file in which it may come."""

    name: str
    version: str
    marker: Marker | None
    sums: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is installed with a program, what it needs of the others, what it holds."""

    name: str
    version: str
    sums: tuple[str, ...]
    licence: str
    needs: tuple[str, ...]
    holds: tuple[Inside, ...] = ()


def locked(text: str) -> tuple[Pin, ...]:
    """Every line of a locked list; of some packages each Python has a version of its own."""
    return tuple(
        Pin(
            canonicalize_name(name),
            version,
            Marker(marker.strip()) if marker.strip() else None,
            tuple(_SUM.findall(sums)),
        )
        for name, version, marker, sums in _PIN.findall(text)
    )


def asked_for(root: Path, program: str) -> tuple[Requirement, ...]:
    """What the project itself asks for, for this program; a hub also builds us where it stands."""
    whole = tomllib.loads((root / "pyproject.toml").read_text())
    project = whole["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"][program]]
    if program == "hub":
        lines += whole["dependency-groups"]["build"]
    return tuple(Requirement(line) for line in lines)


def installed_with(root: Path, program: str) -> tuple[Package, ...]:
    """All that its list installs on any of its machines, sorted; raises ReleaseRefused."""
    pins = locked((root / LISTS[program]).read_text())
    meant = [
        pin
        for pin in pins
        if any(_is_meant(pin.marker, _environment(*machine)) for machine in MACHINES[program])
    ]
    names = {pin.name for pin in meant}
    extras = {str(canonicalize_name(one.name)): one.extras for one in asked_for(root, program)}
    if missing := sorted(extras.keys() - names):
        raise ReleaseRefused(f"{LISTS[program]} lacks {', '.join(missing)}: run “make lock”")
    return tuple(
        _package(pin, pins, _needs(pin.name, program, extras.get(pin.name, set())) & names)
        for pin in sorted(meant, key=lambda pin: (pin.name, pin.version))
    )


def _environment(python: str, machine: str) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": "linux",
    }


def _is_meant(marker: Marker | None, environment: Mapping[str, str], *extras: str) -> bool:
    return marker is None or any(
        marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras)
    )


def _needs(name: str, program: str, extras: Iterable[str]) -> set[str]:
    """What a package asks for on any of the program's machines, also for its extras' sake."""
    return set(_asks(_at_hand(name), program, tuple(extras)))


def _asks(package: Distribution, program: str, extras: tuple[str, ...]) -> Iterator[str]:
    for asked in map(Requirement, package.requires or ()):
        if any(_is_meant(asked.marker, _environment(*one), *extras) for one in MACHINES[program]):
            yield canonicalize_name(asked.name)


def _at_hand(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as fault:
        raise ReleaseRefused(
            f"the package {name} is needed and not installed here: run “make setup”"
        ) from fault


def _package(pin: Pin, pins: Iterable[Pin], needs: Iterable[str]) -> Package:
    here = _at_hand(pin.name)
    known = [one.version for one in pins if one.name == pin.name]
    if here.version not in known:
        raise ReleaseRefused(
            f"{pin.name} {here.version} is installed, and the locked list says "
            f"{', '.join(known)}: run “make setup”"
        )
    licence = licence_of(here.metadata)
    if not licence:
        raise ReleaseRefused(
            f"{pin.name} {pin.version} says nothing of its licence: ask its author"
        )
    holds = insides(here) if here.version == pin.version else ()
    return Package(pin.name, pin.version, pin.sums, licence, tuple(sorted(needs)), holds)
