"""`semblante-kiosk learn-till` on a real pseudo-terminal, with a simulated till that prints."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.till import Port, open_port
from kiosk.core.learnt import Proposal, Undecided
from kiosk.core.lesson import Patience
from kiosk.core.tills import PortSettings
from kiosk.settings import load_settings
from kiosk.wiring import learning
from kiosk.wiring.learning import learn
from shared.errors import DeviceError, HardwareError
from tests.demo.till import SimulatedTill
from tests.fakes.port import FakePort
from tests.kiosk.core.tills_papers import foreign_five, spanish
from tests.kiosk.wiring.samples import headless

QUICK = Patience(quiet=80, slow=200, remind=400, step=1_200, whole=30_000)
SECRETS = ("PLAZA", "NIF", "MAYOR", "LECHE", "MLEKO", "LIPY")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[SimulatedTill]:
    with SimulatedTill(tmp_path / "till") as program:
        yield program


class Technician:
    """Prints one thing whenever a sentence asks for one; keeps every sentence."""

    def __init__(self, till: SimulatedTill, prints: Sequence[bytes]) -> None:
        self.told: list[str] = []
        self._till = till
        self._prints = list(prints)
        self._printing: list[threading.Thread] = []

    def hear(self, line: str) -> None:
        self.told.append(line)
        if " of " in line[:8] and self._prints:
            data = self._prints.pop(0)
            printing = threading.Thread(target=self._till.print, args=(data,))
            printing.start()
            self._printing.append(printing)

    def __enter__(self) -> Technician:
        return self

    def __exit__(self, *_: object) -> None:
        for printing in self._printing:
            printing.join(10)


def command(
    till: SimulatedTill,
    config: Path,
    prints: Sequence[bytes],
    monkeypatch: pytest.MonkeyPatch,
    *words: str,
) -> tuple[int, list[str]]:
    """What the command ends with and says."""
    monkeypatch.setattr(learning, "Patience", lambda whole: QUICK)
    port = str(config.parent / "till")
    with Technician(till, prints) as technician:
        code = learning.run_learn_till(["-c", str(config), "--port", port, *words], technician.hear)
    return code, technician.told


def test_five_prints_become_the_table_and_a_kiosk_reads_it(
    till: SimulatedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = headless(tmp_path)
    config = tmp_path / "kiosk.toml"
    config.write_text("# of caja 1\n" + config.read_text())
    config.chmod(0o640)
    code, told = command(till, config, foreign_five(), monkeypatch)
    assert code == 0, told
    after = load_settings(config)
    assert after.till is not None
    assert after.till.port.path == str(tmp_path / "till")
    assert after.broker == before.broker
    assert config.read_text().startswith("# of caja 1\n")
    assert config.stat().st_mode & 0o777 == 0o640
    (copy,) = (line for line in told if line.startswith("✓ a copy: own rule"))
    assert "opis" in copy
    assert copy.endswith("(1 of 1 copies, 0 of 3 sales)")
    assert "  5 refund: no sale (own_refund)" in told
    kept = "\n".join([*told, *(file.read_text() for file in tmp_path.glob("*.toml*"))])
    assert not [word for word in SECRETS if word in kept]


def test_check_writes_nothing(
    till: SimulatedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headless(tmp_path)
    config = tmp_path / "kiosk.toml"
    before = config.read_text()
    code, told = command(till, config, spanish(), monkeypatch, "--check")
    assert code == 0, told
    assert config.read_text() == before
    assert tomllib.loads(next(line for line in told if "[till]" in line))["till"]["ends"] == ["cut"]


def test_another_wire_is_not_silently_given_a_second(
    till: SimulatedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headless(tmp_path, "[drawer]\npin = 17")
    config = tmp_path / "kiosk.toml"
    before = config.read_text()
    with pytest.raises(Exception, match="each tells of the same sale"):
        command(till, config, spanish(), monkeypatch)
    assert config.read_text() == before


def test_what_cannot_be_decided_ends_with_one_and_says_what_to_do(
    till: SimulatedTill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    headless(tmp_path)
    code, told = command(till, tmp_path / "kiosk.toml", foreign_five(copy=""), monkeypatch)
    assert code == 1
    assert "no proposal: a copy looks like a sale" in told[-1]
    assert "heading on its copies" in told[-1]


def test_a_silent_port_ends_by_itself(till: SimulatedTill, tmp_path: Path) -> None:
    told: list[str] = []
    port = PortSettings(str(tmp_path / "till"))
    found = learn(
        port, (), told.append, clock=SystemClock(), patience=Patience(step=500, remind=200)
    )
    assert isinstance(found, Undecided)
    assert found.why == "nothing came of a sale by this wire"
    assert any("TX and ground" in line for line in told)


def test_a_plug_that_is_pulled_is_waited_for(till: SimulatedTill, tmp_path: Path) -> None:
    port = PortSettings(str(tmp_path / "till"))
    pulled = threading.Event()
    technician = Technician(till, spanish())

    def say(line: str) -> None:
        if line.startswith("3 of 5") and not pulled.is_set():
            pulled.set()
            till.unplug()
            till.plug()
        else:
            technician.hear(line)

    with technician:
        found = learn(port, (), say, clock=SystemClock(), patience=QUICK)
    assert isinstance(found, Proposal)
    pulled_at = technician.told.index("  ! the plug was pulled; put it back")
    assert technician.told[pulled_at + 2].startswith("3 of 5")


def test_another_speed_opens_the_port_anew() -> None:
    opened: list[int] = []

    def opening(settings: PortSettings) -> Port:
        opened.append(settings.baud)
        return Noisy()

    class Noisy(FakePort):
        said = False

        def read(self, size: int = 1, /) -> bytes:
            time.sleep(0.01)
            said, self.said = self.said, True
            return b"" if said else bytes(range(0x80, 0x9F)) * 8

    found = learn(
        PortSettings("x"), (9_600, 19_200), lambda _: None,
        clock=SystemClock(), patience=QUICK, opening=opening,
    )  # fmt: skip
    assert opened[:2] == [9_600, 19_200]
    assert isinstance(found, Undecided)


def test_a_port_that_the_kiosk_holds_is_told_with_what_to_do(
    till: SimulatedTill, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    headless(tmp_path)
    held = open_port(PortSettings(str(tmp_path / "till")))
    words = ["learn-till", "-c", str(tmp_path / "kiosk.toml"), "--port", str(tmp_path / "till")]
    assert main(words) == 1
    assert "systemctl stop semblante-kiosk" in capsys.readouterr().err
    held.close()


def test_a_port_that_is_not_there_or_not_allowed_is_told_apart(tmp_path: Path) -> None:
    def refused(_: PortSettings) -> Port:
        raise PermissionError(13, "Permission denied")

    for opening, hint in ((open_port, "plugged in"), (refused, "dialout")):
        with pytest.raises(HardwareError, match="cannot be opened") as told:
            learn(
                PortSettings(str(tmp_path / "none")), (), lambda _: None,
                clock=SystemClock(), opening=opening,
            )  # fmt: skip
        assert hint in told.value.hint


def test_a_fault_within_repeats_nothing_of_the_till() -> None:
    class Odd(FakePort):
        def read(self, size: int = 1, /) -> bytes:
            raise RuntimeError("JUAN PEREZ, VISA 1234")

    with pytest.raises(DeviceError, match="RuntimeError in read") as told:
        learn(PortSettings("x"), (), lambda _: None, clock=SystemClock(), opening=lambda _: Odd())
    assert "JUAN" not in str(told.value)
    assert told.value.__suppress_context__


def test_what_keeps_it_from_beginning_is_told_before_anybody_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["-c", str(tmp_path / "kiosk.toml")]
    silent: Callable[[str], None] = lambda _: None  # noqa: E731
    with pytest.raises(DeviceError, match="there is no"):
        learning.run_learn_till(words, silent)
    headless(tmp_path)
    monkeypatch.setattr(learning, "BY_ID", tmp_path / "by-id")
    with pytest.raises(HardwareError, match="no serial adapter"):
        learning.run_learn_till(words, silent)
    (tmp_path / "by-id").mkdir()
    for name in ("usb-one", "usb-two"):
        (tmp_path / "by-id" / name).touch()
    with pytest.raises(HardwareError, match="2 serial adapters") as told:
        learning.run_learn_till(words, silent)
    assert "usb-two" in told.value.hint
    monkeypatch.setattr(os, "geteuid", lambda: 4_242)
    with pytest.raises(DeviceError, match="not yours to write"):
        learning.run_learn_till(words, silent)


def test_ctrl_c_ends_it_and_changes_nothing(till: SimulatedTill, tmp_path: Path) -> None:
    headless(tmp_path)
    config = tmp_path / "kiosk.toml"
    before = config.read_text()
    heard = ["env", "--default-signal=INT"]  # whoever runs the tests behind a shell may ignore it
    words = [sys.executable, "-m", "kiosk", "learn-till", "-c", str(config)]
    with subprocess.Popen(
        [*heard, *words, "--port", str(tmp_path / "till")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        while not (line := running.stdout.readline()).startswith("1 of 5"):
            assert line
        till.print(spanish()[0][:300])
        assert resource.prlimit(running.pid, resource.RLIMIT_CORE) == (0, 0)
        running.send_signal(signal.SIGINT)
        told = running.stdout.read()
        assert running.wait(10) == 1
    assert "nothing was changed" in told
    assert "Traceback" not in told
    assert config.read_text() == before
