"""A Pi that runs becomes a kiosk over SSH: checked first, done once, and every fault a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.raspberrypi.remote.provision import BOOT, SETTINGS, Provision
from deploy.raspberrypi.remote.ssh import Said
from shared.errors import DeviceError
from tests.fakes.remote import FakeRemote
from tests.parts.cards import CMDLINE, make_bundle

CERTIFICATE = "/data/semblante/identity/certificate.pem"


def pi(**more: object) -> FakeRemote:
    there = FakeRemote(lines=("1/2 ✓ users", "2/2 + the program (9.0 s)"))

    def joins(words: tuple[str, ...]) -> Said:
        there.files[CERTIFICATE] = b"PEM"
        return Said(0, "✓ this device is a kiosk")

    def finishes(words: tuple[str, ...]) -> None:
        if "--finish" in words:
            there.files["/data/semblante/.installed"] = b""

    there.follows = finishes
    there.answers = {
        "python3": lambda words: Said(0, "aarch64 3.13\n"),
        "semblante-kiosk": joins,
        **more,  # type: ignore[dict-item]
    }
    return there


def provision(remote: FakeRemote, folder: Path) -> Provision:
    return Provision(remote, make_bundle(folder), lambda: 'store = "a"\n', lambda line: None)


def test_a_machine_becomes_a_kiosk_and_then_nothing_is_left_to_do(tmp_path: Path) -> None:
    there = pi()
    assert (
        provision(there, tmp_path).run().changes == 5
    )  # installer, bundle, a step, the join, the end
    there.lines = ("1/2 ✓ users", "2/2 ✓ the program")
    assert provision(there, tmp_path).run().changes == 0


def test_a_check_changes_nothing(tmp_path: Path) -> None:
    there = pi()
    seen = provision(there, tmp_path).run(checking=True)
    assert (seen.changes, seen.checked) == (5, True)
    assert there.files == {}


def test_a_check_of_a_kiosk_asks_the_installer_that_is_there(tmp_path: Path) -> None:
    there = pi()
    provision(there, tmp_path).run()
    there.lines = ("1/2 ✓ users", "2/2 ~ units: semblante-kiosk.service")
    told = list[str]()
    seen = Provision(there, make_bundle(tmp_path), str, told.append).run(checking=True)
    assert (seen.changes, told) == (1, ["~ units: semblante-kiosk.service"])


def test_the_firmware_is_told_what_it_is_told_on_a_card(tmp_path: Path) -> None:
    there = pi()
    there.files |= {f"{BOOT}/config.txt": b"[all]\n", f"{BOOT}/cmdline.txt": CMDLINE.encode()}
    assert provision(there, tmp_path).run().changes == 7
    assert b"dtparam=watchdog=on" in there.files[f"{BOOT}/config.txt"]
    assert b"console=tty1" not in there.files[f"{BOOT}/cmdline.txt"]
    there.lines = ()
    assert provision(there, tmp_path).run().changes == 0


def test_the_hub_is_asked_before_the_work(tmp_path: Path) -> None:
    there = pi()

    def unknown() -> str:
        raise DeviceError("the hub says: mercado has no point caja-99")

    with pytest.raises(DeviceError, match="caja-99"):
        Provision(there, make_bundle(tmp_path), unknown, lambda line: None).run()
    assert there.files == {}


@pytest.mark.parametrize("found", ["x86_64 3.13\n", "aarch64 3.11\n", ""])
def test_another_machine_is_refused_before_a_byte_is_sent(tmp_path: Path, found: str) -> None:
    there = pi(python3=lambda words: Said(0, found))
    with pytest.raises(DeviceError, match=r"the bundle is for aarch64 and Python 3\.13"):
        provision(there, tmp_path).run()
    assert there.files == {}


def test_a_machine_with_an_identity_is_given_no_code(tmp_path: Path) -> None:
    there = pi()
    there.files[CERTIFICATE] = b"PEM"
    provision(there, tmp_path).run()
    assert SETTINGS not in there.files


def test_what_the_installer_could_not_do_is_told_with_its_hint(tmp_path: Path) -> None:
    there = pi()
    there.lines, there.ends = ("✗ only 3 MB are free", "  → Use a larger card."), 1
    with pytest.raises(DeviceError, match="only 3 MB are free") as told:
        provision(there, tmp_path).run()
    assert told.value.hint == "Use a larger card."


def test_a_join_that_is_refused_is_told_with_its_hint(tmp_path: Path) -> None:
    said = "✗ the join code was used\n  → Make a new one.\n"
    there = pi(**{"semblante-kiosk": lambda words: Said(0, said)})
    with pytest.raises(DeviceError, match="could not join: the join code was used") as told:
        provision(there, tmp_path).run()
    assert told.value.hint == "Make a new one."
