"""A stock image that boots: Debian 13 for arm64 with its kernel, laid out as Raspberry Pi's is."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.boot import hand
from tests.parts.cards import CMDLINE, FSTAB, MEGABYTE
from tests.pi.roots import Debian

PACKAGES: Final = (
    "ca-certificates", "dbus", "e2fsprogs", "initramfs-tools", "kmod", "linux-image-arm64",
    "python3", "systemd", "systemd-sysv", "systemd-timesyncd", "udev",
)  # fmt: skip
"""What Raspberry Pi OS has, and a kiosk or its start needs; the kernel is Debian's."""

_DEBIAN: Final = Debian("arm64-trixie-boot", PACKAGES, 3_000, 300)

BOOT_SIZE: Final = 256 * MEGABYTE
ROOT_SIZE: Final = 1_000 * MEGABYTE
_FIRST: Final = 4 * MEGABYTE

_TEXTS: Final = {
    "etc/fstab": FSTAB,
    "etc/hostname": "raspberrypi\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "etc/systemd/network/cable.network": "[Match]\nType=ether\n[Network]\nDHCP=ipv4\n",
    "etc/systemd/system/hand.service": (
        "[Unit]\nDescription=Whoever tries this machine\n"
        "[Service]\nExecStart=/usr/bin/python3 /usr/local/lib/hand.py\nRestart=always\n"
    ),
    "usr/local/lib/hand.py": Path(hand.__file__).read_text(),
}
_LGPIO: Final = """
Package: python3-lgpio
Status: install ok installed
Priority: optional
Section: python
Maintainer: nobody <nobody@example.com>
Architecture: arm64
Version: 0
Description: stands for the one of Raspberry Pi OS, which Debian does not have
"""
_NEEDLESS: Final = (
    "apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer",
    "e2scrub_reap.service", "fstrim.timer", "serial-getty@ttyAMA0.service",
    "systemd-binfmt.service", "systemd-pstore.service",
)  # fmt: skip
"""What has no part in the trials, and takes its time."""

_LINKS: Final = {
    **{f"etc/systemd/system/{unit}": "/dev/null" for unit in _NEEDLESS},
    "etc/systemd/system/multi-user.target.wants/hand.service": "../hand.service",
    "etc/systemd/system/multi-user.target.wants/systemd-networkd.service": (
        "/usr/lib/systemd/system/systemd-networkd.service"
    ),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """The image with its checksum, and what a Pi's firmware would load of it."""

    image: Path
    sha256: str
    kernel: Path
    initrd: Path


def stock(folder: Path, more: Mapping[str, str], brought: Sequence[Path] = ()) -> Stock:
    """Make it; `more` are further texts of the system, `brought` archives unpacked into it."""
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    _DEBIAN.unpack(tree)
    for archive in brought:
        subprocess.run(["tar", "-C", tree, "-xf", archive], check=True, timeout=100)
    for name, text in {**_TEXTS, **more}.items():
        file = tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        file.write_text(text)
    with (tree / "var/lib/dpkg/status").open("a") as known:
        known.write(_LGPIO)
    (tree / "var/lib/dpkg/info/python3-lgpio.list").touch()
    (tree / "etc/machine-id").write_text("uninitialized\n")
    (tree / "boot/firmware").mkdir(parents=True, exist_ok=True)
    for name, target in _LINKS.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).unlink(missing_ok=True)
        (tree / name).symlink_to(target)
    kernel, initrd = (
        shutil.copy(next(iter(sorted(tree.glob(f"boot/{one}-*")))), folder / one)
        for one in ("vmlinuz", "initrd.img")
    )
    image = folder / "stock.img"
    _lay_out(image, folder, tree)
    shutil.rmtree(tree)
    with image.open("rb") as reading:
        digest = hashlib.file_digest(reading, "sha256").hexdigest()
    return Stock(image, digest, Path(kernel), Path(initrd))


def _lay_out(image: Path, folder: Path, tree: Path) -> None:
    second = _FIRST + BOOT_SIZE
    boot = folder / "boot.fat"
    boot.unlink(missing_ok=True)
    with boot.open("wb") as empty:
        empty.truncate(BOOT_SIZE)
    _run("mkfs.vfat", "-F", "32", boot)
    for name, text in (("cmdline.txt", CMDLINE), ("config.txt", "[all]\n")):
        (folder / name).write_text(text)
        _run("mcopy", "-i", boot, folder / name, f"::{name}")
    with image.open("wb") as whole:
        whole.write(_table(second))
        whole.truncate(second + ROOT_SIZE)
    _run("dd", f"if={boot}", f"of={image}", "bs=4M", f"seek={_FIRST >> 22}", "conv=sparse,notrunc")
    boot.unlink()
    options = f"offset={second}"
    _run(
        "mke2fs",
        "-q",
        "-F",
        "-t",
        "ext4",
        "-d",
        tree,
        "-E",
        options,
        image,
        f"{ROOT_SIZE // 1024}K",
    )


def _table(second: int) -> bytes:
    table, entry = bytearray(512), struct.Struct("<B3sB3sII")
    struct.pack_into("<I", table, 440, 0x5E3B1A70)
    entry.pack_into(table, 446, 0, b"", 0x0C, b"", _FIRST // 512, BOOT_SIZE // 512)
    entry.pack_into(table, 462, 0, b"", 0x83, b"", second // 512, ROOT_SIZE // 512)
    table[510:] = b"\x55\xaa"
    return bytes(table)


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=600)
