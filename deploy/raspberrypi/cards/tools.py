"""Files inside an image's partitions, by mtools (FAT) and debugfs (ext4): no mount, no root."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.partitions import Partition
from shared.errors import DeviceError

_CHUNK: Final = 4 << 20
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_NEEDED: Final = {"mcopy": "mtools", "mmd": "mtools", "mtype": "mtools", "debugfs": "e2fsprogs"}


def run(words: Sequence[str], said: bytes = b"", may_fail: bool = False) -> bytes:
    """What a program says; raises DeviceError with its last words."""
    env = {**os.environ, "PATH": _PATH, "LC_ALL": "C.UTF-8", "MTOOLS_SKIP_CHECK": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            words, input=said, env=env, capture_output=True, check=False
        )
    except FileNotFoundError as fault:
        package = _NEEDED.get(words[0], "e2fsprogs")
        raise DeviceError(
            f"{words[0]} is not installed", hint=f"sudo apt install {package}", code="tools"
        ) from fault
    if done.returncode and not may_fail:
        last = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-3:]
        raise DeviceError(f"{words[0]} failed: {' '.join(last)}", code="tools")
    return done.stdout


@contextmanager
def taken_out(image: Path, partition: Partition) -> Iterator[Path]:
    """A partition as a file of its own, put back afterwards: e2fsck and resize2fs want it so."""
    with tempfile.TemporaryDirectory(dir=image.parent) as folder:
        alone = Path(folder) / "partition"
        _copy_range(image, partition.start, alone, 0, partition.size)
        yield alone
        _copy_range(alone, 0, image, partition.start, partition.size)


def _copy_range(source: Path, first: int, target: Path, to: int, size: int) -> None:
    """What is the same already is not written: emptiness stays a hole in the file."""
    target.touch()
    with source.open("rb") as reading, target.open("r+b") as writing:
        writing.truncate(max(to + size, target.stat().st_size))
        reading.seek(first)
        for at in range(to, to + size, _CHUNK):
            chunk = reading.read(min(to + size - at, _CHUNK))
            writing.seek(at)
            if writing.read(len(chunk)) != chunk:
                writing.seek(at)
                writing.write(chunk)


@dataclass(frozen=True, slots=True)
class Fat:
    """The boot partition of an image."""

    image: Path
    partition: Partition

    def read(self, path: str) -> bytes:
        """A file; empty where there is none."""
        return run(("mtype", "-i", self._at, f"::{path}"), may_fail=True)

    def write(self, path: str, contents: bytes) -> None:
        """Put a file there, in the place of the one before."""
        parts = path.split("/")[:-1]
        for level in range(len(parts)):
            folder = "/".join(parts[: level + 1])
            run(("mmd", "-D", "s", "-i", self._at, f"::{folder}"), may_fail=True)
        with tempfile.NamedTemporaryFile() as file:
            file.write(contents)
            file.flush()
            try:
                run(("mcopy", "-D", "o", "-o", "-Q", "-i", self._at, file.name, f"::{path}"))
            except DeviceError as fault:
                if "full" not in str(fault):
                    raise
                size = f"{self.partition.size >> 20} MB"
                raise DeviceError(
                    f"{path} does not fit on the boot partition, which has {size}",
                    hint="Stock images of Raspberry Pi OS (Trixie) have 512 MB there: take one.",
                    code="image",
                ) from fault

    @property
    def _at(self) -> str:
        return f"{self.image}@@{self.partition.start}"


@dataclass(frozen=True, slots=True)
class Ext4:
    """A Linux partition of an image."""

    image: Path
    partition: Partition

    def read(self, path: str) -> bytes:
        """A file; empty where there is none."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "file"
            run(("debugfs", "-R", f'dump "{path}" "{out}"', self._at), may_fail=True)
            return out.read_bytes() if out.exists() else b""

    def has(self, path: str) -> bool:
        """Whether anything is there."""
        return b"Inode:" in run(("debugfs", "-R", f'stat "{path}"', self._at), may_fail=True)

    def names(self, folder: str) -> list[str]:
        """What lies in a folder, by name."""
        said = run(("debugfs", "-R", f'ls -p "{folder}"', self._at), may_fail=True)
        rows = (line.split("/") for line in said.decode(errors="replace").splitlines())
        return [row[5] for row in rows if len(row) > 5 and row[5] not in {"", ".", ".."}]

    def copy(self, path: str, into: Path) -> None:
        """A file, or a folder with all that is in it, out of the image."""
        run(("debugfs", "-R", f'rdump "{path}" "{into}"', self._at), may_fail=True)

    def write(self, files: Mapping[str, bytes], links: Mapping[str, str]) -> None:
        """Files of root's (0644) and links, with the folders above them; what was there goes."""
        with tempfile.TemporaryDirectory() as scratch:
            commands = []
            for number, (path, contents) in enumerate(files.items()):
                source = Path(scratch) / str(number)
                source.write_bytes(contents)
                folder_of, _, name = path.rpartition("/")
                commands += [*self._way_to(path), f'cd "{folder_of or "/"}"', f'rm "{name}"']
                commands += [f'write "{source}" "{name}"', 'cd "/"']
                for field in ("mode 0100644", "uid 0", "gid 0"):
                    commands.append(f'set_inode_field "{path}" {field}')
            for path, target in links.items():
                commands += [*self._way_to(path), f'rm "{path}"', f'symlink "{path}" "{target}"']
            script = "\n".join([*commands, ""]).encode()
            run(("debugfs", "-w", "-f", "/dev/stdin", self._at), said=script)
        missing = [path for path, contents in files.items() if self.read(path) != contents]
        missing += [path for path in links if not self.has(path)]
        if missing:
            raise DeviceError(
                f"{', '.join(missing)} could not be written into the image",
                hint="Is the image damaged, or full? Take a new copy of it.",
                code="image",
            )

    def _way_to(self, path: str) -> list[str]:
        parts = path.strip("/").split("/")[:-1]
        ways = ["/" + "/".join(parts[: n + 1]) for n in range(len(parts))]
        return [f'mkdir "{way}"' for way in ways if not self.has(way)]

    @property
    def _at(self) -> str:
        return f"{self.image}?offset={self.partition.start}"
