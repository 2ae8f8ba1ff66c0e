"""A kiosk without data or program, or whose installer fails, says so on its glass."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fcntl import ioctl
from pathlib import Path
from typing import Final

import pytest

from deploy.plans.machine import Machine
from deploy.raspberrypi.cards.steps import fstab_with_data
from deploy.raspberrypi.installing.layout import UNITS as PLACE
from deploy.raspberrypi.installing.services import Units
from tests.deploy.hub.booting import Booted, booted
from tests.pi.roots import Debian

SOURCE: Final = Path(__file__).parents[3] / "deploy/raspberrypi"
SCRIPT: Final = SOURCE / "system/usr/local/lib/semblante/glass.sh"
UNIT: Final = "semblante-glass@data.service"
KIOSK: Final = "semblante-kiosk.service"
PROGRAM: Final = "semblante-glass@program.service"
INSTALLING: Final = "semblante-glass@install.service"
GENERATOR: Final = "/usr/lib/systemd/system-generators/systemd-fstab-generator"
MISSING: Final = "PARTUUID=5e3b1a70-03"
DESTROYED: Final = "/etc/machine-id"
"""Something that is there, and holds no file system."""

SENTENCES: Final = (
    "Fuera de servicio: no puede leer sus datos.",
    "No tire la tarjeta: puede guardar respuestas.",
    "Out of order: it cannot read its data.",
    "Do not throw the card away: it may hold answers.",
    "Fora de serviço: não consegue ler os seus dados.",
    "Não jogue fora o cartão: pode guardar respostas.",
    "make rescue CARD=... SEND=1, then make replace",
)
NOT_INSTALLED: Final = (
    "Aún no está listo: la instalación ha fallado.",
    "Se repite sola cada minuto. Avise a su técnico.",
    "Not ready yet: setting it up has not succeeded.",
    "Tried again each minute. Call the technician.",
    "Ainda não está pronto: a instalação falhou.",
    "Repete-se a cada minuto. Chame o técnico.",
)
NOT_RUNNING: Final = (
    "Fuera de servicio: su programa no funciona.",
    "Lo intenta otra vez solo. Avise a su técnico.",
    "No tire la tarjeta: puede guardar respuestas.",
    "Out of order: its program does not run.",
    "It tries again by itself. Call the technician.",
    "Do not throw the card away: it may hold answers.",
    "Fora de serviço: o seu programa não funciona.",
    "Tenta de novo sozinho. Chame o técnico.",
    "Não jogue fora o cartão: pode guardar respostas.",
    "make doctor HOST=..., make logs HOST=...",
)
SAID_BY: Final = {"data": SENTENCES, "install": NOT_INSTALLED, "program": NOT_RUNNING}
SERVICES: Final = (
    "semblante-kiosk.service", "semblante-install.service", "semblante-firstboot.service",
)  # fmt: skip
WAITING: Final = (
    *SERVICES, "semblante-update.path", "semblante-reboot.path", "semblante-renew.path",
)  # fmt: skip
"""Who needs the data."""

_ANSI: Final = re.compile(r"\x1b(?:\[[0-9;?!]*[a-zA-Z]|%G|\]104\x07?)")


@dataclass
class Glass:
    """A terminal of the size of a panel in large letters, and what was written on it."""

    lines: int = 15
    columns: int = 50
    said: str = ""
    _ends: tuple[int, int] = field(default_factory=pty.openpty)

    def __post_init__(self) -> None:
        size = struct.pack("HHHH", self.lines, self.columns, 0, 0)
        ioctl(self._ends[1], termios.TIOCSWINSZ, size)

    @property
    def name(self) -> str:
        """Where a program finds it."""
        return os.ttyname(self._ends[1])

    @property
    def end(self) -> int:
        """The terminal itself, for a program that is started with it."""
        return self._ends[1]

    def hears(self, seconds: float = 0.3) -> str:
        """All that was written until nothing more comes for so long."""
        raw = b""
        while select.select([self._ends[0]], [], [], seconds)[0]:
            raw += os.read(self._ends[0], 65_536)
        self.said += raw.decode("utf-8", "replace")
        return self.said

    def shown(self) -> list[str]:
        """The lines that stand there: what came after it was emptied last."""
        after = self.hears().rpartition("\x1b[2J")[2]
        return _ANSI.sub("", after).replace("\r", "").split("\n")


def said_on(glass: Glass, script: Path, reason: str, rounds: int = 1) -> list[str]:
    words = ["setsid", "--wait", "--ctty", "sh", str(script), reason, "caja-3", str(rounds)]
    subprocess.run(words, stdin=glass.end, stdout=glass.end, check=True, timeout=20)
    return glass.shown()


@pytest.mark.parametrize("reason", SAID_BY)
@pytest.mark.parametrize("card", ["", 'store = "mercado-centro"\npoint = "caja-3"\nkiosk = "k-3"'])
def test_it_fits_the_smallest_panel_in_large_letters(
    tmp_path: Path, card: str, reason: str
) -> None:
    """What would scroll or wrap would push out who this is."""
    (tmp_path / "semblante.toml").write_text(card)
    script = tmp_path / "glass.sh"
    script.write_text(SCRIPT.read_text().replace("/boot/firmware", str(tmp_path)))
    lines = said_on(Glass(), script, reason)
    assert set(SAID_BY[reason]) < set(lines)
    assert f"Semblante [{reason}] caja-3" in lines
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 48, "an upright one"
    if card:
        assert "k-3 mercado-centro/caja-3" in lines


@pytest.mark.parametrize("reason", SAID_BY)
def test_it_speaks_also_where_nothing_else_can_be_read(reason: str) -> None:
    """No settings file and no larger letters: said once at least, and before they are sought."""
    glass = Glass(25, 80)
    assert set(SAID_BY[reason]) < set(said_on(glass, SCRIPT, reason))
    said_first = glass.said.partition("\x1b[2J")[2].partition("\x1b[2J")[0]
    assert f"[{reason}] caja-3" in said_first


def test_what_was_said_is_taken_away() -> None:
    glass = Glass()
    said_on(glass, SCRIPT, "data")
    assert said_on(glass, SCRIPT, "nothing", 0) == [""]


REASON: Final = """\
 1/9 … packages: libgl1
✗ “semblante-kiosk.tar” is \x1b[2Jdamaged or was cut off: wheels/kivy-2.3.1.whl, units/\
semblante-kiosk.service, units/semblante-guard.service and 12 more that are not named here
→ Copy it again; nothing was changed on this machine.
"""


def test_what_the_installer_said_moves_nothing_on_the_console_and_fits(tmp_path: Path) -> None:
    """It is our own text, and names files of a bundle that somebody else may have made."""
    (tmp_path / "told").write_text(REASON)
    for name, does in (("systemctl", "echo 5e3b"), ("journalctl", f"cat {tmp_path}/told")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    script = tmp_path / "glass.sh"
    script.write_text(f"PATH={tmp_path}:$PATH\n{SCRIPT.read_text()}")
    lines = said_on(Glass(), script, "install")
    assert lines[9] == '"semblante-kiosk.tar" is ?[2Jdamaged or was cut '
    assert set(NOT_INSTALLED) < set(lines)
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 48
    assert "Semblante [install] caja-3" in lines


def test_no_letter_is_one_that_the_console_would_have_to_join() -> None:
    """Spanish, English and Portuguese: all letters of the font Uni2."""
    text = SCRIPT.read_text().partition("data() {")[2].partition("\nwho() {")[0]
    assert max(map(ord, text)) < 0x180


def mounts(table: str, folder: Path) -> Mapping[str, str]:
    """The units that systemd makes of a table of mounts, by their path."""
    (folder / "fstab").write_text(table)
    out = folder / "units"
    out.mkdir()
    env = {"SYSTEMD_FSTAB": str(folder / "fstab"), "SYSTEMD_LOG_TARGET": "console"}
    subprocess.run([GENERATOR, out, out, out], env=env, check=True, timeout=20)
    return {str(one.relative_to(out)): one.read_text() for one in out.rglob("*") if one.is_file()}


def test_systemd_mounts_the_data_bounded_checked_and_without_a_start_that_needs_them(
    tmp_path: Path,
) -> None:
    found = mounts(fstab_with_data("", MISSING), tmp_path)
    wanted = [name for name in found if "data.mount" in name]
    assert wanted == ["data.mount"], "local-fs.target would have it tried with every other start"
    unit = found["data.mount"]
    assert "Before=local-fs.target" not in unit
    device = r"dev-disk-by\x2dpartuuid-5e3b1a70\x2d03"
    check = re.escape(f"systemd-fsck@{device}.service")
    assert re.search(rf"^Requires={check}$", unit, re.MULTILINE), "e2fsck replays the journal"
    assert "JobRunningTimeoutSec=60s" in found[f"{device}.device.d/50-device-timeout.conf"]


def test_a_check_of_a_dying_card_ends() -> None:
    """systemd's own unit has no end; and it may be ended while it waits for the card alone."""
    text = (SOURCE / "system/etc/systemd/system/systemd-fsck@.service.d/semblante.conf").read_text()
    assert re.search(r"^TimeoutStartSec=5min$", text, re.MULTILINE)


def test_nothing_of_ours_restarts_the_machine_where_a_unit_fails() -> None:
    """The watchdogs are fed by systemd itself, with or without data."""
    every = [*SOURCE.glob("units/*"), *SOURCE.glob("system/etc/systemd/**/*.conf")]
    text = "\n".join(one.read_text() for one in every)
    assert not re.findall(r"^\w*(?:FailureAction|LimitAction|TimeoutAction)=.*$", text, re.M)


def test_the_data_that_udev_looks_for_are_called_as_make_card_calls_them() -> None:
    rules = (SOURCE / "system/etc/udev/rules.d/80-semblante.rules").read_text().splitlines()
    (rule,) = [line for line in rules if "SYSTEMD_WANTS" in line]
    (label,) = re.findall(r'ENV\{ID_FS_LABEL\}=="([\w-]+)"', rule)
    assert f'"-L", "{label}"' in (SOURCE / "cards/steps.py").read_text()
    assert 'ENV{SYSTEMD_WANTS}+="data.mount"' in rule
    assert 'TAG+="systemd"' in rule


# A system that starts: its own systemd, in namespaces, and all of our units.

_HERE: Final = "arm64" if os.uname().machine == "aarch64" else "amd64"
_BARE: Final = Debian(f"{_HERE}-trixie-systemd", ("systemd",), 400, 100, arch=_HERE)
_NOT_OURS: Final = (
    "systemd-sysctl.service", "systemd-modules-load.service", "systemd-udevd.service",
    "systemd-udev-trigger.service", "systemd-binfmt.service",
)  # fmt: skip
"""What would speak to the kernel of the machine that tests."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the units of a kiosk, enabled as the installer does."""
    made = _BARE.unpack(tmp_path_factory.mktemp("no-data") / "root")
    machine = Machine(made)
    for one in SOURCE.glob("units/*"):
        _put(made, f"{PLACE}/{one.name}", one)
    system = SOURCE / "system"
    for one in (*system.glob("etc/systemd/system/*/*"), *system.glob("usr/**/*.sh")):
        _put(made, str(one.relative_to(system)), one)
    Units(machine).do()
    for name in _NOT_OURS:
        machine.link(f"{PLACE}/{name}", "/dev/null")
    (made / "etc/hostname").write_text("caja-3\n")
    for folder in ("data", "boot/firmware/semblante"):
        (made / folder).mkdir(parents=True)
    (made / "boot/firmware/semblante/install.pyz").touch()
    (made / "boot/firmware/semblante.toml").write_text('kiosk = "k-3"\nstore = "a"\npoint = "b"\n')
    return made


def _put(root: Path, path: str, source: Path) -> None:
    file = root / path.lstrip("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source.read_text())


@contextmanager
def started(root: Path, table: str) -> Iterator[tuple[Booted, Glass]]:
    (root / "etc/fstab").write_text(table)
    glass = Glass()
    with booted(root, glass=glass.name) as machine:
        yield machine, glass


def of(unit: str, value: str, machine: Booted) -> str:
    """What systemd knows of a unit."""
    told = machine.run("systemctl", "show", "--value", f"--property={value}", unit)
    return told.stdout.strip()


def states(machine: Booted, *units: str) -> list[str]:
    return machine.run("systemctl", "is-active", *units).stdout.split()


def shown_by(glass: Glass, sentences: Collection[str] = SENTENCES) -> list[str]:
    """What stands there once it was said."""
    deadline = time.monotonic() + 30
    while not set(sentences) <= set(shown := glass.shown()) and time.monotonic() < deadline:
        pass
    return shown


@pytest.mark.journey
@pytest.mark.timeout(600)
@pytest.mark.parametrize("device", [MISSING, DESTROYED], ids=["missing", "destroyed"])
def test_without_its_data_it_starts_and_the_glass_says_what_to_do(root: Path, device: str) -> None:
    table = fstab_with_data("", device).replace("timeout=60s", "timeout=5s")
    with started(root, table) as (machine, glass):
        assert states(machine, "multi-user.target", "emergency.target", UNIT) == [
            "active", "inactive", "active",
        ]  # fmt: skip
        shown = shown_by(glass)
        assert set(SENTENCES) < set(shown)
        assert shown[-3:-1] == ["Semblante [data] caja-3", "k-3 a/b"]
        # Whoever needs the data waits for a person, and is not begun again and again.
        assert states(machine, *WAITING) == ["inactive"] * len(WAITING)
        # What is begun by its time (or asked for) does not have a dead card mounted again.
        tried = of("data.mount", "StateChangeTimestampMonotonic", machine)
        machine.run("systemctl", "start", "semblante-guard.service", "semblante-renew.service")
        assert of("data.mount", "StateChangeTimestampMonotonic", machine) == tried
        assert [of(unit, "NRestarts", machine) for unit in SERVICES] == ["0"] * len(SERVICES)
        assert glass.shown() == shown


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_data_that_come_late_are_mounted_and_who_waited_for_them_begins(root: Path) -> None:
    """By the rule of udev, which asks systemd for the mount; here it is asked for by name."""
    late = root / "srv/late/semblante"
    late.parent.touch()
    with started(root, "/srv/late/. /data none bind,noauto,nofail 0 0\n") as (machine, _glass):
        assert states(machine, "semblante-kiosk.service", UNIT) == ["inactive", "active"]
        assert of("semblante-kiosk.service", "ConditionTimestampMonotonic", machine) == "0"
        late.parent.unlink()
        late.mkdir(parents=True)
        (late / ".installed").touch()
        assert machine.run("systemctl", "start", "data.mount").returncode == 0
        machine.run("systemctl", "is-system-running", "--wait")
        assert of("semblante-kiosk.service", "ConditionTimestampMonotonic", machine) != "0"
        paths = [unit for unit in WAITING if unit.endswith(".path")]
        assert states(machine, *paths) == ["active"] * len(paths)


def emptied(glass: Glass) -> bool:
    """Whether nothing stands there, or half a minute later."""
    deadline = time.monotonic() + 30
    while (shown := glass.shown()) != [""] and time.monotonic() < deadline:
        pass
    return shown == [""]


def put_program(root: Path, path: str, does: str) -> None:
    """A small program of the system."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{does}\n")
    file.chmod(0o755)


MOUNTED: Final = "tmpfs /data tmpfs noauto,nofail 0 0\n"
FAILS: Final = """\
test ! -e /run/mended || exit 0
echo " 1/9 … packages: libgl1"
echo "✗ libgl1_1.7.0-1_arm64.deb is not on the card" >&2
echo "  → Make the card anew where there is internet." >&2
exit 1
"""


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_an_installer_that_fails_says_why_on_the_glass_until_it_succeeds(root: Path) -> None:
    unit = "semblante-install.service"
    put_program(root, "usr/bin/python3", FAILS)
    try:
        with started(root, MOUNTED) as (machine, glass):
            why = [
                "libgl1_1.7.0-1_arm64.deb is not on the card",
                "Make the card anew where there is internet.",
            ]
            shown = shown_by(glass, {*NOT_INSTALLED, *why})
            assert set(NOT_INSTALLED) < set(shown)
            assert shown[8:] == ["", *why, "Semblante [install] caja-3", "k-3 a/b"]
            assert states(machine, unit, INSTALLING) == ["activating", "active"]
            assert of(unit, "RestartUSec", machine) == "1min"
            machine.run("touch", "/run/mended")
            machine.run("systemctl", "start", unit)
            assert emptied(glass)
            assert states(machine, unit, INSTALLING) == ["active", "inactive"]
    finally:
        (root / "usr/bin/python3").unlink()


@pytest.mark.journey
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "table", ["tmpfs /data tmpfs noauto,nofail 0 0\n", ""], ids=["mounted", "none"]
)
def test_nothing_is_said_where_the_data_are_there(root: Path, table: str) -> None:
    """On their partition; or on the system's, where the table of mounts names none."""
    put_program(root, "usr/bin/python3", "exit 0")
    with started(root, table) as (machine, glass):
        time.sleep(1)  # it would have spoken by now
        assert states(machine, "multi-user.target", UNIT) == ["active", "inactive"]
        assert glass.hears() == ""


# The kiosk's program, which fails or runs.

_USERS: Final = ("semblante", "semblante-update", "video", "render", "input", "gpio", "dialout")
_PLACE: Final = "data/semblante/current/venv/bin/semblante-kiosk"
RUNS: Final = """\
exec systemd-notify --ready --exec -- WATCHDOG_USEC=600000000 ';' sh -c '
trap "exit \\$(cat /data/semblante/code)" TERM
while :; do sleep 0.1; done'
"""
"""It is ready, and ends with what somebody wrote down when it is told to end."""


@pytest.fixture
def kiosk(root: Path) -> Iterator[Path]:
    """A root whose /data is a folder of its own, with users; what lies in it goes at the end."""
    for file, line in (("passwd", "{0}:x:{1}:{1}::/:/bin/false"), ("group", "{0}:x:{1}:")):
        text = (root / "etc" / file).read_text()
        known = {one.partition(":")[0] for one in text.splitlines()}
        fresh = [
            line.format(name, 900 + number)
            for number, name in enumerate(_USERS)
            if name not in known and (file == "group" or name.startswith("semblante"))
        ]
        (root / "etc" / file).write_text("\n".join([text.strip(), *fresh, ""]))
    (root / "data/semblante/versions").mkdir(parents=True)
    (root / "data/semblante/.installed").touch()
    (root / "data/semblante/code").write_text("0")
    yield root
    shutil.rmtree(root / "data/semblante")


def until(machine: Booted, unit: str, name: str, wanted: Callable[[str], bool]) -> str:
    """What systemd knows of a unit, once it is so, or half a minute later."""
    deadline = time.monotonic() + 30
    while not wanted(said := of(unit, name, machine)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return said


@pytest.mark.journey
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "does", ["exit 1", "exit 0", None], ids=["fails", "never ready", "nothing there"]
)
def test_a_program_that_does_not_run_is_told_and_tried_more_rarely_until_it_runs(
    kiosk: Path, does: str | None
) -> None:
    if does is not None:
        put_program(kiosk, _PLACE, does)
    with started(kiosk, "") as (machine, glass):
        shown = shown_by(glass, {*NOT_RUNNING, "k-3 a/b"})
        assert set(NOT_RUNNING) < set(shown)
        assert shown[-3:-1] == ["Semblante [program] caja-3", "k-3 a/b"]
        tries = until(machine, KIOSK, "NRestarts", lambda said: int(said) >= 3)
        assert int(tries) >= 3, "never given up"
        assert of(KIOSK, "RestartUSecNext", machine) not in {"2s", "3.059s"}, "more rarely"
        assert of(KIOSK, "RestartMaxDelayUSec", machine) == "1min"
        for unit, state in ((KIOSK, "activating"), (PROGRAM, "active")):  # between two tries
            assert until(machine, unit, "ActiveState", state.__eq__) == state
        assert set(NOT_RUNNING) < set(shown_by(glass, NOT_RUNNING))
        put_program(kiosk, _PLACE, RUNS)
        assert until(machine, KIOSK, "ActiveState", lambda said: said == "active") == "active"
        assert emptied(glass)
        assert until(machine, PROGRAM, "ActiveState", lambda said: said != "active") == "inactive"


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_the_glass_is_silent_for_a_program_that_runs_or_ends_as_it_was_told(kiosk: Path) -> None:
    put_program(kiosk, _PLACE, RUNS)
    with started(kiosk, "") as (machine, glass):
        assert until(machine, KIOSK, "ActiveState", lambda said: said == "active") == "active"
        for order in ("restart", "stop", "start"):
            assert machine.run("systemctl", order, KIOSK).returncode == 0
        (kiosk / "data/semblante/code").write_text("3")
        machine.run("systemctl", "kill", "--kill-whom=main", KIOSK)  # it asks to be begun anew
        assert until(machine, KIOSK, "NRestarts", lambda said: said == "1") == "1"
        assert until(machine, KIOSK, "ActiveState", lambda said: said == "active") == "active"
        (kiosk / "data/semblante/code").write_text("1")  # a fault on its way out
        for order in ("restart", "stop", "start"):
            assert machine.run("systemctl", order, KIOSK).returncode == 0
        time.sleep(1)  # it would have spoken by now
        assert glass.hears() == ""
        machine.run("systemctl", "kill", "--kill-whom=main", "--signal=KILL", KIOSK)
        assert set(NOT_RUNNING) < set(shown_by(glass, NOT_RUNNING)), "it can speak"
        assert emptied(glass)


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_a_program_that_had_run_for_a_while_is_begun_again_soon(kiosk: Path) -> None:
    """systemd itself forgets no failure, however long ago it was."""
    put_program(kiosk, _PLACE, "exit 1")
    ended = kiosk / "usr/local/lib/semblante/ended.sh"
    text = ended.read_text()
    ended.write_text(re.sub("(?m)^longest_pause=.*$", "longest_pause=3000000", text))
    try:
        with started(kiosk, "") as (machine, _glass):
            assert int(until(machine, KIOSK, "NRestarts", lambda said: int(said) >= 2)) >= 2
            put_program(kiosk, _PLACE, RUNS)
            assert until(machine, KIOSK, "ActiveState", lambda said: said == "active") == "active"
            assert int(of(KIOSK, "NRestarts", machine)) >= 2
            time.sleep(4)
            machine.run("systemctl", "kill", "--kill-whom=main", "--signal=KILL", KIOSK)
            until(machine, KIOSK, "ActiveState", lambda said: said != "active")
            assert until(machine, KIOSK, "ActiveState", lambda said: said == "active") == "active"
            assert of(KIOSK, "NRestarts", machine) == "1"
    finally:
        ended.write_text(text)


JUDGES: Final = """\
cd /data/semblante && echo "$1" >>tries
test "$(wc -l <tries)" -lt 4 || { ln -sfn previous current; rm trial.json; }
"""
"""Whoever is previous takes a version on trial back at its fourth start."""


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_a_version_on_trial_that_cannot_start_is_still_taken_back(kiosk: Path) -> None:
    home = kiosk / "data/semblante"
    put_program(kiosk, "data/semblante/versions/2/venv/bin/semblante-kiosk", "exit 1")
    first = f'test "$1" = run || {{\n{JUDGES}exit 0\n}}\n{RUNS}'
    put_program(kiosk, "data/semblante/versions/1/venv/bin/semblante-kiosk", first)
    (home / "previous").symlink_to("versions/1")
    (home / "current").symlink_to("versions/2")
    (home / "trial.json").touch()
    home.chmod(0o777)  # of whom the updater is does not matter here
    with started(kiosk, "") as (machine, glass):
        assert until(machine, KIOSK, "ActiveState", lambda said: said == "active") == "active"
        assert (home / "tries").read_text() == "guard\n" * 4
        assert emptied(glass)
