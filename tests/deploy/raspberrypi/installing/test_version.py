"""A version is whole or worth nothing, and which one runs changes in one move."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.plans.machine import Machine
from deploy.raspberrypi.installing.carrying import open_bundle
from deploy.raspberrypi.installing.version import Current, Version, is_compiled
from shared.errors import DeviceError
from tests.parts.cards import make_bundle


def root(folder: Path) -> Machine:
    (folder / "data/semblante/versions").mkdir(parents=True)
    return Machine(folder)


def test_a_version_without_its_mark_or_of_another_build_is_not_there(tmp_path: Path) -> None:
    machine, bundle = root(tmp_path / "root"), open_bundle(make_bundle(tmp_path))
    step = Version(machine, bundle)
    assert step.lacks() == ["version 1.2.3"]
    folder = tmp_path / "root/data/semblante/versions/1.2.3"
    bundle.unpack(folder)
    assert step.lacks() == ["version 1.2.3"]
    (folder / ".complete").touch()
    assert step.lacks() == []
    other = open_bundle(make_bundle(tmp_path / "other", more={"more.txt": b"x"}))
    assert Version(machine, other).lacks() == ["version 1.2.3"]


def test_another_build_of_the_version_that_runs_is_refused(tmp_path: Path) -> None:
    machine, bundle = root(tmp_path / "root"), open_bundle(make_bundle(tmp_path))
    folder = tmp_path / "root/data/semblante/versions/1.2.3"
    bundle.unpack(folder)
    (folder / ".complete").touch()
    (tmp_path / "root/data/semblante/current").symlink_to("versions/1.2.3")
    other = open_bundle(make_bundle(tmp_path / "other", more={"more.txt": b"x"}))
    with pytest.raises(DeviceError, match=r"another build of version 1\.2\.3 runs here"):
        Version(machine, other).do()
    assert (folder / ".complete").exists()


def test_the_one_before_is_remembered_when_another_version_runs(tmp_path: Path) -> None:
    machine, links = root(tmp_path), tmp_path / "data/semblante"
    for version in ("1.0.0", "2.0.0"):
        step = Current(machine, version)
        assert step.lacks() == [version]
        step.do()
        assert step.lacks() == []
    assert str((links / "current").readlink()) == "versions/2.0.0"
    assert str((links / "previous").readlink()) == "versions/1.0.0"


def test_a_later_version_has_bytecode_where_the_one_that_runs_has(tmp_path: Path) -> None:
    machine, home = root(tmp_path), tmp_path / "data/semblante"
    assert is_compiled(machine)
    (home / "versions/1.0.0/venv/lib/python3.13/site-packages/kiosk").mkdir(parents=True)
    Current(machine, "1.0.0").do()
    assert not is_compiled(machine)
    made = home / "current/venv/lib/python3.13/site-packages/kiosk/loop.cpython-313.pyc"
    made.touch()
    assert is_compiled(machine)
