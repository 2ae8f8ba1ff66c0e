"""Small images of a Raspberry Pi's card, and small bundles: real FAT, real ext4, real tar."""

from __future__ import annotations

import hashlib
import struct
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.raspberrypi.bundling.bundle import Release, Sign, Wanted, write_bundle

MEGABYTE = 1 << 20
FSTAB = """\
proc            /proc           proc    defaults          0       0
PARTUUID=5e3b1a70-01  /boot/firmware  vfat    defaults          0       2
PARTUUID=5e3b1a70-02  /               ext4    defaults,noatime  0       1
"""
_SYSTEM = "system/etc/systemd/system"
CMDLINE = (
    "console=serial0,115200 console=tty1 root=PARTUUID=5e3b1a70-02 rootfstype=ext4 "
    "fsck.repair=yes rootwait resize init=/usr/lib/raspberrypi-sys-mods/firstboot\n"
)


def make_image(image: Path, folder: Path, more: Mapping[str, str] | None = None) -> str:
    """An image as Raspberry Pi's are: MBR, FAT with the firmware's texts, ext4; its SHA-256."""
    boot, root, tree = folder / "boot.fat", folder / "root.ext4", folder / "tree"
    boot.write_bytes(bytes(12 * MEGABYTE))
    _run("mkfs.vfat", "-F", "16", boot)
    for name, text in (("cmdline.txt", CMDLINE), ("config.txt", "[all]\ndtoverlay=vc4-kms-v3d\n")):
        (folder / name).write_text(text)
        _run("mcopy", "-i", boot, folder / name, f"::{name}")
    (tree / "etc/systemd/system/multi-user.target.wants").mkdir(parents=True)
    for name, text in {"etc/fstab": FSTAB, **(more or {})}.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    root.write_bytes(bytes(16 * MEGABYTE))
    _run("mke2fs", "-q", "-F", "-t", "ext4", "-d", tree, root)
    first, second = 4 * MEGABYTE, 16 * MEGABYTE
    table = bytearray(512)
    struct.pack_into("<I", table, 440, 0x5E3B1A70)
    entry = struct.Struct("<B3sB3sII")
    entry.pack_into(table, 446, 0, b"", 0x0C, b"", first // 512, 12 * MEGABYTE // 512)
    entry.pack_into(table, 462, 0, b"", 0x83, b"", second // 512, 16 * MEGABYTE // 512)
    table[510:] = b"\x55\xaa"
    whole = bytes(table).ljust(first, b"\0") + boot.read_bytes() + root.read_bytes()
    image.write_bytes(whole)
    return hashlib.sha256(whole).hexdigest()


def make_bundle(
    folder: Path,
    version: str = "1.2.3",
    sign: Sign | None = None,
    more: Mapping[str, bytes] | None = None,
    without: Sequence[str] = (),
) -> Path:
    """A bundle without a program in it, enough for everything but running it."""
    contents = {
        "install.pyz": b"#!/usr/bin/env python3\n",
        "packages.txt": b"libgl1\n",
        "requirements.txt": b"",
        "units/semblante-install.service": b"[Unit]\nDescription=install\n",
        "units/semblante-firstboot.service": b"[Unit]\nDescription=first boot\n",
        "units/semblante-glass@.service": b"[Unit]\nDescription=glass\n",
        f"{_SYSTEM}/semblante-glass@data.service.d/semblante.conf": b"[Unit]\n",
        "system/etc/systemd/logind.conf.d/semblante.conf": b"[Login]\n",
        "system/usr/local/lib/semblante/glass.sh": b"echo no data\n",
        **(more or {}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    bundle = folder / f"semblante-kiosk-{version}.tar"
    write_bundle(
        bundle,
        {name: raw for name, raw in contents.items() if name not in without},
        version,
        Wanted(7, 1_700_000_000_000, version, Release(sign, b"[]\n") if sign else None),
    )
    return bundle


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True, capture_output=True, timeout=60)
