"""What is done to an image until it is the card of a kiosk; every step can be asked again."""

from __future__ import annotations

import hashlib
import lzma
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.partitions import add_data, check_whole, lengthen_root, read_table
from deploy.raspberrypi.cards.tools import Ext4, Fat, run, taken_out
from deploy.raspberrypi.installing.finishing import starting_without
from shared.errors import DeviceError

DATA: Final = 2 << 30
"""Bytes for the kiosk's data: three versions of the program, the outbox and its copy have a
quarter of them. What is left of the card is used by nobody: worn cells have somewhere to go."""

ROOT_ROOM: Final = 1 << 30
"""Bytes more for the system: graphics drivers and fonts take a third of them."""

_CHUNK: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """The stock image, of which the checksum is known, as a file of its own."""

    image: Path
    sha256: str
    card: Path
    name: str = "a copy of the image"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The copy, where it is not there, or of another image."""
        note = self._note.read_text().strip() if self._note.exists() else ""
        return [] if self.card.exists() and note == self.sha256 else [self.card.name]

    def do(self) -> None:
        """Copy, sum and unpack in one go; the file has its name only once it is whole."""
        fresh = self.card.with_name(f"{self.card.name}.partial")
        self.card.parent.mkdir(parents=True, exist_ok=True)
        self._note.unlink(missing_ok=True)
        digest = hashlib.sha256()
        with self.image.open("rb") as reading:
            while chunk := reading.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != self.sha256:
            raise DeviceError(
                f"{self.image.name} is damaged: its SHA-256 is {digest.hexdigest()}",
                hint=f"It should be {self.sha256}. Download the image again.",
                code="checksum",
            )
        packed = self.image.suffix == ".xz"
        with (lzma.open if packed else open)(self.image, "rb") as reading, fresh.open("wb") as out:
            shutil.copyfileobj(reading, out, _CHUNK)
        check_whole(fresh)
        fresh.replace(self.card)
        self._note.write_text(self.sha256)

    @property
    def _note(self) -> Path:
        return self.card.with_name(f"{self.card.name}.made-of")


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A larger system, and behind it a partition for the kiosk's data."""

    card: Path
    room: int
    data: int
    name: str = "a partition for the kiosk's data"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The partition, where it is not there, or holds nothing yet."""
        found = read_table(self.card).data if self.card.exists() else None
        return [] if found and Ext4(self.card, found).has("/semblante") else ["/data"]

    def do(self) -> None:
        """Lengthen the system, add the partition, and make its file system."""
        table = read_table(self.card)
        root = lengthen_root(self.card, table, table.root.size + self.room)
        with taken_out(self.card, root) as alone:
            run(
                ("e2fsck", "-f", "-y", str(alone)), may_fail=True
            )  # 1 says “mended”, resize2fs the rest
            run(("resize2fs", str(alone)))
        data = add_data(self.card, read_table(self.card), self.data)
        options = f"offset={data.start},nodiscard"
        words = ("mke2fs", "-q", "-F", "-t", "ext4", "-L", "semblante-data", "-E", options)
        run((*words, str(self.card), f"{data.size // 1024}K"))
        run(("debugfs", "-w", "-R", 'mkdir "/semblante"', f"{self.card}?offset={data.start}"))


@dataclass(frozen=True, slots=True)
class BootFiles:
    """What lies on the partition that the firmware reads."""

    card: Path
    files: Mapping[str, bytes]
    name: str = "files on the boot partition"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that differ."""
        if not self.card.exists():
            return list(self.files)
        fat = self._fat()
        return [path for path, wanted in self._wanted(fat).items() if fat.read(path) != wanted]

    def do(self) -> None:
        """Write those, and see that they are there."""
        fat = self._fat()
        for path, wanted in self._wanted(fat).items():
            if fat.read(path) != wanted:
                fat.write(path, wanted)
        if missing := self.lacks():
            raise DeviceError(
                f"{', '.join(missing)} could not be written", hint="Is the partition full?",
                code="image",
            )  # fmt: skip

    def _wanted(self, fat: Fat) -> dict[str, bytes]:
        return {
            **self.files,
            "cmdline.txt": kiosk_cmdline(fat.read("cmdline.txt").decode()).encode(),
            "config.txt": kiosk_config(fat.read("config.txt").decode()).encode(),
        }

    def _fat(self) -> Fat:
        return Fat(self.card, read_table(self.card).boot)


@dataclass(frozen=True, slots=True)
class RootFiles:
    """What lies in the system itself: the units of first boot, and the table of mounts."""

    card: Path
    files: Mapping[str, bytes]
    links: Mapping[str, str]
    name: str = "files in the system"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that differ."""
        if not self.card.exists():
            return list(self.files)
        root = self._root()
        wanted = self._wanted(root)
        differ = [path for path in wanted if root.read(path) != wanted[path]]
        return [*differ, *(path for path in self.links if not root.has(path))]

    def do(self) -> None:
        """Write them."""
        root = self._root()
        root.write(self._wanted(root), self.links)

    def _wanted(self, root: Ext4) -> dict[str, bytes]:
        disk = read_table(self.card).disk_id
        table = fstab_with_data(root.read("/etc/fstab").decode(), f"PARTUUID={disk}-03")
        return {**self.files, "/etc/fstab": table.encode()}

    def _root(self) -> Ext4:
        return Ext4(self.card, read_table(self.card).root)


_OTHERS_FIRST_BOOT: Final = re.compile(
    r"resize|init=\S*firstboot\S*|init=\S*init_resize\S*|systemd\.run\S*"
)
_OURS: Final = (
    "quiet",
    "loglevel=3",
    "logo.nologo",
    "vt.global_cursor_default=0",
    "consoleblank=0",
)


def kiosk_cmdline(line: str) -> str:
    """The kernel's words: nothing is written on the glass, and nobody else's first boot runs."""
    words = [word for word in line.split() if not _OTHERS_FIRST_BOOT.fullmatch(word)]
    words = [word for word in words if word != "console=tty1"]
    return " ".join([*words, *(word for word in _OURS if word not in words)]) + "\n"


_CONFIG: Final = """
# Semblante
[all]
disable_splash=1
dtparam=watchdog=on
dtoverlay=disable-bt
"""


def kiosk_config(text: str) -> str:
    """The firmware's settings: the watchdog is on, Bluetooth is off."""
    return text if _CONFIG in text else text + _CONFIG


def fstab_with_data(text: str, device: str) -> str:
    """The table of mounts with the kiosk's data: a card that fails is read from, not written to;
    and one of which the data cannot be read starts all the same, and says so on the glass.
    """
    line = starting_without(f"{device} /data ext4 defaults,noatime,errors=remount-ro 0 2")
    kept = [one for one in text.splitlines() if one.split()[1:2] != ["/data"]]
    return "".join(f"{one}\n" for one in [*kept, line])
