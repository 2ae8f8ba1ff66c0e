"""The root of a kiosk is read-only once it has joined, and not a moment before."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.plans.machine import Machine
from deploy.raspberrypi.cards.steps import fstab_with_data
from deploy.raspberrypi.installing.finishing import finishing_plan, read_only_fstab
from shared.errors import DeviceError
from tests.parts.cards import FSTAB

CARD = fstab_with_data(FSTAB, "PARTUUID=5e3b1a70-03")


def machine(folder: Path, joined: bool) -> Machine:
    (folder / "etc").mkdir()
    (folder / "etc/fstab").write_text(CARD)
    (folder / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (folder / "etc/group").write_text("root:x:0:\n")
    (folder / "data/semblante/identity").mkdir(parents=True)
    if joined:
        (folder / "data/semblante/identity/certificate.pem").write_text("…")
    return Machine(folder)


def test_the_system_is_read_only_and_the_data_are_not() -> None:
    lines = {line.split()[1]: line.split()[3] for line in read_only_fstab(CARD).splitlines()}
    assert lines["/"] == "ro,noatime"
    assert lines["/boot/firmware"] == "ro,nofail", "not needed any more: no start waits for it"
    without = "noauto,nofail,x-systemd.device-timeout=60s"
    assert lines["/data"] == f"defaults,noatime,errors=remount-ro,{without}"
    assert lines["/var/log"] == "nodev,nosuid,size=32M,mode=755"
    assert lines["/tmp"].endswith("mode=1777")
    assert read_only_fstab(read_only_fstab(CARD)) == read_only_fstab(CARD)


def test_a_table_that_others_wrote_starts_without_the_data_too() -> None:
    (line,) = read_only_fstab("LABEL=d /data ext4 noatime 0 2\n", ()).splitlines()
    assert line == "LABEL=d /data ext4 noatime,noauto,nofail,x-systemd.device-timeout=60s 0 2"


def test_first_boot_ends_once_the_device_has_joined(tmp_path: Path) -> None:
    plan = finishing_plan(machine(tmp_path, joined=True))
    assert [bool(step.lacks()) for step in plan] == [True, True]
    for step in plan:
        step.do()
    assert [bool(step.lacks()) for step in plan] == [False, False]
    assert (tmp_path / "data/semblante/.installed").exists()
    names = (tmp_path / "etc/resolv.conf").readlink()
    assert str(names) == "/run/NetworkManager/resolv.conf"


def test_nothing_is_mounted_where_no_folder_is_for_a_start_would_end_there(tmp_path: Path) -> None:
    there = machine(tmp_path, joined=True)
    (tmp_path / "var/log").mkdir(parents=True)
    finishing_plan(there)[0].do()
    table = (tmp_path / "etc/fstab").read_text()
    assert "tmpfs /var/log " in table
    assert "/var/lib/NetworkManager" not in table


def test_before_it_has_joined_nothing_is_closed_and_it_is_said_why(tmp_path: Path) -> None:
    (step,) = finishing_plan(machine(tmp_path, joined=False))
    with pytest.raises(DeviceError, match="has not joined"):
        step.do()
    assert (tmp_path / "etc/fstab").read_text() == CARD


def test_without_a_partition_for_the_data_the_root_stays_as_it_is(tmp_path: Path) -> None:
    there = machine(tmp_path, joined=True)
    (tmp_path / "etc/fstab").write_text(FSTAB)
    assert finishing_plan(there)[0].lacks() == []
