"""What the kernel says of a Raspberry Pi, from a tree of its files; whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.vitals import Mount, mount_of, vitals

MOUNTS = """\
22 1 179:2 / / ro,noatime shared:1 - ext4 /dev/mmcblk0p2 ro
23 22 0:21 / /proc rw,nosuid - proc proc rw
30 22 179:3 / /data rw,noatime shared:9 - ext4 /dev/mmcblk0p3 rw,errors=remount-ro
31 22 0:40 / /var/tmp rw - tmpfs tmpfs rw,size=64000k
32 22 0:41 / /with\\040blank rw - ext4 /dev/sda1 rw
"""


def pi(root: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """A machine's files, some of them different."""
    every: dict[str, str | bytes] = {
        "proc/device-tree/model": b"Raspberry Pi 5 Model B Rev 1.0\0",
        "proc/meminfo": "MemTotal: 4000000 kB\nMemAvailable:    831488 kB\n",
        "proc/self/mountinfo": MOUNTS,
        "sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
        "sys/class/thermal/thermal_zone0/temp": "54231\n",
        "sys/devices/platform/soc/soc:firmware/get_throttled": "0\n",
        "sys/block/mmcblk0/device/life_time": "0x01 0x03\n",
        "sys/fs/ext4/mmcblk0p3/errors_count": "0\n",
        **(files or {}),
    }
    for name, text in every.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def test_a_pi_that_is_well(tmp_path: Path) -> None:
    found = vitals(Path("/data/semblante/outbox.db"), pi(tmp_path))
    assert found.model == "Raspberry Pi 5 Model B Rev 1.0"
    assert (found.celsius, found.low_power) == (54.231, False)
    assert (found.card_worn, found.card_writable, found.card_faults) == (30, True, 0)
    assert (found.durable, found.memory_free) == (True, 812)
    assert found.card_full is not None
    assert not found.card_ails


def test_on_a_machine_that_says_nothing_nothing_is_known(tmp_path: Path) -> None:
    found = vitals(tmp_path / "outbox.db", tmp_path / "none")
    assert (found.model, found.celsius, found.low_power, found.card_worn) == ("", None, None, None)
    assert (found.card_writable, found.durable, found.memory_free) == (None, None, None)
    assert not found.card_ails


@pytest.mark.parametrize(
    ("bits", "weak"), [("0", False), ("1", True), ("10000", True), ("e0008", False), ("x", None)]
)
def test_too_little_power_is_told_also_when_it_is_over(
    tmp_path: Path, bits: str, weak: bool | None
) -> None:
    root = pi(tmp_path, {"sys/devices/platform/soc/soc:firmware/get_throttled": bits})
    assert vitals(Path("/data"), root).low_power is weak


def test_without_the_firmwares_word_the_voltmeter_is_asked(tmp_path: Path) -> None:
    root = pi(tmp_path, {
        "sys/devices/platform/soc/soc:firmware/get_throttled": "",
        "sys/class/hwmon/hwmon0/name": "cpu_thermal\n",
        "sys/class/hwmon/hwmon1/name": "rpi_volt\n",
        "sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n",
    })  # fmt: skip
    assert vitals(Path("/data"), root).low_power is True


@pytest.mark.parametrize(
    ("said", "percent"),
    [("0x00 0x00", None), ("0x01 0x00", 10), ("0x0b 0x01", 100), ("zz", None), ("", None),
     ("0x" + "f" * 5_000, 100)],
)  # fmt: skip
def test_wear_is_the_worse_of_both_halves(tmp_path: Path, said: str, percent: int | None) -> None:
    root = pi(tmp_path, {"sys/block/mmcblk0/device/life_time": said})
    assert vitals(Path("/data"), root).card_worn == percent


def test_a_card_that_became_read_only_is_noticed(tmp_path: Path) -> None:
    by_superblock = MOUNTS.replace("rw,errors=remount-ro", "ro,errors=remount-ro")
    found = vitals(Path("/data/x"), pi(tmp_path, {"proc/self/mountinfo": by_superblock}))
    assert found.card_writable is False
    assert found.card_ails


def test_what_the_file_system_found_wrong_is_counted(tmp_path: Path) -> None:
    found = vitals(Path("/data/x"), pi(tmp_path, {"sys/fs/ext4/mmcblk0p3/errors_count": "4\n"}))
    assert (found.card_faults, found.card_ails) == (4, True)


@pytest.mark.parametrize(
    ("place", "mount"),
    [
        ("/data/semblante/outbox.db", Mount("/data", "ext4", "/dev/mmcblk0p3", writable=True)),
        ("/database/outbox.db", Mount("/", "ext4", "/dev/mmcblk0p2", writable=False)),
        ("/var/tmp/outbox.db", Mount("/var/tmp", "tmpfs", "tmpfs", writable=True)),
        ("/with blank/x", Mount("/with blank", "ext4", "/dev/sda1", writable=True)),
    ],
)
def test_the_card_is_the_one_on_which_the_outbox_lies(
    tmp_path: Path, place: str, mount: Mount
) -> None:
    assert mount_of(Path(place), pi(tmp_path)) == mount


def test_of_two_on_one_point_the_later_covers_the_earlier(tmp_path: Path) -> None:
    covered = MOUNTS + "40 30 0:50 / /data rw - tmpfs tmpfs rw\n"
    found = vitals(Path("/data/x"), pi(tmp_path, {"proc/self/mountinfo": covered}))
    assert found.durable is False


def test_nonsense_in_every_file_is_not_known_and_no_crash(tmp_path: Path) -> None:
    nonsense = b"\xff\xfe - 0x : \0 \xc3" * 1_000
    names = (
        "proc/device-tree/model", "proc/meminfo", "proc/self/mountinfo",
        "sys/class/thermal/thermal_zone0/type", "sys/class/thermal/thermal_zone0/temp",
        "sys/devices/platform/soc/soc:firmware/get_throttled",
        "sys/block/mmcblk0/device/life_time", "sys/fs/ext4/mmcblk0p3/errors_count",
    )  # fmt: skip
    found = vitals(Path("/data/x"), pi(tmp_path, dict.fromkeys(names, nonsense)))
    assert (found.celsius, found.low_power, found.memory_free) == (None, None, None)
    assert (found.card_writable, found.card_faults, found.durable) == (None, None, None)


@pytest.mark.parametrize("words", ["MemAvailable:", "MemAvailable: ½ kB", "MemAvailable: -1 kB"])
def test_memory_that_is_no_number_is_not_known(tmp_path: Path, words: str) -> None:
    assert vitals(Path("/data"), pi(tmp_path, {"proc/meminfo": words})).memory_free is None
