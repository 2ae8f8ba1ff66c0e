"""The machine that becomes a server or a kiosk: its files and programs, below a given root."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shared.errors import DeviceError

_QUIET: Final = {
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
}
"""Nobody is asked anything, and what is said can be searched for words."""

_LAST_WORDS = 12
"""Lines of a program that failed: apt tells the reason some lines before its last."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file as it should be: whole contents, rights and owner."""

    path: str
    contents: str
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True, slots=True)
class Machine:
    """Files are reached under `root`, programs are run in it (by chroot where it is not “/”)."""

    root: Path = Path("/")
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def systemd_runs(self) -> bool:
        """Whether services can be started here: not in a root of its own, nor in a container."""
        return self.root == Path("/") and Path("/run/systemd/system").is_dir()

    def at(self, path: str) -> Path:
        """Where a path of the machine lies for us."""
        return self.root / path.lstrip("/")

    def has(self, path: str) -> bool:
        """Whether anything is there, be it a link that leads nowhere from here."""
        return os.path.lexists(self.at(path))

    def read(self, path: str) -> str:
        """A file's text; empty where there is none."""
        try:
            return self.at(path).read_text()
        except (FileNotFoundError, NotADirectoryError):
            return ""

    def run(self, *words: str, user: str = "root", said: str = "") -> str:
        """Run a program to its end and return what it said; raises DeviceError."""
        done = self._run(words, user, said)
        if done.returncode:
            last = _last_words(done.stderr) or _last_words(done.stdout)
            raise DeviceError(
                "\n  ".join([f"{' '.join(words[:4])} … ended with {done.returncode}:", *last])
            )
        return done.stdout

    def succeeds(self, *words: str, user: str = "root") -> bool:
        """Whether a program is there and says yes."""
        return self._run(words, user, "").returncode == 0

    def _run(self, words: Sequence[str], user: str, said: str) -> subprocess.CompletedProcess[str]:
        inside = [] if self.root == Path("/") else ["chroot", str(self.root)]
        become = [] if user == "root" else ["runuser", "-u", user, "--"]
        command = [*inside, *become, *words]
        env = {**os.environ, **_QUIET, **self.env}
        try:
            return subprocess.run(  # noqa: S603 - words of our own
                command, input=said, env=env, cwd="/", capture_output=True, text=True, check=False
            )
        except FileNotFoundError as fault:
            return subprocess.CompletedProcess(command, 127, "", str(fault))

    def is_like(self, text: Text) -> bool:
        """Whether a file is just as it should be."""
        path = self.at(text.path)
        if not path.is_file() or path.read_text() != text.contents:
            return False
        state = path.stat()
        return (
            state.st_mode & 0o7777 == text.mode
            and state.st_uid == self.uid(text.owner)
            and state.st_gid == self.gid(text.group)
        )

    def write(self, text: Text) -> None:
        """Put a file in its place, whole and on disk: an interruption leaves the one before."""
        path = self.at(text.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with fresh.open("w") as writing:
            writing.write(text.contents)
            writing.flush()
            os.fsync(writing.fileno())
        self.own(fresh, text.owner, text.group)
        fresh.chmod(text.mode)
        fresh.replace(path)

    def own(self, path: Path, owner: str, group: str) -> None:
        """Give a file to a user of this machine."""
        os.chown(path, self.uid(owner) or 0, self.gid(group) or 0, follow_symlinks=False)

    def link(self, path: str, to: str) -> None:
        """Let a link lead somewhere else, at once: there is no moment without it."""
        fresh = self.at(f"{path}.new")
        fresh.parent.mkdir(parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(to)
        fresh.replace(self.at(path))

    def leads_to(self, path: str) -> str:
        """Where a link leads; empty where there is none."""
        try:
            return str(self.at(path).readlink())
        except OSError:
            return ""

    def remove(self, path: str) -> None:
        """Remove a file, a link, or a folder with all that is in it."""
        place = self.at(path)
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)

    def uid(self, user: str) -> int | None:
        """The number of a user of this machine; None where it has none of this name."""
        return self._number("/etc/passwd", user)

    def gid(self, group: str) -> int | None:
        """The number of a group of this machine."""
        return self._number("/etc/group", group)

    def _number(self, file: str, name: str) -> int | None:
        for line in self.read(file).splitlines():
            known, _, rest = line.partition(":")
            if known == name:
                return int(rest.split(":")[1])
        return None


def _last_words(said: str) -> list[str]:
    """Without warnings: pip repeats them until the reason is out of sight."""
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("WARN")]
    return lines[-_LAST_WORDS:]
