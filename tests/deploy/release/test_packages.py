"""What a program ships is followed from what it asks for, on its own machines, as it is locked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.release import packages
from deploy.release.packages import LOCK, locked, needed
from shared.errors import ReleaseRefused

ROOT = Path(__file__).parents[3]
PINS = locked((ROOT / LOCK).read_text())


def names(program: str) -> set[str]:
    return {package.name for package in needed(ROOT, program)}


def test_every_line_of_the_locked_list_is_read_with_all_its_sums() -> None:
    text = (ROOT / LOCK).read_text()
    assert sum(len(pins) for pins in PINS.values()) == len(re.findall(r"^\S+==", text, re.M))
    assert sum(len(pin.sums) for pins in PINS.values() for pin in pins) == text.count("sha256:")


def test_a_kiosk_ships_its_screen_and_nothing_of_the_hub_or_of_tests() -> None:
    kiosk = names("kiosk")
    assert {"kivy", "sqlalchemy", "paho-mqtt", "cryptography", "cffi"} <= kiosk
    assert not kiosk & {"fastapi", "pandas", "pytest", "hatchling", "cyclonedx-python-lib"}
    assert not kiosk & {"pywin32", "kivy-deps-sdl2", "colorama"}, "another system's"


def test_a_hub_ships_what_its_extras_ask_for_and_no_screen() -> None:
    hub = names("hub")
    assert {"fastapi", "psycopg-binary", "starlette", "pyarrow", "argon2-cffi-bindings"} <= hub
    assert not hub & {"kivy", "gpiozero", "pyserial", "pytest", "httpx"}


def test_whoever_is_needed_is_there_itself() -> None:
    for program in ("kiosk", "hub"):
        shipped = {package.name: package for package in needed(ROOT, program)}
        assert {need for package in shipped.values() for need in package.needs} <= set(shipped)
        assert all(package.sums and package.licence for package in shipped.values())


def test_where_each_python_has_a_version_of_its_own_both_are_told() -> None:
    twice = {name: {pin.version for pin in pins} for name, pins in PINS.items() if len(pins) > 1}
    told = [(package.name, package.version) for package in needed(ROOT, "hub")]
    for name in set(twice) & {name for name, _ in told}:
        assert {version for one, version in told if one == name} == twice[name]
    assert len(told) == len(set(told))


def spoiled(project: Path, lock: str) -> Path:
    (project / LOCK).parent.mkdir(parents=True)
    (project / LOCK).write_text(lock)
    return project


def test_what_is_installed_and_not_locked_is_no_release(project: Path) -> None:
    text = (project / "pyproject.toml").read_text().replace('["msgspec"]', "[]")
    (project / "pyproject.toml").write_text(text)
    lock = "structlog==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    with pytest.raises(ReleaseRefused, match=r"locked list says 1\.0: run “make setup”"):
        needed(spoiled(project, lock), "kiosk")


def test_what_is_needed_and_not_installed_is_no_release(project: Path) -> None:
    text = (project / "pyproject.toml").read_text().replace("structlog", "nobody-wrote-this")
    (project / "pyproject.toml").write_text(text)
    with pytest.raises(ReleaseRefused, match="nobody-wrote-this is needed and not installed"):
        needed(spoiled(project, ""), "kiosk")


def test_a_package_without_a_licence_is_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "licence_of", lambda _: "")
    with pytest.raises(ReleaseRefused, match="says nothing of its licence"):
        needed(ROOT, "kiosk")
