"""A bare arm64 Debian 13 becomes a kiosk by the installer of card, provision and update."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.plans.machine import Machine
from deploy.raspberrypi.bundling.bundle import Wanted, build_bundle
from shared.places import KioskId
from tests.parts.mosquitto import running_broker
from tests.pi.roots import BYTECODE, cache, emulate, inside, installer_of, kept_bytecode, unpack

pytestmark = [pytest.mark.journey, pytest.mark.timeout(2_400)]  # five minutes, the first time

DATA = "data/semblante"
PROGRAM = f"/{DATA}/current/venv/bin/semblante-kiosk"
OURS = ("kiosk", "hub", "shared")
INSTALLED_AT_MOST = 250_000_000


@dataclass(frozen=True, slots=True)
class Pi:
    """The root, its bundle, and what the installer said the first time."""

    root: Path
    bundle: Path
    program: Path
    said: str

    def install(self, *more: str) -> str:
        return install(self.root, self.program, self.bundle, *more)


def install(root: Path, program: Path, bundle: Path, *more: str) -> str:
    """Run on this machine for the root: under emulation the same takes a minute more."""
    words = [sys.executable, str(program), str(bundle), "--root", str(root), *more]
    words += ["--without-glass", "--without-bytecode"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pi]:
    folder = tmp_path_factory.mktemp("pi")
    emulate()
    root = unpack(folder / "root")
    bundle = build_bundle(Wanted(1, 1), cache(), folder)
    program = installer_of(bundle, folder)
    yield Pi(root, bundle, program, install(root, program, bundle))
    shutil.rmtree(root)


def test_a_bare_root_becomes_a_kiosk_and_the_second_run_changes_nothing(pi: Pi) -> None:
    assert "7 changes" in pi.said
    assert "0 changes" in pi.install()


def test_a_check_says_that_nothing_is_missing(pi: Pi) -> None:
    assert "0 changes" in pi.install("--check")


def test_the_kiosk_cannot_change_its_own_program(pi: Pi) -> None:
    uid, current = Machine(pi.root).uid, pi.root / DATA / "current"
    assert current.lstat().st_uid == uid("semblante-update")
    assert (current / "venv").stat().st_uid == uid("semblante-update")
    assert (pi.root / DATA / "identity").stat().st_uid == uid("semblante")
    assert (pi.root / DATA).stat().st_mode & 0o7777 == 0o1775


def test_it_takes_less_of_the_card_than_it_may(pi: Pi) -> None:
    files = [path for path in (pi.root / "data").rglob("*") if path.is_file()]
    sources = sum(path.stat().st_size for path in files if path.suffix == ".py")
    size = sum(path.stat().st_size for path in files if not path.is_symlink())
    bytecode = 2 * sources  # measured: 1.1 times the sources
    assert size + bytecode < INSTALLED_AT_MOST


def test_an_interruption_leaves_the_version_that_runs_and_is_made_good(pi: Pi) -> None:
    (pi.root / DATA / "versions/0.1.0/.complete").unlink()
    (pi.root / DATA / "versions/0.1.0/venv/bin/semblante-kiosk").unlink()
    assert "1 change" in pi.install()
    assert (pi.root / DATA / "versions/0.1.0/.complete").exists()


def test_its_own_systemd_understands_every_unit(pi: Pi) -> None:
    previous = pi.root / DATA / "previous"  # what the unit of trials starts, after an update
    previous.symlink_to((pi.root / DATA / "current").readlink())
    units = "/etc/systemd/system/semblante-*.{service,timer,path}"
    done = inside(pi.root, "bash", "-c", f"systemd-analyze verify {units}")
    previous.unlink()
    assert (done.returncode, done.stderr) == (0, "")


def test_the_kiosk_tries_its_parts_and_says_that_hardware_is_absent(pi: Pi, tmp_path: Path) -> None:
    """Bytecode of packages is kept between runs: under emulation it takes minutes to make."""
    kept = kept_bytecode()
    if kept.exists():
        subprocess.run(["tar", "-C", pi.root, "-xf", kept], check=True, timeout=60)
    with running_broker(tmp_path, ["c"]) as broker:
        (pi.root / DATA / "kiosk.toml").write_text(
            f'store = "a"\npoint = "b"\nkiosk = "c"\n'
            f'[broker]\nhost = "127.0.0.1"\nport = {broker.port}\n'
            f'password = "{broker.passwords[KioskId("c")]}"\n'
            f'[screen]\ndriver = "kmsdrm"\n'
        )
        config = ("--config", f"/{DATA}/kiosk.toml")
        done = inside(pi.root, PROGRAM, "check", *config, PYTHONPYCACHEPREFIX=BYTECODE)
    assert "screen: no screen is connected" in done.stdout
    assert done.returncode == 4, done.stdout + done.stderr
    if not kept.exists():
        site = f"{BYTECODE}/{DATA}/versions/0.1.0/venv/lib/python3.13/site-packages"
        for package in OURS:
            shutil.rmtree(pi.root / f"{site}/{package}".lstrip("/"), ignore_errors=True)
        fresh = kept.with_suffix(".new")
        subprocess.run(["tar", "-C", pi.root, "-cf", fresh, f".{BYTECODE}"], check=True, timeout=60)
        fresh.replace(kept)
