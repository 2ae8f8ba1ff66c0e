"""What a program ships is followed from what it asks for, on its own machines, as it is locked."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from deploy.release import packages
from deploy.release.packages import LISTS, Package, installed_with, locked
from shared.errors import ReleaseRefused

ROOT = Path(__file__).parents[3]


def shipped(program: str) -> dict[str, Package]:
    return {package.name: package for package in installed_with(ROOT, program)}


@pytest.mark.parametrize("program", LISTS)
def test_every_line_of_the_locked_list_is_read_with_all_its_sums(program: str) -> None:
    text = (ROOT / LISTS[program]).read_text()
    pins = locked(text)
    assert len(pins) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > 10
    assert sum(len(pin.sums) for pin in pins) == text.count("sha256:")


def test_a_kiosk_ships_its_screen_and_nothing_of_the_hub_or_of_tests() -> None:
    kiosk = set(shipped("kiosk"))
    assert {"kivy", "sqlalchemy", "paho-mqtt", "cryptography", "cffi"} <= kiosk
    assert not kiosk & {"fastapi", "pandas", "pytest", "hatchling", "cyclonedx-python-lib"}
    assert not kiosk & {"docutils", "requests", "pywin32", "kivy-deps-sdl2"}, "never imported there"


def test_a_hub_ships_what_its_extras_ask_for_and_no_screen() -> None:
    hub = set(shipped("hub"))
    assert {"fastapi", "psycopg-binary", "starlette", "pyarrow", "argon2-cffi-bindings"} <= hub
    assert not hub & {"kivy", "gpiozero", "pyserial", "pytest", "httpx", "colorama"}


@pytest.mark.parametrize("program", LISTS)
def test_whoever_is_needed_is_there_itself(program: str) -> None:
    packages = shipped(program)
    assert {need for package in packages.values() for need in package.needs} <= set(packages)
    assert all(package.sums and package.licence for package in packages.values())


def test_an_extra_that_was_asked_for_is_needed() -> None:
    assert "psycopg-binary" in shipped("hub")["psycopg"].needs


def test_where_each_python_has_a_version_of_its_own_both_are_told() -> None:
    pins = [pin.name for pin in locked((ROOT / LISTS["hub"]).read_text())]
    twice = {name for name in pins if pins.count(name) > 1}
    told = [(package.name, package.version) for package in installed_with(ROOT, "hub")]
    assert {name for name, _ in told if [one for one, _ in told].count(name) > 1} == twice
    assert len(told) == len(set(told))


def spoiled(project: Path, lock: str) -> Path:
    (project / LISTS["kiosk"]).parent.mkdir(parents=True)
    (project / LISTS["kiosk"]).write_text(lock)
    return project


def line(name: str, version: str) -> str:
    return f"{name}=={version} \\\n    --hash=sha256:{'0' * 64}\n"


def test_what_is_installed_and_not_locked_is_no_release(project: Path) -> None:
    lock = line("structlog", "1.0") + line("msgspec", "1.0")
    with pytest.raises(ReleaseRefused, match=r"locked list says 1\.0: run “make setup”"):
        installed_with(spoiled(project, lock), "kiosk")


def test_what_is_asked_for_and_not_in_the_list_is_no_release(project: Path) -> None:
    with pytest.raises(ReleaseRefused, match="lacks msgspec, structlog: run “make lock”"):
        installed_with(spoiled(project, line("six", "1.0")), "kiosk")


def test_what_is_needed_and_not_installed_is_no_release(project: Path) -> None:
    text = (project / "pyproject.toml").read_text().replace("structlog>=25", "nobody-wrote-this")
    (project / "pyproject.toml").write_text(text)
    lock = line("nobody-wrote-this", "1.0") + line("msgspec", version("msgspec"))
    with pytest.raises(ReleaseRefused, match="nobody-wrote-this is needed and not installed"):
        installed_with(spoiled(project, lock), "kiosk")


def test_a_package_without_a_licence_is_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "licence_of", lambda _: "")
    with pytest.raises(ReleaseRefused, match="says nothing of its licence"):
        installed_with(ROOT, "kiosk")
