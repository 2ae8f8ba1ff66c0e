"""A stock image becomes the card of a kiosk: without root, without a question, twice as once."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.plans.course import Course, Walk
from deploy.raspberrypi.cards.card import CardWishes, card_plan, checksum_of
from deploy.raspberrypi.cards.partitions import read_table
from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.cards.tools import Ext4, Fat, run, taken_out
from shared.errors import DeviceError, SettingsError
from shared.joining import write_code
from tests.parts.cards import MEGABYTE, make_bundle, make_image

CODE = write_code(bytes(range(16)))
WISHES = DeviceWishes(
    "mercado-centro", "caja-3", "kiosk-3", "https://hub.example", "ab" * 32, CODE, "La tienda",
    "palabra secreta", "ES", "caja-3", "Europe/Madrid", "180", ("ssh-ed25519 AAAA tecnico",),
)  # fmt: skip


def wishes(folder: Path) -> CardWishes:
    sha256 = make_image(folder / "stock.img", folder)
    return CardWishes(
        folder / "stock.img", sha256, make_bundle(folder / "bundles"), WISHES, folder / "card.img",
        room=4 * MEGABYTE, data=8 * MEGABYTE,
    )  # fmt: skip


def made(wanted: CardWishes, said: list[str] | None = None, checking: bool = False) -> Course:
    plan = card_plan(wanted, lambda at, of: None)
    say = (said if said is not None else []).append
    return Walk(say, lambda: 0.0, systemd=False, checking=checking).through(plan)


def test_a_card_has_all_that_a_first_boot_needs_and_a_second_run_changes_nothing(
    tmp_path: Path,
) -> None:
    wanted = wishes(tmp_path)
    assert made(wanted).changes == 4
    table = read_table(wanted.card)
    boot, root = Fat(wanted.card, table.boot), Ext4(wanted.card, table.root)
    settings = tomllib.loads(boot.read("semblante.toml").decode())
    assert settings["join_code"] == CODE
    assert settings["network"]["ssid"] == "La tienda"
    assert settings["screen"]["rotation"] == 180
    assert boot.read("semblante/semblante-kiosk.tar") == wanted.bundle.read_bytes()
    assert boot.read("semblante/install.pyz").startswith(b"#!/usr/bin/env python3")
    cmdline = boot.read("cmdline.txt").decode().split()
    assert "root=PARTUUID=5e3b1a70-02" in cmdline
    assert not {"resize", "console=tty1"} & set(cmdline)
    assert not any(word.startswith("init=") for word in cmdline)
    assert b"dtparam=watchdog=on" in boot.read("config.txt")
    assert root.read("/etc/systemd/system/semblante-install.service").startswith(b"[Unit]")
    wants = "/etc/systemd/system/multi-user.target.wants/"
    assert root.has(f"{wants}semblante-install.service")
    assert root.has(f"{wants}semblante-firstboot.service")
    assert root.has(f"{wants}semblante-glass@data.service"), "from the first start on"
    assert root.read("/etc/systemd/system/semblante-glass@.service").startswith(b"[Unit]")
    assert root.read("/etc/systemd/system/semblante-glass@data.service.d/semblante.conf")
    assert root.read("/usr/local/lib/semblante/glass.sh")
    assert root.has("/etc/systemd/system/getty@tty1.service"), "a sign-in would be written over it"
    assert b"PARTUUID=5e3b1a70-03 /data ext4" in root.read("/etc/fstab")
    assert b",noauto,nofail,x-systemd.device-timeout=60s 0 2" in root.read("/etc/fstab")
    assert table.data is not None
    assert Ext4(wanted.card, table.data).has("/semblante")
    assert made(wanted).changes == 0


def test_a_bundle_of_an_earlier_version_makes_a_card_too(tmp_path: Path) -> None:
    """It has nobody who speaks on the glass."""
    wanted = wishes(tmp_path)
    older = ("units/semblante-glass@.service", "system/usr/local/lib/semblante/glass.sh")
    bundle = make_bundle(tmp_path / "older", without=older)
    assert made(replace(wanted, bundle=bundle)).changes == 4
    root = Ext4(wanted.card, read_table(wanted.card).root)
    assert not root.has("/etc/systemd/system/multi-user.target.wants/semblante-glass@data.service")


def test_a_card_holds_file_systems_without_a_fault(tmp_path: Path) -> None:
    wanted = wishes(tmp_path)
    made(wanted)
    table = read_table(wanted.card)
    for partition in table.partitions[1:]:
        with taken_out(wanted.card, partition) as alone:
            run(("e2fsck", "-f", "-n", str(alone)))


def test_a_check_says_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    wanted, said = wishes(tmp_path), list[str]()
    assert made(wanted, said, checking=True).changes == 4
    assert [line.split()[1] for line in said] == ["~"] * 4
    assert not wanted.card.exists()


def test_a_damaged_image_is_told_before_anything_is_made_of_it(tmp_path: Path) -> None:
    wanted = wishes(tmp_path)
    with wanted.image.open("r+b") as writing:
        writing.seek(5 * MEGABYTE)
        writing.write(b"one bit")
    with pytest.raises(DeviceError, match="is damaged: its SHA-256"):
        made(wanted)
    assert not wanted.card.exists()


def test_what_is_cut_short_goes_on_where_it_was(tmp_path: Path) -> None:
    wanted = wishes(tmp_path)
    plan = list(card_plan(wanted, lambda at, of: None))
    plan[0].do()
    assert made(wanted).changes == 3


def test_a_card_goes_onto_a_device_and_only_what_differs_is_written(tmp_path: Path) -> None:
    device = tmp_path / "sdb"
    device.write_bytes(bytes(64 * MEGABYTE))
    wanted = replace(wishes(tmp_path), device=device)
    assert made(wanted).changes == 5
    assert device.read_bytes()[: wanted.card.stat().st_size] == wanted.card.read_bytes()
    assert made(wanted).changes == 0
    with device.open("r+b") as writing:
        writing.seek(9 * MEGABYTE)
        writing.write(b"worn out")
    assert made(wanted).changes == 1


def test_every_fault_of_the_wishes_is_told_at_once(tmp_path: Path) -> None:
    wrong = DeviceWishes("Mercado Centro", "", "k", "http://x", "12", "ABC", country="Spain")
    with pytest.raises(SettingsError) as told:
        card_plan(replace(wishes(tmp_path), settings=wrong), lambda at, of: None)
    named = [fault.partition(":")[0] for fault in told.value.faults]
    assert named == ["STORE", "REGISTER", "HUB", "FINGERPRINT", "JOIN_CODE", "COUNTRY"]


def test_the_checksum_is_the_one_that_is_published_beside_the_image(tmp_path: Path) -> None:
    image = tmp_path / "raspios.img.xz"
    with pytest.raises(DeviceError, match="checksum"):
        checksum_of(image, None)
    image.with_name("raspios.img.xz.sha256").write_text(f"{'AB' * 32}  raspios.img.xz\n")
    assert checksum_of(image, None) == "ab" * 32
    assert checksum_of(image, "cd" * 32) == "cd" * 32


@pytest.mark.parametrize("raw", [b"", bytes(512), b"\x55\xaa" * 256])
def test_what_is_no_image_of_a_card_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.img").write_bytes(raw)
    with pytest.raises(DeviceError, match="is no image of Raspberry Pi OS"):
        read_table(tmp_path / "x.img")
