"""Which of the locked packages a program needs on its machines, and what they say of themselves."""

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

from deploy.release.licences import licence_of
from shared.errors import ReleaseRefused

LOCK: Final = Path("deploy/workstation/requirements.txt")
_PIN: Final = re.compile(
    r"^([\w.-]+)==(\S+)(?: ; ([^\\\n]*))? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
_SUM: Final = re.compile(r"sha256:([0-9a-f]{64})")

MACHINES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "kiosk": (("3.13", "aarch64"),),  # Raspberry Pi OS, Trixie, 64 bit
    "hub": tuple(
        (python, machine)
        for python in ("3.11", "3.13")  # Debian 12 and 13
        for machine in ("x86_64", "aarch64")
    ),
}


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked version, where it is meant, and the SHA-256 of every file in which it may come."""

    version: str
    marker: Marker | None
    sums: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that is shipped with a program, and the names of those that it needs itself."""

    name: str
    version: str
    sums: tuple[str, ...]
    licence: str
    needs: tuple[str, ...]


def locked(text: str) -> dict[str, tuple[Pin, ...]]:
    """The locked list, by name; of some packages each Python has a version of its own."""
    pins: dict[str, tuple[Pin, ...]] = {}
    for name, version, marker, sums in _PIN.findall(text):
        meant = Marker(marker.strip()) if marker.strip() else None
        pin = Pin(version, meant, tuple(_SUM.findall(sums)))
        pins[canonicalize_name(name)] = (*pins.get(canonicalize_name(name), ()), pin)
    return pins


def wanted_by(root: Path, program: str) -> tuple[Requirement, ...]:
    """What the project itself asks for, for this program."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"][program]]
    return tuple(Requirement(line) for line in lines)


def needed(root: Path, program: str) -> tuple[Package, ...]:
    """Everything that the program needs on any of its machines, also of what it needs, sorted."""
    pins, found = locked((root / LOCK).read_text()), dict[tuple[str, str], Package]()
    wanted = wanted_by(root, program)
    for python, machine in MACHINES[program]:
        environment = _environment(python, machine)
        for name, needs in _closure(wanted, environment).items():
            package = _package(name, _pin(name, pins, environment), needs)
            found[name, package.version] = package
    return tuple(found[key] for key in sorted(found))


def _closure(wanted: Iterable[Requirement], environment: Mapping[str, str]) -> dict[str, set[str]]:
    needs, waiting, seen = dict[str, set[str]](), list(wanted), set[tuple[str, str]]()
    while waiting:
        asked = waiting.pop()
        name, extras = canonicalize_name(asked.name), sorted(asked.extras)
        if (name, str(extras)) in seen or not _is_meant(asked.marker, environment):
            continue
        seen.add((name, str(extras)))
        more = list(_asks(_installed(name), environment, extras))
        needs.setdefault(name, set()).update(canonicalize_name(one.name) for one in more)
        waiting += more
    return needs


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


def _asks(
    package: Distribution, environment: Mapping[str, str], extras: Iterable[str]
) -> Iterator[Requirement]:
    for asked in map(Requirement, package.requires or ()):
        if _is_meant(asked.marker, environment, *extras):
            asked.marker = None  # it is judged, and knows nothing of extras that were asked for
            yield asked


def _installed(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError as fault:
        raise ReleaseRefused(
            f"the package {name} is needed and not installed here: run “make setup”"
        ) from fault


def _pin(name: str, pins: Mapping[str, tuple[Pin, ...]], environment: Mapping[str, str]) -> Pin:
    installed = _installed(name).version
    known = pins.get(name, ())
    meant = [pin for pin in known if _is_meant(pin.marker, environment)]
    if len(meant) != 1 or installed not in {pin.version for pin in known}:
        raise ReleaseRefused(
            f"{name} {installed} is installed, and the locked list says "
            f"{', '.join(pin.version for pin in meant) or 'nothing of it'}: run “make setup”"
        )
    return meant[0]


def _package(name: str, pin: Pin, needs: Iterable[str]) -> Package:
    licence = licence_of(_installed(name).metadata)
    if not licence:
        raise ReleaseRefused(f"{name} {pin.version} says nothing of its licence: ask its author")
    return Package(name, pin.version, pin.sums, licence, tuple(sorted(needs)))
