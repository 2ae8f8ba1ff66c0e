"""A machine elsewhere, as `remote` sees it: files in memory, and answers that a test gives."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploy.raspberrypi.remote.ssh import Said
from shared.errors import DeviceError

Answer = Callable[[tuple[str, ...]], Said]


@dataclass(slots=True)
class FakeRemote:
    """Understands the few programs by which files are put; `answers` knows the others."""

    files: dict[str, bytes] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    ends: int = 0
    follows: Callable[[tuple[str, ...]], None] = lambda _words: None
    reached: bool = True
    asked: list[tuple[str, ...]] = field(default_factory=list)
    name: str = "fake"

    def run(self, *words: str, said: bytes = b"", seconds: float = 60) -> Said:
        if not self.reached:
            raise DeviceError(f"{self.name} is not reached: no route", code="unreachable")
        self.asked.append(words)
        program = words[0].rpartition("/")[2]
        if program in self.answers:
            return self.answers[program](words)
        return self._looked(program, words[-1]) or self._changed(program, words, said)

    def _looked(self, program: str, path: str) -> Said | None:
        """What those say that only look."""
        if program == "id":
            return Said(0, "0\n")
        if program not in {"cat", "sha256sum", "stat", "test"}:
            return None
        raw = self.files.get(path)
        if raw is None:
            return Said(1, "", f"{program}: {path}: No such file or directory")
        told = {
            "cat": raw.decode(errors="replace"),
            "sha256sum": f"{hashlib.sha256(raw).hexdigest()}  {path}\n",
            "stat": f"{len(raw)}\n",
        }
        return Said(0, told.get(program, ""))

    def _changed(self, program: str, words: tuple[str, ...], said: bytes) -> Said:
        if program == "dd":
            to = words[1].removeprefix("of=")
            self.files[to] = self.files.get(to, b"") + said
        elif program == "mv":
            self.files[words[2]] = self.files.pop(words[1])
        elif program == "rm":
            self.files.pop(words[-1], None)
        elif program == "touch":
            self.files[words[1]] = b""
        return Said(0)

    def follow(self, say: Callable[[str], None], *words: str) -> int:
        self.asked.append(words)
        for line in self.lines:
            say(line)
        self.follows(words)
        return self.ends
